/**
 * A real PostgreSQL server for tests: the one that RELAY_TEST_POSTGRES names, or a temporary cluster of the programs that
 * Debian installs, made when it is first asked for and removed after the file's last test.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../relay-process.ts';

const DEBIAN = '/usr/lib/postgresql';
const START_MS = 20_000;

interface Owner {
  uid?: number;
  gid?: number;
}

/** The newest version's programs; null where there are none. */
function programs(): string | null {
  if (!existsSync(DEBIAN)) return null;
  const versions = readdirSync(DEBIAN).filter((name) => existsSync(join(DEBIAN, name, 'bin', 'initdb')));
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(DEBIAN, newest, 'bin');
}

/** PostgreSQL does not run as root: then it runs as the user that its package made. Null where there is none. */
function ownerOfCluster(): Owner | null {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (option: string): number => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Why there is no server here, or null when there is one. */
export function missingServer(): string | null {
  if (process.env.RELAY_TEST_POSTGRES) return null;
  if (programs() === null) return `RELAY_TEST_POSTGRES is not set, and there is no PostgreSQL in ${DEBIAN}`;
  return ownerOfCluster() ? null : 'PostgreSQL does not run as root, and there is no user "postgres"';
}

async function started(url: string, server: ChildProcess, output: () => string): Promise<void> {
  const { default: pg } = await import('pg');
  const end = performance.now() + START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > end || server.exitCode !== null) {
        throw new Error(`PostgreSQL did not start: ${output()}`, { cause: error });
      }
      await sleep(50);
    }
  }
}

/**
 * Runs the server until its input ends: also when this process is killed. What it has stored is not needed any more.
 * Arguments: the folder, the program and its arguments.
 */
const UNTIL_THE_END = `
folder=$1; shift
"$@" & server=$!
cat > /dev/null
kill -QUIT $server; wait $server
rm -rf "$folder"
`;

interface Cluster {
  url: string;
  stop(): Promise<void>;
}

/** A cluster of its own: not durable, since what is tested here is SQL. */
async function startCluster(bin: string, owner: Owner): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-postgres-'));
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const options = { ...owner, cwd: folder };
  const init = ['-D', data, '-U', 'relay', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), init, { ...options, stdio: 'pipe' });
  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  // Nodes of several tests at once, each with a pool of its own.
  settings.push('fsync=off', 'max_connections=400');
  const command = [join(bin, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const shell = spawn('sh', ['-c', UNTIL_THE_END, 'sh', folder, ...command], { ...options, stdio: 'pipe' });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  shell.stdout.on('data', keep);
  shell.stderr.on('data', keep);
  const ended = once(shell, 'exit');
  const url = `postgres://relay@127.0.0.1:${port}/postgres`;
  await started(url, shell, () => output);
  return {
    url,
    async stop() {
      shell.stdin.end();
      await ended;
    },
  };
}

let shared: Promise<Cluster> | null = null;

async function open(): Promise<Cluster> {
  const url = process.env.RELAY_TEST_POSTGRES;
  if (url) return { url, stop: () => Promise.resolve() };
  const [bin, owner] = [programs(), ownerOfCluster()];
  if (bin === null || owner === null) throw new Error(missingServer() ?? 'no server');
  return startCluster(bin, owner);
}

/** The address of the server. @throws Error where `missingServer` says that there is none. */
export async function serverUrl(): Promise<string> {
  shared ??= open();
  return (await shared).url;
}

/** Stops the server if this file has started one: after its last test. */
export async function stopServer(): Promise<void> {
  const running = await shared;
  shared = null;
  await running?.stop();
}
