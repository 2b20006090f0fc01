/** The whole node on PostgreSQL: inside of this process, and on a server where there is one. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../../contract/api/message.ts';
import type { SyncAnswer } from '../../../contract/routes.ts';
import type { RelayOptions } from '../../../relay/options.ts';
import { connectPostgres } from '../../../relay/repositories/postgres/connection.ts';
import { storageOn } from '../../../relay/storage/postgres.ts';
import { connectToPglite, newSchemaUrl } from '../../helpers/postgres/schemas.ts';
import { missingServer, stopServer } from '../../helpers/postgres/server.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { sendThroughKills } from '../../helpers/relay-kills.ts';
import { spawnRelay } from '../../helpers/relay-process.ts';
import { download, upload, uploadsOf } from '../../helpers/relay-files.ts';
import { chatOf, history, pair, say, statusOf } from '../../helpers/relay-scene.ts';
import { signedIn } from '../../helpers/relay-socket.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const missing = missingServer();
if (missing !== null) console.info(`not tested on a PostgreSQL server: ${missing}`);

type Options = Pick<RelayOptions, 'openStorage' | 'databaseUrl'>;
const DATABASES: { name: string; options: () => Promise<Options> }[] = [
  {
    name: 'PGlite',
    async options() {
      const db = await connectToPglite();
      return { openStorage: (retention, hooks) => storageOn(db, retention, hooks) };
    },
  },
];
if (missing === null) {
  DATABASES.push({ name: 'PostgreSQL', options: async () => ({ databaseUrl: await newSchemaUrl() }) });
}
afterAll(stopServer);

describe.each(DATABASES)('a node on $name', ({ options }) => {
  let relay: TestRelay;
  const lines: string[] = [];
  beforeEach(async () => {
    lines.length = 0;
    const logTo = { write: (line: string) => void lines.push(line) };
    relay = await startTestRelay({ ...(await options()), logLevel: 'warn', logTo });
  });
  afterEach(async () => {
    await relay.close();
    expect(lines, 'faults in the log').toEqual([]);
  });

  test('stores nothing of its users in the folder but their files', () => {
    expect(readdirSync(relay.dataDir).toSorted()).toEqual(['files', 'jwt-secret', 'lock.db']);
  });

  test('two people write, read, react, are found and counted', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const [onAnna, onBoris] = [
      await signedIn(relay.socketUrl, anna.token),
      await signedIn(relay.socketUrl, boris.token),
    ];
    onAnna.send({ type: 'message:send', data: { chatId, content: 'hello', clientId: 'k1' } });
    const { data: message } = await onBoris.next('message:new');
    expect(message).toMatchObject({ content: 'hello', senderId: anna.user.id });
    await expect.poll(() => statusOf(anna, message.id), { timeout: 5000 }).toBe('delivered');
    const answer = await say(boris, chatId, 'and you', { replyToId: message.id });
    expect(answer.replyTo).toMatchObject({ id: message.id, content: 'hello' });
    expect((await anna.api.post(`/messages/${answer.id}/reactions`, { emoji: '👍' })).status).toBe(201);
    const page = await history(boris, chatId, { limit: 10 });
    expect(page.messages.map(({ content, reactions }) => [content, reactions?.length])).toEqual([
      ['and you', 1],
      ['hello', 0],
    ]);
    expect(page.total).toBe(2);
    expect((await chatOf(anna, chatId)).unreadCount).toBe(1);
    expect((await chatOf(boris, chatId)).unreadCount).toBe(0);
    const found = await boris.api.get<{ users: { id: string }[] }>('/users/search', { q: anna.user.username });
    expect(found.body.users.map(({ id }) => id)).toEqual([anna.user.id]);
    const { body } = await relay.admin.api.get('/admin/stats');
    expect(body).toMatchObject({ users: 2, messages: 2, chats: 1, online: 2 });
    await onAnna.close();
    await onBoris.close();
  });

  test('what was missed is told by number, without gaps', async () => {
    const { anna, boris, chatId } = await pair(relay);
    await Promise.all(Array.from({ length: 30 }, (_, index) => say(anna, chatId, `m${index}`)));
    const { body } = await boris.api.get<SyncAnswer>('/sync', { since: 0 });
    const events = 'events' in body ? (body.events ?? []) : [];
    expect(events.map((event) => ('seq' in event ? event.seq : null))).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    const stored = await history(boris, chatId, { limit: 100 });
    const dates = stored.messages.map(({ createdAt }) => createdAt);
    expect(new Set(dates).size).toBe(30);
    const told = events.flatMap((event) => (event.type === 'message:new' ? [event.data.id] : []));
    expect(told, 'numbers are given in the order of the messages').toEqual(
      stored.messages.map(({ id }) => id).toReversed(),
    );
  });

  test('one key is one message, however often it comes at once', async () => {
    const { anna, chatId } = await pair(relay);
    const body = { chatId, content: 'once', clientId: 'key-1' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => anna.api.post<{ message: Message }>('/messages/send', body)),
    );
    expect(new Set(answers.map((answer) => answer.body.message.id)).size).toBe(1);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array<number>(9).fill(200), 201]);
    const other = await anna.api.post('/messages/send', { ...body, content: 'other' });
    expect(other.status).toBe(422);
  });

  test('a file in one piece and one in parts are attached, and read by those who may', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const whole = await upload(anna, 'whole', 'whole.txt');
    const uploads = uploadsOf(anna);
    const { uploadId } = (await uploads.create(6, 'parts.txt')).body;
    expect((await uploads.part(uploadId, 0, Buffer.from('par'))).body.offset).toBe(3);
    const { file } = (await uploads.part(uploadId, 3, Buffer.from('ts.'))).body;
    if (!file) throw new Error('the upload became no file');
    expect((await download(relay.url, boris, `/files/${file.id}`)).status).toBe(403);
    const sent = await say(anna, chatId, '', { attachments: [file.id, whole.id] });
    expect(sent.attachments).toEqual([file, whole]);
    expect((await download(relay.url, boris, `/files/${file.id}`)).bytes.toString()).toBe('parts.');
    expect((await history(boris, chatId)).messages[0]?.attachments).toEqual([file, whole]);
  });

  test('frames of one socket are stored in the order in which they came', async () => {
    const { anna, chatId } = await pair(relay);
    const socket = await signedIn(relay.socketUrl, anna.token);
    const words = Array.from({ length: 20 }, (_, index) => `w${index}`);
    // Some with a key and some without: those have less to look up.
    for (const [index, content] of words.entries()) {
      const clientId = index % 2 === 0 ? { clientId: `k-${content}` } : {};
      socket.send({ type: 'message:send', data: { chatId, content, ...clientId } });
    }
    await expect.poll(async () => (await history(anna, chatId)).total, { timeout: 15_000 }).toBe(20);
    const { messages } = await history(anna, chatId, { limit: 100 });
    expect(messages.map(({ content }) => content).toReversed()).toEqual(words);
    await socket.close();
  });
});

describe.skipIf(missing !== null)('nodes on one server', () => {
  const started: TestRelay[] = [];
  const start = async (databaseUrl: string, jwtSecret?: string): Promise<TestRelay> => {
    const relay = await startTestRelay({ databaseUrl, ...(jwtSecret === undefined ? {} : { jwtSecret }) });
    started.push(relay);
    return relay;
  };
  afterEach(async () => {
    for (const relay of started.splice(0)) await relay.close();
  });
  const epochOf = async (relay: TestRelay, token: string): Promise<string> => {
    const socket = await signedIn(relay.socketUrl, token);
    const [greeting] = socket.all('auth:success');
    await socket.close();
    return String(greeting?.data.epoch);
  };

  test('share people, messages, keys and the epoch', async () => {
    const url = await newSchemaUrl();
    const secret = 's'.repeat(32);
    const [one, two] = await Promise.all([start(url, secret), start(url, secret)]);
    const { anna, boris, chatId } = await pair(one);
    const there = {
      get: (path: string) => fetch(`${two.url}/api${path}`, { headers: { authorization: `Bearer ${boris.token}` } }),
    };
    await say(anna, chatId, 'hello');
    const answer = (await (await there.get(`/chats/${chatId}/messages`)).json()) as { messages: Message[] };
    expect(answer.messages.map(({ content }) => content)).toEqual(['hello']);
    const body = JSON.stringify({ chatId, content: 'once', clientId: 'key-1' });
    const headers = { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json' };
    const sent = await Promise.all(
      [one, two, one, two, one, two].map(async ({ url: node }) => {
        const response = await fetch(`${node}/api/messages/send`, { method: 'POST', headers, body });
        return ((await response.json()) as { message: Message }).message.id;
      }),
    );
    expect(new Set(sent).size).toBe(1);
    expect(await epochOf(one, anna.token)).toBe(await epochOf(two, anna.token));
  });

  test('killed again and again in the middle of sends: everything acknowledged is there, once, in order', async () => {
    const node = await spawnRelay({ env: { RELAY_DATABASE_URL: await newSchemaUrl() } });
    try {
      await sendThroughKills(node);
    } finally {
      await node.close();
    }
  }, 120_000);

  test('begin a new epoch when the tables were put back, and only then', async () => {
    const url = await newSchemaUrl();
    const secret = 's'.repeat(32);
    const first = await start(url, secret);
    const { anna } = await pair(first);
    const before = await epochOf(first, anna.token);
    await first.close();
    const second = await start(url, secret);
    expect(await epochOf(second, anna.token)).toBe(before);
    await second.close();
    const db = connectPostgres(url, () => undefined);
    // As a restore of the data does it: emptied, then filled with what was saved.
    await db.transaction().execute(async (tx) => {
      const rows = await tx.selectFrom('meta').selectAll().execute();
      await sql`truncate meta`.execute(tx);
      await tx.insertInto('meta').values(rows).execute();
    });
    await db.destroy();
    const third = await start(url, secret);
    const after = await epochOf(third, anna.token);
    expect(after).not.toBe(before);
    await third.close();
    expect(await epochOf(await start(url, secret), anna.token)).toBe(after);
  });
});

describe('a start that cannot be is one clear line, and exit 1', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'relay-pg-start-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(databaseUrl: string): Promise<{ code: number | string | null; stderr: string }> {
    const env = { ...process.env, RELAY_LOG: 'silent', RELAY_PORT: '0', RELAY_DATA_DIR: folder };
    return new Promise((done) => {
      const options = { cwd: ROOT, env: { ...env, RELAY_DATABASE_URL: databaseUrl }, timeout: 30_000 };
      execFile(process.execPath, ['relay/server.ts'], options, (error, _stdout, stderr) =>
        done({ code: error ? (error.code ?? null) : 0, stderr }),
      );
    });
  }

  test('nobody listens at the address', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    server.close();
    await once(server, 'close');
    const { code, stderr } = await run(`postgres://relay:very-secret@127.0.0.1:${port}/relay`);
    expect(stderr).toBe(
      `relay: the database at 127.0.0.1:${port}/relay cannot be used: connect ECONNREFUSED 127.0.0.1:${port}\n`,
    );
    expect(code).toBe(1);
  });

  test('somebody listens who does not speak to us', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, stderr } = await run(`postgres://relay:very-secret@127.0.0.1:${port}/relay`);
    server.close();
    expect(stderr).toMatch(/^relay: the database at 127\.0\.0\.1:\d+\/relay cannot be used: [^\n]*timeout[^\n]*\n$/);
    expect(stderr).not.toContain('secret');
    expect(code).toBe(1);
  });

  test('the address is none', async () => {
    for (const url of ['mysql://localhost/relay', 'localhost', 'postgres://localhost']) {
      const { code, stderr } = await run(url);
      expect(stderr).toBe('relay: RELAY_DATABASE_URL must be postgres://user:password@host:port/database\n');
      expect(code).toBe(1);
    }
  });
});
