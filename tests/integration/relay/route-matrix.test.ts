/**
 * Every row of the route table against every role, generated: a row that is added without a line here fails. And the
 * OpenAPI document, which is made from the same rows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Call } from '../../../contract/api/call.ts';
import type { Reaction } from '../../../contract/api/message.ts';
import { routeOf, ROUTE_NAMES, type RouteName } from '../../../contract/routes.ts';
import { createRelayClient, startTestRelay, type RelayClient, type TestRelay } from '../../helpers/relay.ts';
import { mp3 } from '../../helpers/media-samples.ts';
import { download, upload, uploadsOf } from '../../helpers/relay-files.ts';
import { history, newcomer, pair, say } from '../../helpers/relay-scene.ts';

type Role = 'nobody' | 'stranger' | 'member' | 'admin';
const ROLES: readonly Role[] = ['nobody', 'stranger', 'member', 'admin'];

interface Case {
  path?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** In place of a JSON body. */
  form?: () => FormData;
  /** The next part of an upload, from its begin. */
  part?: string;
  /** The answer is bytes, not JSON. */
  bytes?: true;
  /** The status for each signed-in role; `nobody` follows from the row's access. */
  stranger: number;
  member: number;
  admin: number;
  /** For public rows. */
  nobody?: number;
}

let relay: TestRelay;
let clients: Record<Role, RelayClient>;
let tokens: Record<Role, { token: string } | null>;
let cases: Partial<Record<RouteName, Case>>;
let ownReaction: () => Promise<string>;
let member: Awaited<ReturnType<typeof pair>>;

beforeAll(async () => {
  relay = await startTestRelay({ ice: { stun: ['stun:stun.example.org:3478'] } });
  member = await pair(relay);
  const stranger = await newcomer(relay);
  clients = {
    nobody: relay.api,
    stranger: stranger.api,
    member: member.anna.api,
    admin: relay.admin.api,
  };
  tokens = { nobody: null, stranger, member: member.anna, admin: relay.admin };
  const { chatId, boris } = member;
  const message = await say(member.anna, chatId, 'private words');
  const messageId = message.id;
  ownReaction = async () => {
    const answer = await member.anna.api.post<{ reaction: Reaction }>(`/messages/${messageId}/reactions`, {
      emoji: '🎉',
    });
    return answer.body.reaction.id;
  };
  const everyone = (status: number): Case => ({ stranger: status, member: status, admin: status, nobody: status });
  const inside = (status: number): Case => ({ stranger: 403, member: status, admin: 403 });
  /** Nobody else learns that it is there. */
  const own = (status: number): Case => ({ stranger: 404, member: status, admin: 404 });
  const begun = async (): Promise<string> => (await uploadsOf(member.anna).create(13)).body.uploadId;
  const office: Case = { stranger: 403, member: 403, admin: 200 };
  const form = (): FormData => {
    const made = new FormData();
    made.append('file', new Blob(['of the matrix']), 'matrix.txt');
    return made;
  };
  const file = await upload(member.anna, 'private words', 'private.txt');
  const [song, listed] = [await upload(boris, mp3([206, 210])), await upload(member.anna, mp3([210, 206]))];
  await member.anna.api.post('/music/metadata', { fileId: listed.id });
  await say(member.anna, chatId, '', { attachments: [file.id] });
  // Only its uploader would publish it by asking what it is.
  await say(boris, chatId, '', { attachments: [song.id] });
  const { call: ringing } = (await boris.api.post<{ call: Call }>('/calls/initiate', { chatId, type: 'audio' })).body;
  const person = { username: 'taken', firstName: 'a', lastName: 'b', age: 30, password: 'secret1' };
  await relay.register('taken');
  cases = {
    register: { ...everyone(409), body: person },
    login: { ...everyone(401), body: { username: 'taken', password: 'wrong-one' } },
    adminLogin: { ...everyone(401), body: { username: 'nobody-here', password: 'wrong-one' } },
    capabilities: everyone(200),
    me: everyone(200),
    searchUsers: { ...everyone(200), query: { q: 'anna' } },
    updateProfile: { ...everyone(200), body: {} },
    user: { ...everyone(200), path: { id: boris.user.id } },
    chats: everyone(200),
    createChat: { ...everyone(201), member: 200, body: { userId: boris.user.id } },
    history: { ...inside(200), path: { chatId } },
    sendMessage: { ...inside(201), body: { chatId, content: 'from the matrix' } },
    message: { ...inside(200), path: { messageId } },
    react: { ...inside(201), path: { messageId }, body: { emoji: '👍' } },
    unreact: { ...inside(204), path: { messageId, reactionId: await ownReaction() } },
    upload: { ...everyone(201), form },
    music: everyone(200),
    extractMetadata: { ...inside(200), body: { fileId: song.id } },
    updateTrack: { stranger: 403, member: 200, admin: 200, path: { fileId: listed.id }, body: { genre: 'matrix' } },
    removeTrack: { stranger: 403, member: 204, admin: 404, path: { fileId: listed.id } },
    createUpload: { ...everyone(201), body: { name: 'matrix.txt', size: 13 } },
    uploadOffset: { ...own(200), path: { id: await begun() } },
    uploadPart: { ...own(200), path: { id: await begun() }, part: 'private words' },
    cancelUpload: { ...own(204), path: { id: await begun() } },
    download: { ...inside(200), path: { id: file.id }, bytes: true },
    // Boris is calling: to call him answers.
    initiateCall: { ...inside(200), body: { chatId, type: 'audio' } },
    answerCall: { ...inside(409), path: { callId: ringing.id } },
    rejectCall: { ...inside(409), path: { callId: ringing.id } },
    endCall: { ...inside(200), path: { callId: ringing.id } },
    calls: everyone(200),
    iceServers: everyone(200),
    reactions: everyone(200),
    sync: { ...everyone(200), query: { since: '0' } },
    allReactions: office,
    statistics: office,
    allUsers: office,
    allMessages: office,
    adminAudit: office,
    adminExport: { ...office, path: { list: 'messages' }, bytes: true },
  };
});
afterAll(() => relay.close());

async function call(name: RouteName, role: Role, one: Case): Promise<{ status: number; body: unknown }> {
  const { method, path } = routeOf(name);
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => one.path?.[key] ?? 'unknown');
  const query = new URLSearchParams(one.query ?? {}).toString();
  const json =
    one.body === undefined ? {} : { body: JSON.stringify(one.body), headers: { 'content-type': 'application/json' } };
  const part = {
    body: one.part ?? null,
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
  };
  const init: RequestInit = one.form ? { body: one.form() } : one.part === undefined ? json : part;
  if (one.bytes) {
    const { status, bytes } = await download(relay.url, tokens[role], filled);
    return { status, body: status < 300 ? bytes.toString() : JSON.parse(bytes.toString()) };
  }
  return clients[role].request(method, query === '' ? filled : `${filled}?${query}`, init);
}

test('every row has a line here', () => {
  expect(ROUTE_NAMES.filter((name) => cases[name] === undefined)).toEqual([]);
});

describe.each(ROUTE_NAMES)('%s', (name) => {
  test.each(ROLES)('as %s', async (role) => {
    const one = cases[name];
    if (!one) throw new Error(`no line for ${name}`);
    const expected = role === 'nobody' ? (routeOf(name).access === 'public' ? one.nobody : 401) : one[role];
    const { status, body } = await call(name, role, one);
    expect(status).toBe(expected);
    if (status >= 400) {
      expect(body).toEqual({
        error: expect.objectContaining({
          code: expect.any(String) as unknown,
          message: expect.any(String) as unknown,
        }) as unknown,
      });
      expect(JSON.stringify(body)).not.toContain('private words');
    } else if (role !== 'member' && role !== 'admin') {
      expect(JSON.stringify(body ?? null)).not.toContain('private words');
    }
  });
});

test('after all that, only the member’s own send was stored', async () => {
  const { messages } = await history(member.anna, member.chatId);
  expect(messages.map(({ content }) => content)).toEqual(['from the matrix', '', '', 'private words']);
});

test.each([
  ['PATCH', '/auth/me', 'GET'],
  ['GET', '/messages/send', null],
  ['HEAD', '/capabilities', 'GET'],
  ['OPTIONS', '/chats', 'GET, POST'],
  ['DELETE', '/chats', 'GET, POST'],
])('%s %s', async (method, path, allow) => {
  const response = await fetch(`${relay.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${member.anna.token}` },
  });
  if (allow === null) {
    // A message that has the name of another row.
    expect(response.status).toBe(404);
  } else {
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  }
});

describe('GET /api/docs', () => {
  interface Document {
    openapi: string;
    paths: Record<
      string,
      Record<string, { operationId: string; security?: unknown; responses: Record<string, unknown> }>
    >;
    components: { schemas: Record<string, unknown> };
  }
  const load = async (): Promise<Document> => (await createRelayClient(relay.url).get<Document>('/docs')).body;

  test('has exactly the rows that are served, with their statuses and their access', async () => {
    const document = await load();
    expect(document.openapi).toMatch(/^3\./);
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => `${operation.operationId} ${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(
      ROUTE_NAMES.map((name) => `${name} ${routeOf(name).method.toLowerCase()} /api${routeOf(name).path}`).toSorted(),
    );
    for (const name of ROUTE_NAMES) {
      const row = routeOf(name);
      const operation = document.paths[`/api${row.path}`]?.[row.method.toLowerCase()];
      expect(Object.keys(operation?.responses ?? {}), name).toEqual(expect.arrayContaining(row.success.map(String)));
      expect(operation?.security !== undefined, name).toBe(row.access !== 'public');
    }
  });

  test('every reference leads to a schema', async () => {
    const document = await load();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(references.length).toBeGreaterThan(10);
    const names = new Set(references.map((path) => path.replace('#/components/schemas/', '')));
    expect([...names].filter((name) => !(name in document.components.schemas))).toEqual([]);
  });
});
