/** Starting and stopping as a real process: what a person at the terminal sees, and what survives. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCHEMA_VERSION } from '../../../relay/migrations/sqlite/index.ts';
import { adminLine, startRelay } from '../../../relay/server.ts';
import type { StartOptions } from '../../../relay/settings.ts';
import { StartError } from '../../../relay/start-error.ts';
import { databaseChoice } from '../../helpers/postgres/chosen.ts';
import { databaseFor } from '../../helpers/postgres/relay-databases.ts';
import { createRelayClient, PASSWORD, registerAt, spawnRelay } from '../../helpers/relay.ts';
import { sendThroughKills } from '../../helpers/relay-kills.ts';
import { chatBetween } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SLOW = 60_000;
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'relay-life-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program until it ends by itself. */
function run(env: Record<string, string>): Promise<{ code: number | string | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const options = { cwd: ROOT, env: { ...process.env, RELAY_LOG: 'silent', ...env }, timeout: 30_000 };
    execFile(process.execPath, ['relay/server.ts'], options, (error, stdout, stderr) => {
      done({ code: error ? (error.code ?? null) : 0, stdout, stderr });
    });
  });
}

/** What makes each of the wrong starts below right. */
const PLAIN = { host: '127.0.0.1', demo: false, adminPassword: PASSWORD, jwtSecret: 'x'.repeat(32) };

describe('a start that cannot be is one clear line and exit 1', () => {
  const dir = (name: string): string => join(folder, name);
  const made = (name: string, file: string, content: string): string => {
    const path = mkdtempSync(join(folder, name));
    writeFileSync(join(path, file), content);
    return path;
  };
  const newer = (): string => {
    const path = mkdtempSync(join(folder, 'newer-'));
    const database = new DatabaseSync(join(path, 'relay.db'));
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    return path;
  };
  const noDatabase = (): string => made('none-', 'relay.db', 'this is no database, and long enough'.repeat(200));

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['a variable that is wrong', () => ({ RELAY_PORT: 'http', RELAY_DATA_DIR: dir('a') }), /RELAY_PORT/],
    ['a folder that is a file', () => ({ RELAY_DATA_DIR: `${import.meta.filename}/x` }), /cannot be used/],
    ['no database', () => ({ RELAY_DATA_DIR: noDatabase(), RELAY_PORT: '0' }), /cannot be opened.*not a database/],
  ])(
    'at the terminal: %s',
    async (_what, env, word) => {
      const { code, stdout, stderr } = await run(env());
      expect(stderr).toMatch(/^relay: [^\n]+\n$/);
      expect(stderr).toMatch(word);
      expect([code, stdout]).toEqual([1, '']);
    },
    SLOW,
  );

  test.each<[string, () => Partial<StartOptions>, RegExp]>([
    ['a short secret', () => ({ jwtSecret: 'short' }), /RELAY_JWT_SECRET is too short/],
    ['a known password', () => ({ adminPassword: 'admin123' }), /known password/],
    ['a demonstration for the world', () => ({ demo: true, host: '0.0.0.0' }), /loopback/],
    ['a host of somebody else', () => ({ host: '203.0.113.7' }), /no address of this computer/],
    ['data of a newer relay', () => ({ dataDir: newer() }), /newer relay/],
    [
      'a secret file that holds none',
      () => ({ dataDir: made('secret-', 'jwt-secret', 'no') }),
      /does not hold a secret/,
    ],
  ])('from a program: %s', async (_what, change, word) => {
    const options = { host: '127.0.0.1', port: 0, dataDir: dir('b'), logLevel: 'silent' as const, ...change() };
    const start = startRelay(options);
    await expect(start).rejects.toThrow(StartError);
    await expect(start).rejects.toThrow(word);
    // Nothing is held: a start that is right can use the folder at once.
    if (options.dataDir === dir('b')) await (await startRelay({ ...options, ...PLAIN })).close();
  });

  test(
    'a port in use',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = other.address();
      const port = typeof address === 'object' && address ? String(address.port) : '';
      const { code, stderr } = await run({ RELAY_PORT: port, RELAY_DATA_DIR: join(folder, 'port') });
      other.close();
      expect(stderr).toBe(
        `relay: port ${port} is in use: stop the other program, or choose another one with RELAY_PORT\n`,
      );
      expect(code).toBe(1);
    },
    SLOW,
  );

  test(
    'a folder in use by another relay',
    async () => {
      const dataDir = join(folder, 'shared');
      const first = await startRelay({
        host: '127.0.0.1',
        port: 0,
        dataDir,
        logLevel: 'silent',
        adminPassword: PASSWORD,
      });
      const { code, stderr } = await run({ RELAY_PORT: '0', RELAY_DATA_DIR: dataDir });
      expect([code, stderr]).toEqual([1, `relay: the data folder ${dataDir} is in use by another relay\n`]);
      await expect(startRelay({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent' })).rejects.toThrow('in use');
      await first.close();
      const second = await startRelay({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent' });
      await second.close();
    },
    SLOW,
  );
});

describe('the administrator’s password and the secret', () => {
  test('are made at first start, kept in files for the owner, named once; a given one replaces the old and its tokens', async () => {
    const dataDir = join(folder, 'admin');
    const start = { host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent', ...(await databaseFor(dataDir)) } as const;
    const login = async (url: string, password: string): Promise<number> =>
      (await createRelayClient(url).post('/admin/login', { username: 'admin', password })).status;
    const first = await startRelay(start);
    const file = join(dataDir, 'admin-password');
    expect(first.adminPasswordFile).toBe(file);
    const made = readFileSync(file, 'utf8').trim();
    expect(made.length).toBeGreaterThanOrEqual(16);
    const answer = await createRelayClient(first.url).post<{ token: string }>('/admin/login', {
      username: 'admin',
      password: made,
    });
    await first.close();
    if (process.platform !== 'win32') {
      const mode = (name: string): number => statSync(join(dataDir, name)).mode & 0o777;
      const database = databaseChoice() === 'sqlite' ? ['relay.db', 'epoch.json'] : [];
      expect(mode('.')).toBe(0o700);
      for (const name of ['jwt-secret', 'admin-password', ...database])
        expect([name, mode(name)]).toEqual([name, 0o600]);
    }
    const second = await startRelay(start);
    expect(second.adminPasswordFile).toBeUndefined();
    expect(await login(second.url, made)).toBe(200);
    const old = createRelayClient(second.url, answer.body.token);
    expect((await old.get('/admin/stats')).status, 'the token outlives a restart').toBe(200);
    await second.close();
    await (await startRelay({ ...start, adminPassword: made })).close();
    expect(readFileSync(file, 'utf8').trim(), 'it still says the truth').toBe(made);
    const third = await startRelay({ ...start, adminPassword: 'a new word' });
    expect(third.adminPasswordFile).toBeUndefined();
    expect(existsSync(file), 'a password that is none any more').toBe(false);
    expect([await login(third.url, 'a new word'), await login(third.url, made)]).toEqual([200, 401]);
    expect((await createRelayClient(third.url, answer.body.token).get('/admin/stats')).status).toBe(401);
    await third.close();
  });

  test(
    'a made password stands in its file and on no terminal: the first start names the file, the next says nothing',
    async () => {
      const node = await spawnRelay({ env: { RELAY_ADMIN_PASSWORD: '', RELAY_LOG: 'trace' } });
      try {
        const file = join(node.dataDir, 'admin-password');
        const password = readFileSync(file, 'utf8').trim();
        await expect.poll(() => node.output()).toContain(adminLine(file));
        await node.stop();
        const before = node.output().length;
        await node.restart();
        await expect.poll(() => node.output().slice(before)).toContain('Relay node ready');
        expect(node.output().slice(before)).not.toContain('admin-password');
        expect(node.output()).not.toContain(password);
      } finally {
        await node.close();
      }
    },
    SLOW,
  );

  test('the known pair of a demonstration does not stay when the demonstration ends', async () => {
    const dataDir = join(folder, 'demo');
    const start = { host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent', ...(await databaseFor(dataDir)) } as const;
    const known = { username: 'admin', password: 'admin123' };
    await expect(startRelay({ ...start, adminPassword: known.password })).rejects.toThrow('known password');
    const demo = await startRelay({ ...start, demo: true, adminPassword: known.password });
    expect((await createRelayClient(demo.url).post('/admin/login', known)).status).toBe(200);
    await demo.close();
    const real = await startRelay(start);
    expect(real.adminPasswordFile).toBe(join(dataDir, 'admin-password'));
    expect((await createRelayClient(real.url).post('/admin/login', known)).status).toBe(401);
    await real.close();
  });
});

describe('stopping', () => {
  test(
    'SIGTERM: work under way is finished, new work is told to come back, sockets get 1012, exit 0',
    async () => {
      const node = await spawnRelay({ env: { RELAY_LOG: 'info' } });
      const anna = await registerAt(node.url, 'anna');
      const socket = await signedIn(`${node.url.replace('http', 'ws')}/ws`, anna.token);
      const body = { username: 'anna', password: PASSWORD };
      const login = createRelayClient(node.url).post('/auth/login', body);
      const closed = socket.closed();
      // The log-in has been sent and is being hashed when the signal comes.
      await anna.api.get('/auth/me');
      const stopped = node.stop();
      const statuses = new Set<number>();
      for (let ended = false; !ended;) {
        const answer = await anna.api.get('/auth/me').catch(() => null);
        if (answer) statuses.add(answer.status);
        if (answer?.status === 503) {
          expect(answer.headers.get('retry-after')).toBe('1');
          expect(answer.body).toMatchObject({ error: { code: 'server_closing' } });
        }
        ended = answer === null || answer.status === 503;
      }
      expect((await login).status).toBe(200);
      expect(await closed).toEqual({ code: 1012, reason: 'the server restarts' });
      expect(await stopped).toBe(0);
      expect([...statuses].every((status) => status === 200 || status === 503)).toBe(true);
      expect(node.output()).toContain('Relay node ready at');
      await node.restart();
      expect((await anna.api.get('/auth/me')).status).toBe(200);
      await node.close();
    },
    SLOW,
  );

  test('new work is refused with 503 while the old ends, and a request that never ends does not hold the stop up', async () => {
    const dataDir = join(folder, 'stuck');
    const limits = { stopMs: 1000, requestMs: 60_000 };
    const database = await databaseFor(dataDir);
    const node = await startRelay({ host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent', limits, ...database });
    const stuck = connect(node.port, '127.0.0.1');
    const head = [
      'POST /api/auth/login HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      'Content-Length: 100',
    ];
    stuck.write([...head, 'Expect: 100-continue', '', ''].join('\r\n'));
    // The node has seen the request when it asks for the body; what it gets is a beginning.
    await once(stuck, 'data');
    stuck.write('{"username":');
    const cut = once(stuck, 'close');
    stuck.on('error', () => stuck.destroy());
    const start = performance.now();
    const closing = node.close();
    const refused = await createRelayClient(node.url).get('/capabilities');
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toMatchObject([
      503,
      '1',
      { error: { code: 'server_closing' } },
    ]);
    await expect(openSocket(`${node.url.replace('http', 'ws')}/ws`)).rejects.toThrow('503');
    await closing;
    expect(performance.now() - start).toBeLessThan(5000);
    await cut;
  });
});

test('the log has no token, no password and no words of people', async () => {
  const lines: string[] = [];
  const dataDir = join(folder, 'log');
  const node = await startRelay({
    host: '127.0.0.1',
    port: 0,
    dataDir,
    logLevel: 'trace',
    logTo: { write: (line) => void lines.push(line) },
    adminPassword: 'very secret word',
    ...(await databaseFor(dataDir)),
  });
  const anna = await registerAt(node.url, 'anna');
  const boris = await registerAt(node.url, 'boris');
  const chatId = await chatBetween(anna, boris);
  const socket = await signedIn(`${node.url.replace('http', 'ws')}/ws`, anna.token);
  socket.send({ type: 'message:send', data: { chatId, content: 'words of love', clientId: 'k1' } });
  await socket.next('message:new');
  await anna.api.get('/users/search', { q: 'somebody particular' });
  await anna.api.get(`/chats/${chatId}/messages?token=${anna.token}`);
  await createRelayClient(node.url).request('GET', `/no-such-place?token=${anna.token}`);
  await createRelayClient(node.url).post('/auth/login', { username: 'anna', password: 'wrong secret' });
  await socket.close();
  await node.close();
  const log = lines.join('');
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  const secrets = [
    anna.token,
    anna.token.slice(-20),
    PASSWORD,
    'wrong secret',
    'very secret',
    'words of love',
    'particular',
  ];
  secrets.push(readFileSync(join(dataDir, 'jwt-secret'), 'utf8'));
  for (const secret of secrets) expect(log).not.toContain(secret);
});

test('killed again and again in the middle of sends: everything acknowledged is there, once, in order', async () => {
  const node = await spawnRelay();
  await sendThroughKills(node);
  if (databaseChoice() !== 'sqlite') return node.close();
  const database = new DatabaseSync(join(node.dataDir, 'relay.db'));
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
  await node.close();
}, 120_000);
