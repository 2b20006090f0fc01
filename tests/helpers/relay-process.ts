/** The relay as a real process, for tests that kill it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { databaseVariables, dropDatabase } from './postgres/relay-databases.ts';

export interface SpawnOptions {
  /** Made under the system's temporary folder, and removed at the end, when it is not given. */
  dataDir?: string;
  /** A free one, kept over restarts, when it is not given. */
  port?: number;
  /** The limits as they are delivered, and not the wide ones of tests. */
  ownLimits?: boolean;
  /** The checkout whose relay it is; this one when it is not given. */
  root?: string;
  /** Further variables, such as RELAY_FRAMES_PER_SECOND. */
  env?: Record<string, string>;
}

export interface SpawnedRelay {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly adminPassword: string;
  readonly pid: number | undefined;
  /** Ends the process at once (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends the process as a person would (SIGTERM); answers its exit code. */
  stop(): Promise<number | null>;
  /** Starts again on the same port and data, after `kill` or `stop`; resolves when it is ready. */
  restart(): Promise<void>;
  /** What the process has written so far, both streams. */
  output(): string;
  /** Kills the process and removes the folder that was made for it. */
  close(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const READY_MS = 60_000;

/** Tests send and ask faster than people do; what the limits do is tested where they are set. */
const WIDE_LIMITS = {
  RELAY_SENDS_PER_SECOND: '100000',
  RELAY_SENDS_BURST: '100000',
  RELAY_SEND_KILOBYTES_PER_SECOND: '1000000',
  RELAY_SEND_KILOBYTES_BURST: '1000000',
  RELAY_REQUESTS_PER_SECOND: '100000',
  RELAY_REQUESTS_BURST: '100000',
  RELAY_ADDRESS_REQUESTS_PER_SECOND: '100000',
  RELAY_ADDRESS_REQUESTS_BURST: '100000',
};

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}

export async function spawnRelay(options: SpawnOptions = {}): Promise<SpawnedRelay> {
  const made = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'relay-process-')));
  const port = options.port ?? (await freePort());
  const adminPassword = 'correct horse admin';
  const hasDatabase = options.env?.RELAY_DATABASE_URL !== undefined;
  const database = hasDatabase ? {} : await databaseVariables(dataDir);
  let child: ChildProcess | null = null;
  let output = '';

  function start(): Promise<void> {
    const { promise, resolve: ready, reject } = Promise.withResolvers<void>();
    const process_ = spawn(process.execPath, ['relay/server.ts'], {
      cwd: options.root ?? ROOT,
      env: {
        ...process.env,
        RELAY_HOST: '127.0.0.1',
        RELAY_PORT: String(port),
        RELAY_DATA_DIR: dataDir,
        RELAY_ADMIN_PASSWORD: adminPassword,
        RELAY_LOG: 'warn',
        ...database,
        ...(options.ownLimits ? {} : WIDE_LIMITS),
        // Kept over the runs: a restart costs half of it.
        NODE_COMPILE_CACHE: join(tmpdir(), 'relay-compile-cache'),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = process_;
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    process_.stdout?.on('data', keep);
    process_.stderr?.on('data', keep);
    const late = setTimeout(
      () => reject(new Error(`the relay is not ready after ${READY_MS} ms:\n${output}`)),
      READY_MS,
    );
    process_.on('message', (message) => {
      if (isReady(message)) ready();
    });
    process_.once('exit', (code) => reject(new Error(`the relay ended with ${code}:\n${output}`)));
    process_.once('error', reject);
    return promise.finally(() => clearTimeout(late));
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return running?.exitCode ?? null;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
    return running.exitCode;
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    dataDir,
    adminPassword,
    get pid() {
      return child?.pid;
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    async restart() {
      await end('SIGKILL');
      await start();
    },
    output: () => output,
    async close() {
      await end('SIGKILL');
      if (!made) return;
      if (!hasDatabase) await dropDatabase(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
