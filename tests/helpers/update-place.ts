/** A place that updates come from, on this computer: real feed files over real HTTP, and the moods of a hostile one. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { App } from 'electron';
import { createUpdater } from '../../electron/main/platform/updater.ts';
import type { UpdateOutcome, UpdateSource } from '../../electron/main/services/ports.ts';
import { ownFolder, recordingLogger } from './main-parts.ts';

/** How a request is answered. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface UpdatePlace {
  /** Files by path; a function answers by itself. */
  files: Map<string, string | Buffer | Handler>;
  /** What was asked for, without the queries. */
  asked: { path: string; headers: IncomingMessage['headers'] }[];
  url: string;
  close(): Promise<void>;
}

export async function updatePlace(): Promise<UpdatePlace> {
  const files: UpdatePlace['files'] = new Map();
  const asked: UpdatePlace['asked'] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    asked.push({ path, headers: request.headers });
    const answer = files.get(path);
    if (typeof answer === 'function') answer(request, response);
    else if (answer === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': Buffer.byteLength(answer) }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    files,
    asked,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const sha512 = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('base64');

/** Puts a version there as electron-builder publishes it; `more` is added to its feed. */
export function publish(place: UpdatePlace, version: string, more: { sha512?: string; lines?: string[] } = {}): Buffer {
  const bytes = randomBytes(300_000);
  const name = `Relay-${version}-linux-x64.AppImage`;
  const sum = more.sha512 ?? sha512(bytes);
  place.files.set(`/${name}`, bytes);
  const lines = [
    `version: ${version}`,
    'files:',
    `  - url: ${name}`,
    `    sha512: ${sum}`,
    `    size: ${String(bytes.length)}`,
    `path: ${name}`,
    `sha512: ${sum}`,
    "releaseDate: '2026-01-01T00:00:00.000Z'",
    ...(more.lines ?? []),
  ];
  place.files.set(feedPath(), `${lines.join('\n')}\n`);
  return bytes;
}

/** The feed's name for this processor, as the library makes it. */
export const feedPath = (): string => `/latest-linux${process.arch === 'x64' ? '' : `-${process.arch}`}.yml`;

export interface InstalledRelay {
  source: UpdateSource;
  /** The AppImage that runs. */
  program: string;
  folder: string;
  logger: ReturnType<typeof recordingLogger>;
  /** What the program was told, in order. */
  did: string[];
  check(): Promise<UpdateOutcome<{ feed: unknown; offered: boolean }>>;
  remove(): Promise<void>;
}

/**
 * An AppImage of a version that gets its updates from a place, on the shipped code. Sets `APPIMAGE` until `remove`.
 * @param create the updater, such as one from a bundle.
 */
export async function installedRelay(
  version: string,
  appUpdateYml: string,
  create: typeof createUpdater = createUpdater,
): Promise<InstalledRelay> {
  const own = await ownFolder();
  const resources = join(own.folder, 'resources');
  mkdirSync(resources);
  writeFileSync(join(resources, 'app-update.yml'), appUpdateYml);
  // A name without a version, as a user gives it.
  const program = join(own.folder, 'Relay.AppImage');
  writeFileSync(program, 'the old program', { mode: 0o755 });
  const before = process.env['APPIMAGE'];
  process.env['APPIMAGE'] = program;
  const did: string[] = [];
  const logger = recordingLogger();
  const app = {
    isPackaged: true,
    getVersion: () => version,
    getName: () => 'Relay',
    getPath: () => own.folder,
    whenReady: async () => undefined,
    quit: () => void did.push('quit'),
    releaseSingleInstanceLock: () => void did.push('release'),
    on: () => undefined,
  } as unknown as App;
  const source = create({
    ...{ app, platform: 'linux', env: process.env, resources, logger, silenceMs: 300 },
    leaving: () => void did.push('leaving'),
    cache: join(own.folder, 'cache'),
  });
  return {
    source,
    program,
    folder: own.folder,
    logger,
    did,
    check: () => source.check(new AbortController().signal),
    async remove() {
      if (before === undefined) delete process.env['APPIMAGE'];
      else process.env['APPIMAGE'] = before;
      await own.remove();
    },
  };
}
