/** A real TURN server on the loopback interface, where the computer has coturn. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TurnServer {
  readonly port: number;
  /** What it has written so far. */
  output(): string;
  close(): Promise<void>;
}

const START_MS = 10_000;

/** True where `turnserver` can be run. */
export function hasTurnServer(): boolean {
  return spawnSync('turnserver', ['--version'], { stdio: 'ignore', timeout: START_MS }).error === undefined;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** Starts it with credentials by a shared secret; its ports are its own. */
export async function startTurnServer(secret: string): Promise<TurnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-turn-'));
  const port = await freePort();
  const child = spawn(
    'turnserver',
    [
      ...[
        '-n',
        '--log-file=stdout',
        '-v',
        '--fingerprint',
        '--no-cli',
        '--no-tls',
        '--no-dtls',
        '--no-multicast-peers',
      ],
      ...['-L', '127.0.0.1', '-E', '127.0.0.1', '-p', String(port), '--allow-loopback-peers'],
      ...['--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=relay.test'],
      ...[`--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'users')}`],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder },
  );
  let text = '';
  const keep = (chunk: Buffer): void => void (text += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const server: TurnServer = {
    port,
    output: () => text,
    async close() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  const end = performance.now() + START_MS;
  while (!(await answers(port))) {
    if (performance.now() > end || child.exitCode !== null) {
      await server.close();
      throw new Error(`coturn did not start:\n${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return server;
}
