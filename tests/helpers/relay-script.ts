/** One script of requests that can be played to any node, with answers that can be compared. */
import type { Chat } from '../../contract/api/chat.ts';
import type { Message } from '../../contract/api/message.ts';
import type { RelayOptions } from '../../relay/options.ts';
import { PASSWORD, startTestRelay, type TestRelay, type TestUser } from './relay.ts';
import { upload, uploadsOf } from './relay-files.ts';
import { makeWav } from './wav.ts';

export interface Played {
  answers: { step: string; status: number; body: unknown }[];
  /** Lines of the log at the level of warnings and errors. */
  faults: string[];
}

interface Answer {
  status: number;
  body: unknown;
}

/** What some databases, and some ways to put text into a statement, do not take as it is. */
const ODD: Readonly<Record<string, string>> = {
  'a NUL': 'an\0na',
  'a NUL alone': '\0',
  'half a pair': 'an\ud800na',
  'another control': 'an\u0001na',
  'the last character': '\u{10ffff}',
  'beyond the first plane': '😀𝔘𠮷',
  'loose marks': 'e\u0301a\u0308\u0323n',
  'a wide ligature': 'ﷺ㌖',
  'a percent': '%',
  'an underscore': '_',
  'a backslash': '\\',
  'a quote': `'; drop table users; --`,
  'another case': 'ANNA',
  'a dotted İ': 'İstanbul',
  'something very long': 'я'.repeat(5000),
  'as long as may be': 'ж'.repeat(100),
};

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
const cursor = (key: unknown, tie: unknown): string => Buffer.from(JSON.stringify([key, tie])).toString('base64url');

const CURSORS: Readonly<Record<string, string>> = {
  'a NUL for a key': cursor('\0', 'a'),
  'a NUL for an id': cursor(1, '\0'),
  'a text for a number': cursor('abc', 'a'),
  'a number for a text': cursor(5, 'a'),
  'a number as text': cursor('5', 'a'),
  'a huge number': cursor(Number.MAX_SAFE_INTEGER, '\u{10ffff}'),
  'a negative one': cursor(-1, ''),
  'no place': 'abc',
  'half a pair': cursor('\ud800', '\ud800'),
};

const LISTS = ['/admin/users', '/admin/messages', '/reactions/all', '/admin/audit'];
const SORTS = ['newest', 'oldest', 'name', '-name', 'seen', '-seen'];

/** Compared by the order in which they appear. */
const ID = /\b[a-z][a-z0-9]{23}\b/g;

function masker(): (text: string) => string {
  const seen = new Map<string, string>();
  return (text) =>
    text
      .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'TOKEN')
      .replace(/"next":"[^"]+"/g, '"next":"PLACE"')
      .replace(ID, (id) => {
        const name = seen.get(id) ?? `#${seen.size + 1}`;
        seen.set(id, name);
        return name;
      });
}

class Script {
  readonly answers: Played['answers'] = [];
  readonly #mask = masker();
  readonly #pass: () => void;
  constructor(pass: () => void) {
    this.#pass = pass;
  }

  /** Notes an answer, with what is random masked. */
  note(step: string, { status, body }: Answer): void {
    const masked = JSON.parse(this.#mask(JSON.stringify(body ?? null))) as unknown;
    this.answers.push({ step: this.#mask(step), status, body: masked });
    // Nothing happens in one and the same moment: then random ids would decide what comes first.
    this.#pass();
  }

  /** Notes the answers of requests that were made at once: who was first is a matter of chance. */
  together(step: string, answers: readonly Answer[]): void {
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    this.answers.push({ step, status: 0, body: statuses });
  }
}

interface World {
  relay: TestRelay;
  script: Script;
  anna: TestUser;
  boris: TestUser;
  chatId: string;
  first: Message;
}

async function raw(relay: TestRelay, token: string, path: string): Promise<Answer> {
  const answer = await fetch(`${relay.url}/api${path}`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: answer.status, body: isJson ? (JSON.parse(text) as unknown) : text };
}

/** Every odd text in every field that takes one. */
async function oddTexts({ relay, script, anna, boris, chatId, first }: World): Promise<void> {
  const good = { firstName: 'Odd', lastName: 'Person', age: 30, password: PASSWORD };
  const fileId = (await upload(anna, makeWav(1).bytes, 'sound.wav')).id;
  await anna.api.post('/music/metadata', { fileId });
  for (const [name, text] of Object.entries(ODD)) {
    const body = { chatId, content: text };
    const bodies: [string, string, string, unknown][] = [
      ['username', 'POST', '/auth/register', { ...good, username: text }],
      ['first name', 'POST', '/auth/register', { ...good, username: `odd${script.answers.length}`, firstName: text }],
      ['password', 'POST', '/auth/register', { ...good, username: `odd${script.answers.length}b`, password: text }],
      ['log-in', 'POST', '/auth/login', { username: text, password: text }],
      ['administrator’s log-in', 'POST', '/admin/login', { username: text, password: PASSWORD }],
      ['message', 'POST', '/messages/send', body],
      ['message’s key', 'POST', '/messages/send', { ...body, content: 'key', clientId: text }],
      ['message’s chat', 'POST', '/messages/send', { chatId: text, content: 'chat' }],
      ['message’s quote', 'POST', '/messages/send', { ...body, content: 'quote', replyToId: text }],
      ['message’s file', 'POST', '/messages/send', { ...body, content: 'file', attachments: [text] }],
      ['reaction', 'POST', `/messages/${first.id}/reactions`, { emoji: text }],
      ['chat’s other one', 'POST', '/chats', { userId: text }],
      ['profile’s name', 'PUT', '/users/me', { lastName: text }],
      ['profile’s words', 'PUT', '/users/me', { bio: text }],
      ['profile’s picture', 'PUT', '/users/me', { avatarUrl: `https://example.org/${text}` }],
      ['call’s device', 'POST', '/calls/initiate', { chatId, type: 'audio', device: text }],
      ['title', 'PATCH', `/music/${fileId}`, { title: text, artist: text, album: text, genre: text }],
    ];
    for (const [field, method, path, given] of bodies) {
      const init = { body: JSON.stringify(given), headers: { 'content-type': 'application/json' } };
      script.note(`${field}: ${name}`, await boris.api.request(method, path, init));
      if (path.startsWith('/music')) script.note(`${field}, own: ${name}`, await anna.api.request(method, path, init));
    }
    const created = await uploadsOf(anna).create(1, text);
    script.note(`upload: ${name}`, created);
    if (created.status === 201) {
      const { status, body: done } = await uploadsOf(anna).part(created.body.uploadId, 0, Buffer.from('x'));
      script.note(`uploaded: ${name}`, { status, body: done });
    }
    const q = encoded(text);
    for (const path of [`/users/search?q=${q}`, `/music?q=${q}`, `/music?q=${q}&sort=artist`, `/users/${q}`]) {
      script.note(`${path.split('=')[0]}: ${name}`, await raw(relay, anna.token, path));
    }
    for (const path of [`/chats/${q}/messages`, `/chats?limit=5&cursor=${q}`, `/files/${q}`, `/messages/${q}`]) {
      script.note(`${path.split('=')[0]}: ${name}`, await raw(relay, anna.token, path));
    }
    for (const list of LISTS.slice(0, 3)) {
      script.note(`${list}: ${name}`, await raw(relay, relay.admin.token, `${list}?q=${q}`));
      script.note(`${list}: @${name}`, await raw(relay, relay.admin.token, `${list}?q=%40${q}`));
    }
    for (const list of ['users', 'messages', 'reactions']) {
      script.note(`${list} as CSV: ${name}`, await raw(relay, relay.admin.token, `/admin/export/${list}?q=${q}`));
    }
  }
}

async function oddPlaces({ relay, script, anna, chatId }: World): Promise<void> {
  const { token } = relay.admin;
  for (const [name, text] of Object.entries(CURSORS)) {
    for (const list of LISTS) {
      for (const sort of list === '/admin/audit' ? [''] : SORTS) {
        const path = `${list}?limit=3&cursor=${encoded(text)}${sort === '' ? '' : `&sort=${sort}`}`;
        const { status, body } = await raw(relay, token, path);
        // What administrators looked at grows by looking.
        const isCompared = list !== '/admin/audit' && !(list === '/admin/users' && sort.endsWith('seen'));
        script.note(`${list} ${sort}: ${name}`, { status, body: isCompared ? body : null });
      }
    }
  }
  for (const number of ['-1', '0', '1.5', '999999999', '1000000000', '2147483648', '999999999999999', '1e3', '%00']) {
    for (const path of [
      ...[`/chats/${chatId}/messages?limit=2&offset=${number}`, `/chats/${chatId}/messages?limit=${number}`],
      ...[`/music?offset=${number}`, `/calls?before=${number}`, `/sync?since=${number}`, `/chats?limit=${number}`],
    ]) {
      const { status, body } = await raw(relay, anna.token, path);
      script.note(path, { status, body: path.startsWith('/sync') ? null : body });
    }
    script.note(`users from ${number}`, await raw(relay, token, `/admin/users?offset=${number}`));
    const series = await raw(relay, token, `/admin/stats?from=0&to=${number}&step=24`);
    script.note(`figures to ${number}`, { status: series.status, body: null });
  }
}

async function ordersOfNames({ relay, script }: World): Promise<void> {
  for (const username of [
    'zoe',
    'Zed',
    'äpfel',
    'apfel',
    'Ärger',
    'a_b',
    'a.b',
    'a-b',
    'ёлка',
    'ель',
    'Жук',
    '日本語',
    'a1b',
  ])
    script.note(
      `orders: ${username}`,
      await relay.api.post('/auth/register', {
        ...{ username, firstName: username, lastName: 'Ordered', age: 30, password: PASSWORD },
      }),
    );
  // Nobody was seen yet, and random ids decide between equals.
  for (const sort of SORTS.filter((name) => !name.endsWith('seen'))) {
    script.note(`people by ${sort}`, await raw(relay, relay.admin.token, `/admin/users?limit=100&sort=${sort}`));
    script.note(`people as CSV by ${sort}`, await raw(relay, relay.admin.token, `/admin/export/users?sort=${sort}`));
    script.note(`people found by ${sort}`, await raw(relay, relay.admin.token, `/admin/users?q=a&sort=${sort}`));
  }
}

async function atOnce({ relay, script, anna, boris, chatId, first }: World): Promise<void> {
  const times = <T>(count: number, one: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => one(index)));
  const good = { firstName: 'Same', lastName: 'Name', age: 30, password: PASSWORD };
  const names = ['Twin', 'twin', 'TWIN', 'tWin'];
  script.together(
    'one name in several cases',
    await Promise.all(names.map((username) => relay.api.post('/auth/register', { ...good, username }))),
  );
  const [one, two] = [await relay.register('one'), await relay.register('two')];
  const chats = await times(20, (index) => {
    const [asker, other] = index % 2 === 0 ? [one, two] : [two, one];
    return asker.api.post<{ chat: Chat }>('/chats', { userId: other.user.id });
  });
  script.together('one chat', chats);
  script.note('is one', { status: 0, body: new Set(chats.map(({ body }) => body.chat.id)).size });
  script.together(
    'sends',
    await times(50, (index) => anna.api.post('/messages/send', { chatId, content: `m${index}` })),
  );
  const page = await boris.api.get<{ messages: Message[]; total: number }>(`/chats/${chatId}/messages`, { limit: 100 });
  const { messages, total } = page.body;
  const kept = messages.map(({ content, createdAt }) => [content.startsWith('m') ? 'm' : content, createdAt]);
  script.note('what was sent', { status: page.status, body: { kept, total } });
  const emojis = await times(10, () => anna.api.post(`/messages/${first.id}/reactions`, { emoji: '👍' }));
  script.together('one reaction', emojis);
  const again = await anna.api.post<{ reaction: { id: string } }>(`/messages/${first.id}/reactions`, { emoji: '👍' });
  const path = `/messages/${first.id}/reactions/${again.body.reaction.id}`;
  const reads = await times(10, async (index) =>
    index === 5 ? anna.api.delete(path) : boris.api.get(`/messages/${first.id}`),
  );
  script.together('read while it is taken back', reads);
  const calls = await times(10, (index) =>
    (index % 2 === 0 ? anna : boris).api.post('/calls/initiate', { chatId, type: 'audio' }),
  );
  script.together('calls', calls);
  const figures = await relay.admin.api.get<Record<string, unknown>>('/admin/stats');
  const { users, chats: pairs, messages: sent, reactions } = figures.body;
  script.note('figures', { status: figures.status, body: { users, pairs, sent, reactions } });
}

/** Plays the script to a node with these options. @returns every answer, and what the node logged of faults. */
export async function play(options: Partial<RelayOptions>): Promise<Played> {
  let time = 1_800_000_000_000;
  const faults: string[] = [];
  const relay = await startTestRelay({
    ...options,
    now: () => time,
    logLevel: 'warn',
    logTo: { write: (line) => void faults.push(line) },
    limits: { loginFailuresPerAddress: 100_000, registrationsPerHour: 100_000, chatsPerDay: 100_000 },
  });
  try {
    const pass = (): void => void (time += 1000);
    const script = new Script(pass);
    const anna = await relay.register('anna', { firstName: 'Анна' });
    pass();
    const boris = await relay.register('boris');
    const chat = await anna.api.post<{ chat: Chat }>('/chats', { userId: boris.user.id });
    const chatId = chat.body.chat.id;
    const sent = await anna.api.post<{ message: Message }>('/messages/send', { chatId, content: '=1+1, "said" she' });
    const world = { relay, script, anna, boris, chatId, first: sent.body.message };
    await oddTexts(world);
    await ordersOfNames(world);
    await oddPlaces(world);
    await atOnce(world);
    return { answers: script.answers, faults };
  } finally {
    await relay.close();
  }
}
