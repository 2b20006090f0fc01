/**
 * A real relay for tests: in this process (`startTestRelay`), or as a process of its own that can be killed and started
 * again on the same port and data (`spawnRelay`, in relay-process.ts). Both live on the database that RELAY_TEST_DATABASE
 * names: SQLite when it is not set.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { User } from '../../contract/api/user.ts';
import type { RelayOptions } from '../../relay/options.ts';
import { startRelay } from '../../relay/server.ts';
import { databaseFor, dropDatabase } from './postgres/relay-databases.ts';
import { createRelayClient, type RelayClient } from './relay-client.ts';

export { spawnRelay, type SpawnedRelay } from './relay-process.ts';
export { createRelayClient, type RelayClient } from './relay-client.ts';

/** Cheap hashes: tests register many people, and what a hash costs is a unit test's matter. */
const TEST_COST = { memoryKiB: 64, passes: 1, scryptLogN: 4 };

/** Tests send and ask faster than people do; what the limits do is tested where they are set. */
const TEST_LIMITS = {
  sendsPerSecond: 100_000,
  sendsBurst: 100_000,
  sendBytesPerSecond: 2 ** 30,
  sendBytesBurst: 2 ** 30,
  requestsPerSecond: 100_000,
  requestsBurst: 100_000,
  addressRequestsPerSecond: 100_000,
  addressRequestsBurst: 100_000,
  callsPerMinute: 100_000,
};

const ADMIN_PASSWORD = 'correct horse admin';
export const PASSWORD = 'correct horse';

/** Somebody who was registered, with a client that carries their token. */
export interface TestUser {
  user: User;
  token: string;
  password: string;
  api: RelayClient;
}

export interface TestRelay {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  port: number;
  /** `ws://127.0.0.1:PORT/ws`. */
  socketUrl: string;
  dataDir: string;
  /** Nobody's client. */
  api: RelayClient;
  /** The administrator: the token opens the admin's rows. */
  admin: { username: string; password: string; token: string; api: RelayClient };
  /** Registers a person; every field but the username has a value. */
  register(username: string, fields?: Record<string, unknown>): Promise<TestUser>;
  /** Ends the node and, when it made it, removes its folder. */
  close(): Promise<void>;
}

/** Registers somebody at any relay. */
export async function registerAt(
  url: string,
  username: string,
  fields: Record<string, unknown> = {},
): Promise<TestUser> {
  const body = { username, firstName: username, lastName: 'Test', age: 30, password: PASSWORD, ...fields };
  const answer = await createRelayClient(url).post<{ user: User; token: string }>('/auth/register', body);
  if (answer.status !== 201)
    throw new Error(`registering ${username}: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { user, token } = answer.body;
  return { user, token, password: String(body.password), api: createRelayClient(url, token) };
}

/**
 * Starts a node in this process on a free port of the loopback interface, with a folder of its own, cheap password
 * hashes and no log.
 */
export async function startTestRelay(options: Partial<RelayOptions> & { port?: number } = {}): Promise<TestRelay> {
  const { port = 0, ...rest } = options;
  const made = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'relay-test-')));
  const hasDatabase = options.databaseUrl !== undefined || options.openStorage !== undefined;
  const relay = await startRelay({
    ...(hasDatabase ? {} : await databaseFor(dataDir)),
    host: '127.0.0.1',
    port,
    logLevel: 'silent',
    passwordCost: TEST_COST,
    adminPassword: ADMIN_PASSWORD,
    ...rest,
    limits: { ...TEST_LIMITS, ...rest.limits },
    dataDir,
  });
  const api = createRelayClient(relay.url);
  const credentials = { username: 'admin', password: options.adminPassword ?? ADMIN_PASSWORD };
  const login = await api.post<{ token: string }>('/admin/login', credentials);
  if (login.status !== 200) throw new Error(`the administrator could not sign in: ${login.status}`);
  const { token } = login.body;
  return {
    url: relay.url,
    port: relay.port,
    socketUrl: `${relay.url.replace('http', 'ws')}/ws`,
    dataDir,
    api,
    admin: { ...credentials, token, api: createRelayClient(relay.url, token) },
    register: (username, fields) => registerAt(relay.url, username, fields),
    async close() {
      await relay.close();
      if (!made) return;
      if (!hasDatabase) await dropDatabase(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
