/** A real TURN server on the loopback interface, where the computer has coturn. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TurnServer {
  /** For UDP and TCP. */
  readonly port: number;
  /** For TLS; null without a certificate. */
  readonly tlsPort: number | null;
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

export interface TurnServerOptions {
  /** Its certificate and key in PEM; without them it speaks no TLS. */
  tls?: { cert: string; key: string };
}

/** Writes the certificate where coturn reads it; the words of its command line. */
async function tlsWords(folder: string, port: number, { cert, key }: { cert: string; key: string }): Promise<string[]> {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  await writeFile(files.cert, cert);
  await writeFile(files.key, key, { mode: 0o600 });
  return [`--tls-listening-port=${String(port)}`, `--cert=${files.cert}`, `--pkey=${files.key}`];
}

/** The address of a server by a way to it, as the relay node is told it. */
export function turnUrl(server: Pick<TurnServer, 'port' | 'tlsPort'>, way: 'udp' | 'tcp' | 'tls'): string {
  if (way !== 'tls') return `turn:127.0.0.1:${String(server.port)}?transport=${way}`;
  if (server.tlsPort === null) throw new Error('this TURN server has no certificate');
  return `turns:127.0.0.1:${String(server.tlsPort)}?transport=tcp`;
}

/** Starts it with credentials by a shared secret; its ports are its own. */
export async function startTurnServer(secret: string, { tls }: TurnServerOptions = {}): Promise<TurnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-turn-'));
  const port = await freePort();
  const tlsPort = tls ? await freePort() : null;
  const secure = tls && tlsPort !== null ? await tlsWords(folder, tlsPort, tls) : ['--no-tls'];
  const child = spawn(
    'turnserver',
    [
      ...['-n', '--log-file=stdout', '-v', '--fingerprint', '--no-cli', '--no-dtls', '--no-multicast-peers'],
      ...secure,
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
    tlsPort,
    output: () => text,
    async close() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  const end = performance.now() + START_MS;
  while (!(await answers(port)) || (tlsPort !== null && !(await answers(tlsPort)))) {
    if (performance.now() > end || child.exitCode !== null) {
      await server.close();
      throw new Error(`coturn did not start:\n${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return server;
}
