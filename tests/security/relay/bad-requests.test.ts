/**
 * Bad bodies, parameters and headers, each against a row that would write if it were let through: every one is a clean
 * 4xx in the one shape of errors, no row changes, nothing is a fault of the server's own.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ErrorAnswer } from '../../../contract/api/error.ts';
import { createRelayClient, type TestUser } from '../../helpers/relay.ts';
import { chatBetween, newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { startWatchedRelay, type WatchedRelay } from '../../helpers/relay-watch.ts';

let relay: WatchedRelay;
let anna: TestUser;
let boris: TestUser;
let chatId: string;
let messageId: string;
let otherChatId: string;
let otherMessageId: string;
let before: string;

beforeAll(async () => {
  relay = await startWatchedRelay();
  ({ anna, boris, chatId } = await pair(relay));
  messageId = (await say(boris, chatId, 'first')).id;
  const stranger = await newcomer(relay);
  otherChatId = await chatBetween(stranger, boris);
  otherMessageId = (await say(stranger, otherChatId, 'private words')).id;
});
afterAll(() => relay.close());
beforeEach(async () => (before = await relay.rows()));
afterEach(async () => {
  expect((await relay.rows()) === before, 'no row changed').toBe(true);
  expect(relay.faults()).toEqual([]);
});

async function refused(response: Response, statuses: readonly number[]): Promise<void> {
  const text = await response.text();
  expect(statuses, text).toContain(response.status);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(ErrorAnswer.safeParse(JSON.parse(text)).success, text).toBe(true);
  expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:|SQLITE|sqlite|stack/);
  expect(text).not.toContain('private words');
}

const send = (path: string, body: BodyInit, headers: Record<string, string> = {}, method = 'POST'): Promise<Response> =>
  fetch(`${relay.url}/api${path}`, {
    method,
    body,
    headers: { authorization: `Bearer ${anna.token}`, 'content-type': 'application/json', ...headers },
  });

const goodSend = (): Record<string, unknown> => ({ chatId, content: 'hello' });
const goodRegister = { username: 'newcomer', firstName: 'New', lastName: 'Comer', age: 30, password: 'secret1' };
const nested = '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000);

describe('a body that is no good JSON', () => {
  test.each<[string, () => BodyInit]>([
    ['empty', () => ''],
    ['blanks', () => '   '],
    ['null', () => 'null'],
    ['a list', () => '[]'],
    ['a list of sends', () => JSON.stringify([goodSend()])],
    ['a string', () => '"text"'],
    ['a number', () => '1'],
    ['cut off', () => JSON.stringify(goodSend()).slice(0, -1)],
    ['two of them', () => JSON.stringify(goodSend()).repeat(2)],
    ['10,000 levels of lists', () => '['.repeat(10_000) + ']'.repeat(10_000)],
    ['10,000 levels of objects', () => nested],
    ['a field twice', () => `{"chatId":"${chatId}","content":"a","content":"b"}`],
    ['a field twice, once escaped', () => `{"chatId":"${chatId}","content":"a","c\\u006fntent":"b"}`],
    ['__proto__', () => `{"chatId":"${chatId}","content":"a","__proto__":{"admin":true}}`],
    ['constructor', () => `{"chatId":"${chatId}","content":"a","constructor":{"prototype":{}}}`],
    ['no UTF-8', () => Buffer.from(`{"chatId":"${chatId}","content":"\xff"}`, 'latin1')],
    ['UTF-16', () => Buffer.from(JSON.stringify(goodSend()), 'utf16le')],
    ['a byte order mark', () => `\uFEFF${JSON.stringify(goodSend())}`],
    ['JSON with comments', () => `/* a */ ${JSON.stringify(goodSend())}`],
    ['NaN', () => `{"chatId":"${chatId}","content":NaN}`],
  ])('%s', async (_what, body) => refused(await send('/messages/send', body()), [400]));

  test('64 KiB are read, one byte more is 413; 100 KB as well', async () => {
    const body = (size: number): string => {
      const text = JSON.stringify({ ...goodSend(), content: '', pad: '' });
      return text.replace('"pad":""', `"pad":"${'x'.repeat(size - text.length)}"`);
    };
    await refused(await send('/messages/send', body(65_536)), [400]);
    await refused(await send('/messages/send', body(65_537)), [413]);
    await refused(await send('/messages/send', body(100_000)), [413]);
  });

  test.each<[string, Record<string, string>, BodyInit]>([
    ['no content type', { 'content-type': '' }, '{}'],
    ['text/plain', { 'content-type': 'text/plain' }, '{}'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'chatId=1'],
    ['a tab in front of the parameter', { 'content-type': 'application/json\t; x=1' }, '{}'],
    ['trailing text', { 'content-type': 'application/json and more' }, '{}'],
    ['utf-7', { 'content-type': 'application/json; charset=utf-7' }, '{}'],
    ['utf-16', { 'content-type': 'application/json; charset=utf-16le' }, '{}'],
    ['two types', { 'content-type': 'application/json, text/plain' }, '{}'],
    ['json in the name', { 'content-type': 'application/jsonx' }, '{}'],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync('x'.repeat(10_000_000))],
    ['deflate that is none', { 'content-encoding': 'deflate' }, '{}'],
  ])('%s is 415', async (_what, headers, body) => refused(await send('/messages/send', body, headers), [415]));
});

const WRONG_IDS: [string, unknown][] = [
  ['a number', 1],
  ['a float', 1.5],
  ['true', true],
  ['null', null],
  ['a list', ['x']],
  ['an operator', { $gt: 0 }],
  ['empty', ''],
  ['SQL', "' OR 1=1 --"],
  ['a path', '../../etc/passwd'],
  ['NUL', 'a\0b'],
  ['65 characters', 'a'.repeat(65)],
  ['a lone surrogate', '\uD800'],
];

describe('ids of the wrong kind', () => {
  test.each(WRONG_IDS)('%s', async (_what, id) => {
    await refused(await send('/messages/send', JSON.stringify({ ...goodSend(), chatId: id })), [400]);
    await refused(await send('/messages/send', JSON.stringify({ ...goodSend(), replyToId: id })), [400]);
    await refused(await send('/messages/send', JSON.stringify({ ...goodSend(), attachments: [id] })), [400]);
    await refused(await send('/chats', JSON.stringify({ userId: id })), [400]);
    if (typeof id !== 'string' || id === '' || !id.isWellFormed()) return;
    const path = encodeURIComponent(id);
    await refused(await anna.api.request('GET', `/users/${path}`).then(toResponse), [400, 404]);
    await refused(await anna.api.request('GET', `/messages/${path}`).then(toResponse), [400, 404]);
    await refused(await anna.api.request('GET', `/chats/${path}/messages`).then(toResponse), [400, 404]);
    await refused(await send(`/messages/${path}/reactions`, '{"emoji":"👍"}'), [400, 404]);
  });

  function toResponse({ status, headers, body }: { status: number; headers: Headers; body: unknown }): Response {
    return new Response(JSON.stringify(body), { status, headers });
  }
});

describe('texts that are none', () => {
  test.each([
    ['empty', ''],
    ['blanks and zero-width only', ' \u200B\u200C\u200D\u2060\uFEFF\n\t'],
    ['bidi marks only', '\u202E\u202D\u2066\u2069'],
    ['a lone surrogate', 'a\uD800'],
    ['NUL', 'a\0b'],
    ['4,001 characters', 'x'.repeat(4001)],
    ['4,000 emoji with joiners', '👨‍👩‍👧'.repeat(4000)],
    ['a number', 7],
    ['a list', ['a']],
    ['an object with a length', { length: 3 }],
  ])('%s', async (_what, content) => {
    await refused(await send('/messages/send', JSON.stringify({ ...goodSend(), content })), [400, 413]);
  });
});

describe('registrations', () => {
  test.each<[string, Record<string, unknown>]>([
    ['age 1e400', { age: '@1e400@' }],
    ['age as text', { age: '30' }],
    ['age 30.5', { age: 30.5 }],
    ['age -1', { age: -1 }],
    ['age true', { age: true }],
    ['a name with a bidi override', { firstName: 'anna\u202Egpj' }],
    ['a name of a zero-width blank', { lastName: '\u200B' }],
    ['a username with a blank', { username: 'an na' }],
    ['a username with a slash', { username: '../admin' }],
    ['a username with a zero-width joiner', { username: 'ad\u200Dmin' }],
    ['a username with an at', { username: '@anna' }],
    ['a username of the administrator', { username: 'ADMIN' }],
    ['a username in full-width letters', { username: 'ＡＤＭＩＮ' }],
    ['a password of 100 KB', { password: 'x'.repeat(100_000) }],
    ['a password that is a list', { password: ['secret1'] }],
    ['a role', { username: '', role: 'admin' }],
  ])('%s', async (_what, change) => {
    const body = JSON.stringify({ ...goodRegister, ...change }).replace('"@1e400@"', '1e400');
    await refused(await send('/auth/register', body), [400, 409, 413]);
  });

  test.each([
    ['an operator', { $ne: null }],
    ['a list', ['admin']],
    ['NUL', 'admin\0'],
    ['a lone surrogate', '\uD800'],
    ['SQL', "admin'--"],
  ])('a log-in with %s', async (_what, value) => {
    await refused(await send('/auth/login', JSON.stringify({ username: value, password: 'x' })), [400, 401]);
    await refused(await send('/auth/login', JSON.stringify({ username: 'admin', password: value })), [400, 401]);
    await refused(await send('/admin/login', JSON.stringify({ username: value, password: value })), [400, 401]);
  });
});

describe('fields that are nobody’s to set are not taken', () => {
  test('a role, an id, a sender, a time', async () => {
    const seen = await anna.api.put<{ user: Record<string, unknown> }>('/users/me', {
      role: 'admin',
      id: 'me',
      username: 'other',
      age: 99,
      token_version: 0,
      passwordHash: 'x',
      createdAt: 'x',
    });
    expect(seen.body.user).toMatchObject({ id: anna.user.id, username: anna.user.username, age: 30 });
    expect((await anna.api.get('/admin/stats')).status).toBe(403);
    before = await relay.rows();
  });
});

describe('across chats and people', () => {
  test('nothing of another chat is read, changed or learnt', async () => {
    const get = async (path: string): Promise<Response> =>
      fetch(`${relay.url}/api${path}`, { headers: { authorization: `Bearer ${anna.token}` } });
    await refused(await get(`/messages/${otherMessageId}`), [403]);
    await refused(await get(`/chats/${otherChatId}/messages`), [403]);
    await refused(await get(`/chats/${chatId}/messages?after=${otherMessageId}`), [400]);
    await refused(await get(`/chats/${chatId}/messages?before=${otherMessageId}`), [400]);
    await refused(await send('/messages/send', JSON.stringify({ chatId: otherChatId, content: 'x' })), [403]);
    await refused(await send('/messages/send', JSON.stringify({ ...goodSend(), replyToId: otherMessageId })), [400]);
    await refused(await send(`/messages/${otherMessageId}/reactions`, '{"emoji":"👍"}'), [403]);
    await refused(await send('/chats', JSON.stringify({ userId: anna.user.id })), [400]);
    await refused(await send(`/messages/${messageId}/reactions`, '{"emoji":"👍👍"}'), [400]);
  });
});

describe('search', () => {
  test.each([
    '%00',
    '%ED%A0%80',
    '%',
    '%FF',
    '%22%20OR%201=1',
    '*',
    '%25',
    'a%27%3B%20DROP%20TABLE%20users%3B--',
    '%F4%8F%BF%BF',
  ])('q=%s is refused or finds nobody', async (q) => {
    const response = await fetch(`${relay.url}/api/users/search?q=${q}`, {
      headers: { authorization: `Bearer ${anna.token}` },
    });
    if (response.status === 200) expect(await response.json()).toEqual({ users: [] });
    else await refused(response, [400]);
  });
});

describe('the header of the token', () => {
  test.each<[string, () => string]>([
    ['none', () => ''],
    ['the token alone', () => anna.token],
    ['another scheme', () => `Basic ${anna.token}`],
    ['a token and more', () => `Bearer ${anna.token} x`],
    ['two tokens', () => `Bearer ${anna.token}, Bearer ${anna.token}`],
    ['a quoted token', () => `Bearer "${anna.token}"`],
    ['15 KB', () => `Bearer ${'x'.repeat(15_000)}`],
    ['a token without its signature', () => `Bearer ${anna.token.split('.').slice(0, 2).join('.')}.`],
    [
      'a token with a changed payload',
      () => {
        const [head, , signature] = anna.token.split('.');
        const payload = {
          sub: boris.user.id,
          scope: 'admin',
          ver: 1,
          iss: 'relay',
          aud: 'relay',
          iat: 1,
          exp: 9_999_999_999,
        };
        return `Bearer ${head}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
      },
    ],
  ])('%s is 401', async (_what, authorization) => {
    await refused(await send('/messages/send', JSON.stringify(goodSend()), { authorization: authorization() }), [401]);
    const client = createRelayClient(relay.url);
    const answer = await client.request('GET', '/admin/stats', { headers: { authorization: authorization() } });
    expect(answer.status).toBe(401);
  });
});
