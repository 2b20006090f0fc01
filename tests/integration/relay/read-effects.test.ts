/**
 * What a GET does to the messages that wait for its caller: which rows deliver, which read, and that every other one does
 * nothing. A row that the node serves must stand in the table.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeOf, ROUTE_NAMES, type RouteName } from '../../../contract/routes.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { upload, uploadsOf } from '../../helpers/relay-files.ts';
import { pair, say, statusOf } from '../../helpers/relay-scene.ts';

let extended: TestRelay;
let published: TestRelay;
let keysOnly: TestRelay;
beforeAll(async () => {
  [extended, published, keysOnly] = await Promise.all([
    startTestRelay(),
    startTestRelay({ capabilities: [] }),
    startTestRelay({ capabilities: ['cursors'] }),
  ]);
});
afterAll(() => Promise.all([extended, published, keysOnly].map((relay) => relay.close())));

interface Scene {
  anna: TestUser;
  boris: TestUser;
  chatId: string;
  /** Three messages that wait for Boris, oldest first. */
  sent: [string, string, string];
  /** Attached to the last of them; its bytes are JSON, as all other answers are. */
  fileId: string;
  /** An upload of Boris that has only begun. */
  uploadId: string;
}

async function scene(relay: TestRelay): Promise<Scene> {
  const { anna, boris, chatId } = await pair(relay);
  const sent: string[] = [];
  const { id: fileId } = await upload(anna, '{}', 'empty.json');
  for (const content of ['one', 'two']) sent.push((await say(anna, chatId, content)).id);
  sent.push((await say(anna, chatId, 'three', { attachments: [fileId] })).id);
  const { uploadId } = (await uploadsOf(boris).create(5)).body;
  const [one = '', two = '', three = ''] = sent;
  return { anna, boris, chatId, sent: [one, two, three], fileId, uploadId };
}

const statuses = ({ anna, sent }: Scene) => Promise.all(sent.map((id) => statusOf(anna, id)));

const NOTHING = ['sent', 'sent', 'sent'];
const DELIVERS = ['delivered', 'delivered', 'delivered'];
const READS = ['read', 'read', 'read'];

type Row = [name: RouteName, query: (scene: Scene) => Record<string, string | number>, effect: string[]];
const plain = () => ({});
const WITH_EXTENSIONS: Row[] = [
  ['chats', plain, DELIVERS],
  ['chats', () => ({ limit: 1 }), DELIVERS],
  ['chats', () => ({ cursor: '0_a' }), NOTHING],
  ['sync', () => ({ since: 0 }), DELIVERS],
  ['sync', () => ({ since: 1000 }), NOTHING],
  ['history', plain, READS],
  ['history', () => ({ limit: 1, offset: 1 }), ['read', 'read', 'sent']],
  ['history', () => ({ offset: 3 }), NOTHING],
  ['history', ({ sent }) => ({ before: sent[2] }), ['delivered', 'delivered', 'sent']],
  ['history', ({ sent }) => ({ before: sent[0] }), NOTHING],
  ['history', ({ sent }) => ({ after: sent[0] }), DELIVERS],
  ['history', ({ sent }) => ({ after: sent[0], limit: 1 }), ['delivered', 'delivered', 'sent']],
  ['history', ({ sent }) => ({ after: sent[2] }), NOTHING],
  ['message', plain, NOTHING],
  ['me', plain, NOTHING],
  ['user', plain, NOTHING],
  ['searchUsers', () => ({ q: 'anna' }), NOTHING],
  ['reactions', plain, NOTHING],
  ['capabilities', plain, NOTHING],
  ['download', plain, NOTHING],
  ['uploadOffset', plain, NOTHING],
  ['music', plain, NOTHING],
  ['calls', plain, NOTHING],
];

async function call(at: Scene, [name, query]: Row): Promise<number> {
  const ids: Partial<Record<RouteName, string>> = { download: at.fileId, uploadOffset: at.uploadId };
  const id = ids[name] ?? at.anna.user.id;
  const names: Record<string, string> = { chatId: at.chatId, messageId: at.sent[2], id };
  const path = routeOf(name).path.replace(/\{(\w+)\}/g, (_whole, key: string) => names[key] ?? '');
  return (await at.boris.api.get(path, query(at))).status;
}

describe('where everything is offered', () => {
  test.each(WITH_EXTENSIONS)('GET %s', async (...row) => {
    const at = await scene(extended);
    expect(await call(at, row)).toBe(200);
    expect(await statuses(at)).toEqual(row[2]);
  });

  test('every row is in the table', async () => {
    const document = await extended.api.get<{ paths: Record<string, unknown> }>('/docs');
    const served = ROUTE_NAMES.filter((name) => {
      const { method, access, path } = routeOf(name);
      return method === 'GET' && access !== 'admin' && `/api${path}` in document.body.paths;
    });
    expect(served.toSorted()).toEqual([...new Set(WITH_EXTENSIONS.map(([name]) => name))].toSorted());
  });

  test('what an administrator looks at is not read by it', async () => {
    const at = await scene(extended);
    for (const path of ['/admin/messages', '/admin/users', '/admin/stats', '/reactions/all']) {
      expect((await extended.admin.api.get(path)).status).toBe(200);
    }
    expect(await statuses(at)).toEqual(NOTHING);
  });
});

test.each<Row>([
  ['history', ({ sent }) => ({ after: sent[0] }), READS],
  ['history', ({ sent }) => ({ before: sent[2] }), ['read', 'read', 'sent']],
  ['history', plain, READS],
])('with cursors and without message-read a fetch is the one way to read: GET %s', async (...row) => {
  const at = await scene(keysOnly);
  expect(await call(at, row)).toBe(200);
  expect(await statuses(at)).toEqual(row[2]);
});

test.each<Row>([
  ['history', ({ sent }) => ({ before: sent[0] }), READS],
  ['chats', () => ({ limit: 1 }), DELIVERS],
  ['message', plain, NOTHING],
])('as it is published, what is no published parameter changes nothing: GET %s', async (...row) => {
  const at = await scene(published);
  expect(await call(at, row)).toBe(200);
  expect(await statuses(at)).toEqual(row[2]);
});
