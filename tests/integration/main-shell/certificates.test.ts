/** A relay behind a private authority: refused before the system's store is trusted, reached after it, by REST and by socket. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { trustSystemCertificates } from '../../../electron/main/platform/certificates.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { createHttpClient } from '../../../electron/main/services/api/http-client.ts';
import { probeServer } from '../../../electron/main/services/api/probe.ts';
import { createRelayApi } from '../../../electron/main/services/api/relay-api.ts';
import { createRelaySocket } from '../../../electron/main/services/socket/relay-socket.ts';
import { makeAuthority, type Authority } from '../../helpers/certificates.ts';
import { ownFolder, recordingLogger, until } from '../../helpers/main-parts.ts';

const WELCOME = JSON.stringify({ type: 'auth:success', data: { userId: 'u1', username: 'ada', capabilities: [] } });
/** Node breaks the lines of one certificate in several ways. */
const plain = (pem: string): string => pem.replace(/\s/g, '');
const trusted = (): Set<string> => new Set(tls.getCACertificates('default').map(plain));
const atFirst = tls.getCACertificates('default');
const before = trusted();
const undo: (() => unknown)[] = [];
let ours: Authority;
let others: Authority;

beforeAll(() => {
  ours = makeAuthority('Company authority');
  others = makeAuthority('Company authority');
});
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
  tls.setDefaultCACertificates(atFirst);
});

/** A server of this API with a certificate of `authority`; answers its origin. */
async function secureServer(authority: Authority, forAddress = true): Promise<string> {
  const server = createServer(authority.issue(forAddress), (request, response) => {
    request.resume();
    const isUpload = request.method === 'POST';
    const json = isUpload
      ? { file: { id: 'f1', name: 'x', mimeType: 'text/plain', size: 1 } }
      : { server: 'relay', version: '1', capabilities: [] };
    request.on('end', () => {
      response.writeHead(isUpload ? 201 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(json));
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', () => socket.send(WELCOME)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(
    () =>
      new Promise<void>((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** What each way to the server comes to. */
async function waysTo(server: string): Promise<Record<string, string>> {
  const logger = recordingLogger();
  const http = createHttpClient({ clock: systemClock });
  const api = createRelayApi({ http, clock: systemClock, logger, server, token: 'token-of-the-test' });
  const socket = createRelaySocket({
    server,
    token: 'token-of-the-test',
    clock: systemClock,
    random: () => 0,
    logger,
    onTokenRefused: () => undefined,
  });
  const codeOf = (outcome: { ok: true } | { ok: false; error: { code: string } }): string =>
    outcome.ok ? 'reached' : outcome.error.code;
  try {
    socket.start();
    const source = {
      size: 1,
      async *open() {
        yield Buffer.from('x');
      },
    };
    const download = await api.download('download', { params: { id: 'f1' } });
    if (download.ok) download.value.cancel();
    const ways = {
      probe: codeOf(await probeServer(server, http, logger)),
      call: codeOf(await api.call('capabilities', {})),
      upload: codeOf(await api.upload('upload', {}, { name: 'x', mimeType: 'text/plain', source })),
      download: codeOf(download),
    };
    await until('the socket has tried', () => socket.state === 'open' || socket.reason !== null);
    return { ...ways, socket: socket.state === 'open' ? 'reached' : (socket.reason ?? '') };
  } finally {
    socket.stop();
    http.close();
  }
}

const every = (what: string): Record<string, string> => ({
  probe: what,
  call: what,
  upload: what,
  download: what,
  socket: what,
});

describe('a server with a certificate of a private authority', () => {
  it('is refused, is reached once the system’s store is trusted, and no other is', async () => {
    const server = await secureServer(ours);
    const stranger = await secureServer(others);
    expect(await waysTo(server)).toEqual(every('tls_failed'));
    const logger = recordingLogger();
    await trustSystemCertificates(logger, async () => [ours.certificate]);
    expect(logger.entries).toEqual([{ level: 'info', event: 'certificates.trusted', fields: { added: 1 } }]);
    expect(await waysTo(server)).toEqual(every('reached'));
    // Of the same name, and signed by somebody else.
    expect(await waysTo(stranger)).toEqual(every('tls_failed'));
    // What was trusted before is trusted still.
    expect(trusted()).toEqual(new Set([...before, plain(ours.certificate)]));
  });

  it('is refused where its certificate is for another name, whoever signed it', async () => {
    await trustSystemCertificates(recordingLogger(), async () => [ours.certificate]);
    const server = await secureServer(ours, false);
    expect(await waysTo(server)).toEqual(every('tls_failed'));
    expect(await waysTo(server.replace('127.0.0.1', 'localhost'))).toEqual(every('reached'));
  });
});

describe('a store that', () => {
  it.each<[string, () => Promise<string[]>]>([
    ['cannot be read', () => Promise.reject(new Error('no key chain'))],
    [
      'holds nonsense beside certificates',
      async () => [ours.certificate, '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n'],
    ],
  ])('%s is told to the log, and what was trusted stays so', async (_what, read) => {
    const logger = recordingLogger();
    await trustSystemCertificates(logger, read);
    expect(logger.of('certificates.not_trusted')).toHaveLength(1);
    expect(trusted()).toEqual(before);
  });

  it('has nothing new changes nothing', async () => {
    const logger = recordingLogger();
    await trustSystemCertificates(logger, async () => []);
    expect(logger.of('certificates.trusted')).toMatchObject([{ fields: { added: 0 } }]);
    expect(trusted()).toEqual(before);
  });
});

// There the store is files that the environment can name.
describe.runIf(process.platform === 'linux')('the system’s own store', () => {
  it('is read by a program that starts', async () => {
    const { folder, remove } = await ownFolder();
    undo.push(remove);
    await mkdir(join(folder, 'none'));
    const module = new URL('../../../electron/main/platform/certificates.ts', import.meta.url).href;
    // One that Node carries, too: it is trusted already.
    const bundled = tls.rootCertificates[0] ?? '';
    await writeFile(join(folder, 'system.pem'), `${bundled}\n${ours.certificate}`);
    const program = `
      import tls from 'node:tls';
      import { trustSystemCertificates } from ${JSON.stringify(module)};
      const lines = [];
      const log = (event, fields) => lines.push([event, fields]);
      await trustSystemCertificates({ debug: log, info: log, warn: log, error: log });
      console.log(JSON.stringify({ lines, trusted: tls.getCACertificates('default') }));`;
    // What a developer has told Node to trust is none of the system's.
    const environment = { ...process.env };
    delete environment['NODE_EXTRA_CA_CERTS'];
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...environment, SSL_CERT_FILE: join(folder, 'system.pem'), SSL_CERT_DIR: join(folder, 'none') },
      maxBuffer: 16 * 1024 * 1024,
    });
    const told = JSON.parse(stdout) as { lines: unknown; trusted: string[] };
    expect(told.lines).toEqual([['certificates.trusted', { added: 1 }]]);
    expect(new Set(told.trusted.map(plain))).toEqual(new Set([...tls.rootCertificates, ours.certificate].map(plain)));
  });
});
