/** A page that was taken over calls every channel with everything it can think of. Nothing may happen, and it sees no token. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOfAccount } from '../../../contract/ipc/coalesce.ts';
import { CHANNEL_NAMES } from '../../../contract/ipc/channels.ts';
import { type FrameLook, OUR_PAGE, startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let main: TestMain;

const form = (username: string) => ({
  server: relay.url,
  username,
  password: 'a fine password',
  firstName: 'Ada',
  lastName: 'Example',
  age: 30,
  bio: '',
});

let accountId = '';

beforeAll(async () => {
  relay = await startTestRelay();
  own = await ownFolder();
  main = await startMain(own.folder, secretStore('strong'), relay.url);
  const opened = await main.call('accounts.register', form('victim'));
  if (!opened.ok) throw new Error(opened.error.message);
  ({ accountId } = opened.value);
  const friend = await relay.register('friend');
  const chat = await main.call('chats.create', { accountId, userId: friend.user.id });
  if (!chat.ok) throw new Error(chat.error.message);
  const sent = await main.call('messages.send', { accountId, chatId: chat.value.id, text: 'before', replyTo: null });
  expect(sent).toMatchObject({ ok: true });
  // The page is told from its first question on; the world stands still once the message has arrived.
  await main.call('app.ready', {});
  const arrived = async (): Promise<boolean> =>
    (await relay.admin.api.get<{ messages: number }>('/admin/stats')).body.messages === 1;
  for (let look = 0; look < 500 && !(await arrived()); look++) await new Promise((resolve) => setTimeout(resolve, 10));
  await until('the bubble is sent', () =>
    main.pushed.some(
      (push) =>
        isOfAccount(push) && push.event.kind === 'messages' && push.event.upserts.some(({ state }) => state === 'sent'),
    ),
  );
});
afterAll(async () => {
  await main.close();
  await relay.close();
  await own.remove();
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

/** Every field name that any channel knows, with one hostile value each. */
function everyField(value: unknown): Record<string, unknown> {
  const names = [
    'accountId',
    'url',
    'text',
    'server',
    'username',
    'password',
    'firstName',
    'lastName',
    'age',
    'bio',
    'forget',
    'keep',
    'theme',
    'language',
    'textSize',
    'sendTyping',
    'enterSends',
    'olderMessages',
    'q',
    'id',
    'userId',
    'chatId',
    'replyTo',
    'pinned',
    'archived',
    'muted',
    'markedUnread',
    'messageId',
    'typing',
    'anchor',
    'limit',
    'edge',
    'key',
    'localId',
    'messageIds',
    'chatIds',
    'emoji',
    'query',
    'offset',
    ...['ids', 'name', 'title', 'artist', 'album', 'genre', 'sort', 'descending', 'within'],
    ...['memory', 'current', 'position', 'now'],
    ...['pause', 'on', 'quietHours', 'shortcuts', 'pausedUntil', 'closeWay'],
  ];
  return Object.fromEntries(names.map((name) => [name, value]));
}

/** The same with the true account, which a page knows: past that door the rest must still be refused. */
function inAccount(args: unknown[]): unknown[] {
  const [first, ...others] = args;
  const isObject = typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype;
  return isObject ? [{ ...first, accountId }, ...others] : args;
}

const loop: Record<string, unknown> = {};
loop['self'] = loop;

/** Forty arguments of a page that means harm. */
const HOSTILE: [string, unknown[]][] = [
  ['nothing at all', []],
  ['undefined', [undefined]],
  ['null', [null]],
  ['a number', [1]],
  ['NaN', [Number.NaN]],
  ['true', [true]],
  ['a word', ['session']],
  ['an empty word', ['']],
  ['a list', [[]]],
  ['a list of objects', [[{ chatId: 'a' }]]],
  ['a date', [new Date()]],
  ['a map', [new Map([['chatId', 'a']])]],
  ['a set', [new Set([1])]],
  ['bytes', [new Uint8Array(100)]],
  ['a buffer', [new ArrayBuffer(100)]],
  ['an expression', [/a/]],
  ['an error', [new Error('x')]],
  ['a big number', [10n]],
  ['itself', [loop]],
  ['a hundred levels', [nested(100)]],
  ['a hundred thousand values', [new Array(100_000).fill({})]],
  ['a list of a million gaps', [{ messageIds: new Array(1_000_000) }]],
  ['four megabytes', [{ text: 'x'.repeat(4_000_000), chatId: 'a', replyTo: null }]],
  ['two arguments', [{}, {}]],
  ['a second argument', [{}, { forget: true }]],
  ['own __proto__', [JSON.parse('{"__proto__":{"forget":true,"keep":true}}') as unknown]],
  ['constructor', [{ constructor: { prototype: { polluted: true } } }]],
  ['null in every field', [everyField(null)]],
  ['objects in every field', [everyField({ $gt: 0 })]],
  ['lists in every field', [everyField([1])]],
  ['numbers in every field', [everyField(-1)]],
  ['infinity in every field', [everyField(Number.POSITIVE_INFINITY)]],
  ['a way out in every field', [{ ...everyField('../../../../etc/passwd'), text: 5, bio: 5 }]],
  ['an encoded way out in every field', [{ ...everyField('..%2f..%2fadmin%2fstats'), text: 5, bio: 5 }]],
  ['SQL in every field', [{ ...everyField(`x'; DROP TABLE messages; --`), text: 5, bio: 5 }]],
  [
    'a script address in every field',
    [{ ...everyField('javascript:alert(1)'), text: 5, bio: 5, url: { href: 'javascript:alert(1)' } }],
  ],
  [
    'a file address in every field',
    [{ ...everyField('file:///etc/passwd'), text: 5, bio: 5, url: ['file:///etc/passwd'] }],
  ],
  ['a NUL in every field', [{ ...everyField('a\0b'), text: 5, bio: 5, url: 5 }]],
  ['a lone surrogate in every field', [{ ...everyField('\uD800'), text: 5, bio: 5, url: 5 }]],
  ['ten thousand characters in every field', [{ ...everyField('a'.repeat(10_000)), text: 5, bio: 5, query: 5 }]],
];

const REFUSALS = [
  ...['bad_request', 'denied', 'bad_address', 'not_found', 'validation', 'not_signed_in'],
  // A guess at the administrator's password is the server's to refuse.
  ...['unauthenticated', 'wrong_credentials', 'rate_limited'],
];

/** Everything that a call could have changed: the server's counts, the files here, what left the program. */
async function world(): Promise<unknown> {
  const stats = await relay.admin.api.get<{ users: number; messages: number; chats: number }>('/admin/stats');
  const { users, messages, chats } = stats.body;
  const names = (await readdir(own.folder)).filter((name) => name.endsWith('.json')).sort();
  const files = await Promise.all(names.map((name) => readFile(join(own.folder, name), 'utf8')));
  const ready = await main.call('app.ready', {});
  const page = ready.ok
    ? { ...ready.value, seq: 0, states: ready.value.states.map((state) => ({ ...state, connection: null })) }
    : ready;
  return { users, messages, chats, names, files, page, outside: [...main.outside] };
}

describe('a hostile page', () => {
  it('has forty arguments', () => {
    expect(HOSTILE).toHaveLength(40);
  });

  it('changes nothing with any of them on any channel', async () => {
    const before = await world();
    const codes = new Map<string, number>();
    for (const name of CHANNEL_NAMES) {
      for (const [what, args] of HOSTILE) {
        for (const sent of [args, inAccount(args)]) {
          const answer = await main.invoke(name, sent);
          const code = answer.ok ? 'ok' : answer.error.code;
          codes.set(code, (codes.get(code) ?? 0) + 1);
          if (!answer.ok) expect(REFUSALS, `${name}, ${what}`).toContain(code);
        }
      }
    }
    expect(await world()).toEqual(before);
    // Nothing broke on the way either: a handler that throws answers `internal`.
    expect(codes.get('internal') ?? 0).toBe(0);
    expect(main.logger.of('ipc.handler_threw')).toEqual([]);
    expect(main.logger.of('ipc.wrong_answer')).toEqual([]);
    expect(codes.get('bad_request') ?? 0).toBeGreaterThan(CHANNEL_NAMES.length * 60);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    // Thousands of calls, some of which ask the relay.
  }, 120_000);

  const unknownChats: [string, FrameLook | null, boolean][] = [
    ['a frame that has gone', null, true],
    ['another window', OUR_PAGE, false],
    ['the web', { url: 'https://relay.plooza.io/', origin: 'https://relay.plooza.io', parent: null, top: null }, true],
    ['a frame in our page', { ...OUR_PAGE, parent: {}, top: {} }, true],
    ['an empty window', { url: 'about:blank', origin: 'app://relay', parent: null, top: null }, true],
    ['another host of our scheme', { url: 'app://other/', origin: 'app://other', parent: null, top: null }, true],
  ];
  it.each(unknownChats)('is not heard as %s', async (_who, frame, ourWindow) => {
    const before = await world();
    for (const name of CHANNEL_NAMES) {
      const logged = main.logger.of('ipc.denied').length;
      const answer = await main.invoke(
        name,
        [{ forget: true, keep: true, url: 'https://example.org', text: 'x' }],
        frame,
        ourWindow,
      );
      expect(answer).toMatchObject({ ok: false, error: { code: 'denied' } });
      expect(main.logger.of('ipc.denied')).toHaveLength(logged + 1);
    }
    expect(await world()).toEqual(before);
  });

  it('sees no byte of the token in anything it can ask for or is told', async () => {
    const login = await relay.api.post<{ token: string }>('/auth/login', {
      username: 'victim',
      password: 'a fine password',
    });
    const header = login.body.token.split('.')[0] ?? '';
    expect(header.length).toBeGreaterThan(10);
    const answers: unknown[] = [];
    for (const name of CHANNEL_NAMES) {
      if (name.startsWith('accounts.log') || name === 'accounts.register') continue;
      answers.push(await main.invoke(name, [{}]), await main.invoke(name, [everyField('token')]));
    }
    const seen = JSON.stringify([answers, main.pushed, await world()]);
    // Every token of the node begins with the same header; its bytes in any of the usual dresses would show.
    for (const trace of [
      header,
      Buffer.from(header).toString('base64').slice(0, 12),
      Buffer.from(header).toString('hex'),
    ]) {
      expect(seen).not.toContain(trace);
    }
  });
});
