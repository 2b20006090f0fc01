/**
 * Everything that can be typed wrongly or answered wrongly: the words are for people, what was typed stays, nothing is
 * lost and nothing crashes.
 */
import { readFile, readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, type Page } from '@playwright/test';
import { freePort } from '../helpers/relay-process.ts';
import { HOSTILE_CHAT, hostileRelay } from './lib/hostile-relay.ts';
import { bubble, chatRowById, composer, expectState, field, openChat, problemOf, send, wake } from './lib/screen.ts';
import { freshUsername, stored, test } from './lib/world.ts';
import { say, type Language } from './lib/words.ts';

const LOCALES: Record<Language, string> = { en: 'en-US', ru: 'ru-RU' };

/** How a character that is in the way is named. */
function named(language: Language, character: string): string {
  if (character === ' ') return say(language, 'forms.space');
  return character.length > 1 ? character : say(language, 'forms.quoted', { character });
}

/** Field, what is typed, which problem, the numbers in its words, and the character that is in the way. */
const WRONG: [name: string, typed: string, problem: string, values?: Record<string, number>, forbidden?: string][] = [
  ['username', 'ab', 'too_short', { min: 3 }],
  ['username', 'a'.repeat(21), 'too_long', { max: 20 }],
  ['username', 'anna berg', 'bad_characters', {}, ' '],
  ['username', 'anna/../berg', 'bad_characters', {}, '/'],
  ['username', 'аnna', 'mixed_scripts'],
  ['username', 'аррӏе', 'lookalike'],
  ['firstName', 'A'.repeat(51), 'too_long', { max: 50 }],
  ['firstName', '\u200b\u2060', 'invisible'],
  ['firstName', '\u202egreB', 'bad_characters', {}, 'U+202E'],
  ['lastName', 'B'.repeat(51), 'too_long', { max: 50 }],
  ['lastName', '\u3164', 'invisible'],
  ['age', '12', 'too_small', { min: 13 }],
  ['age', '121', 'too_large', { max: 120 }],
  ['age', '30.5', 'not_a_number'],
  ['age', 'thirty', 'not_a_number'],
  ['age', '-30', 'not_a_number'],
  ['password', '12345', 'too_short', { min: 6 }],
  ['bio', 'x'.repeat(501), 'too_long', { max: 500 }],
];

/** Waits until the form no longer works on its answer. */
async function submitted(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

for (const language of ['en', 'ru'] as const) {
  test(`each wrong field of registering, and a taken name, in words beside the field (${language})`, async ({
    world,
    launch,
  }) => {
    const taken = await world.person('Anna', 'Berg');
    const { page } = await launch({ server: world.relay.url, locale: LOCALES[language] });
    const label = (name: string): string => say(language, `auth.fields.${name}`);
    await page.getByRole('link', { name: say(language, 'auth.signIn.otherAction') }).click();
    // Until then the form for signing in is there, which has fields of the same names.
    await expect(field(page, label('firstName'))).toBeVisible();

    for (const [name, typed, problem, values, forbidden] of WRONG) {
      const characters = forbidden === undefined ? undefined : named(language, forbidden);
      const words =
        characters === undefined
          ? say(language, `fields.${problem}`, values)
          : say(language, 'forms.characters', { characters });
      const input = field(page, label(name));
      await input.fill(typed);
      await input.blur();
      await expect.poll(() => problemOf(input), `${name}: ${problem}`).toBe(words);
      await expect(input).toHaveValue(typed);
    }

    // Nothing at all: every field that must be filled says so, and the caret is in the first of them.
    const required = ['firstName', 'lastName', 'username', 'age', 'password'];
    for (const name of [...required, 'bio']) await field(page, label(name)).fill('');
    await submitted(page, say(language, 'auth.register.submit'));
    for (const name of required)
      await expect.poll(() => problemOf(field(page, label(name))), name).toBe(say(language, 'fields.required'));
    await expect(page.locator(':focus')).toHaveAttribute('aria-invalid', 'true');

    const typed = {
      firstName: 'Анна',
      lastName: 'Berg',
      username: taken.username.toUpperCase(),
      age: '30',
      password: 'six-or-more',
      bio: 'Здравствуйте',
    };
    for (const [name, value] of Object.entries(typed)) await field(page, label(name)).fill(value);
    await submitted(page, say(language, 'auth.register.submit'));
    await expect.poll(() => problemOf(field(page, label('username')))).toBe(say(language, 'fields.taken'));
    for (const [name, value] of Object.entries(typed)) await expect(field(page, label(name))).toHaveValue(value);
    await expect(field(page, label('username'))).toBeFocused();

    // One change, and the same form goes through.
    await field(page, label('username')).fill(freshUsername('anna'));
    await submitted(page, say(language, 'auth.register.submit'));
    await expect(page.getByRole('heading', { name: say(language, 'shell.chats'), exact: true })).toBeVisible();
  });
}

/** Answers every request the same. */
async function plainServer(type: string, body: string): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': type }).end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${String(address.port)}` };
}

for (const language of ['en', 'ru'] as const) {
  test(`wrong password, and addresses where no Relay answers (${language})`, async ({ world, launch }) => {
    const anna = await world.person('Anna', 'Berg');
    const html = await plainServer('text/html', '<!doctype html><title>Shop</title><h1>Welcome</h1>');
    const json = await plainServer('application/json', '{"server":"something else","status":"ok"}');
    const { page } = await launch({ server: world.relay.url, locale: LOCALES[language] });
    const server = field(page, say(language, 'auth.server.label'));
    const username = field(page, say(language, 'auth.fields.username'));
    const password = field(page, say(language, 'auth.fields.password'));
    const refusal = page.locator('form').getByRole('alert');

    await username.fill(anna.username);
    await password.fill('not the password');
    await submitted(page, say(language, 'auth.signIn.submit'));
    await expect(refusal).toHaveText(say(language, 'errors.wrong_credentials'));
    await expect(username).toHaveValue(anna.username);
    await expect(password).toHaveValue('not the password');
    await expect(password).toBeFocused();

    const rows: [address: string, code: string][] = [
      [`http://127.0.0.1:${String(await freePort())}`, 'server_unreachable'],
      [html.url, 'not_a_relay'],
      [json.url, 'not_a_relay'],
      [world.relay.url.replace('http:', 'https:'), 'tls_failed'],
      ['http://', 'bad_address'],
      ['ftp://127.0.0.1', 'bad_address'],
      ['the one in the cellar', 'bad_address'],
      ['http://anna:secret@127.0.0.1', 'bad_address'],
    ];
    await password.fill(anna.password);
    for (const [address, code] of rows) {
      await server.fill(address);
      await submitted(page, say(language, 'auth.signIn.submit'));
      // Once, at the field that can mend it, with another try.
      await expect(page.locator('form').getByText(say(language, `errors.${code}`)), address).toHaveCount(1);
      await expect(refusal).toHaveCount(0);
      await expect(server).toBeFocused();
      await expect(page.getByRole('button', { name: say(language, 'common.retry') })).toBeVisible();
      await expect(server).toHaveValue(address);
      await expect(username).toHaveValue(anna.username);
      await expect(password).toHaveValue(anna.password);
      await expect(page.locator('form').getByRole('status').first(), address).toHaveText(
        say(language, `errors.${code}`),
      );
    }

    // Empty, then right: it was never too late.
    await server.fill('');
    await submitted(page, say(language, 'auth.signIn.submit'));
    await expect.poll(() => problemOf(server)).toBe(say(language, 'fields.required'));
    await server.fill(`  ${world.relay.url}/  `);
    await submitted(page, say(language, 'auth.signIn.submit'));
    await expect(page.getByRole('heading', { name: say(language, 'shell.chats'), exact: true })).toBeVisible();
    html.server.close();
    json.server.close();
  });
}

test('4,000 characters are sent, 4,001 are refused with words and stay', async ({ world }) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  await openChat(page, chatId);

  // Characters as people count them in the contract: an emoji is one, though the machine needs two units for it.
  const full = `begin ${'😀'.repeat(3990)} end`;
  expect([...full]).toHaveLength(4000);
  await composer(page).fill(`${full}!`);
  await composer(page).press('Enter');
  await expect(
    page.getByText(say('en', 'conversation.composer.tooLong', { n: 1 }).split(' | ')[0] ?? ''),
  ).toBeVisible();
  await expect(composer(page)).toHaveValue(`${full}!`);
  await expect(composer(page)).toHaveAttribute('aria-invalid', 'true');
  expect(await stored(boris, chatId)).toEqual([]);

  await composer(page).press('Backspace');
  await composer(page).press('Enter');
  await expect(composer(page)).toHaveValue('');
  await expectState(page, 'begin', 'sent');
  expect(await stored(boris, chatId)).toEqual([full]);

  // Nothing to see is nothing to send.
  for (const blank of ['   ', '\n\n', '\u200b\u200b']) {
    await composer(page).fill(blank);
    await composer(page).press('Enter');
    await expect(composer(page)).toHaveValue(blank);
  }
  expect(await stored(boris, chatId)).toHaveLength(1);
});

test('the relay goes away in the middle of a send: the message says so, waits, and arrives once', async ({ world }) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  const app = await world.open(anna);
  const { page } = app;
  await openChat(page, chatId);
  await send(page, 'before');
  await expectState(page, 'before', 'sent');

  // Frozen: it has taken the request and answers nothing.
  if (world.relay.pid === undefined) throw new Error('the relay has no process');
  process.kill(world.relay.pid, 'SIGSTOP');
  await send(page, 'in the middle');
  await expectState(page, 'in the middle', 'sending');
  await world.relay.kill();
  await expect(page.getByText(say('en', 'connection.waiting'))).toBeVisible();
  await send(page, 'after it went');
  await expectState(page, 'after it went', 'queued');
  await expect(composer(page)).toBeFocused();

  await world.relay.restart();
  await wake(app);
  await expectState(page, 'in the middle', 'sent');
  await expectState(page, 'after it went', 'sent');
  expect(await stored(boris, chatId)).toEqual(['before', 'in the middle', 'after it went']);
});

test('what the disk does not take stays in the composer, with the reason', async ({ world }) => {
  const [anna, boris] = await Promise.all([world.person('Anna', 'Berg'), world.person('Boris', 'Ode')]);
  const chatId = await world.chat(anna, boris);
  const app = await world.open(anna);
  const { page } = app;
  await openChat(page, chatId);

  // Another program holds the store: nothing can be written until it lets go.
  const accounts = join(app.userDataDir, 'accounts');
  const [folder] = await readdir(accounts);
  const database = new DatabaseSync(join(accounts, folder ?? '', 'relay.db'));
  database.exec('BEGIN IMMEDIATE');
  await send(page, 'nowhere to put it');
  const words = say('en', 'conversation.composer.notKept', { reason: say('en', 'errors.storage_failed') });
  await expect(page.getByText(words)).toBeVisible({ timeout: 20_000 });
  await expect(composer(page)).toHaveValue('nowhere to put it');
  await expect(page.getByRole('article')).toHaveCount(0);

  database.exec('ROLLBACK');
  database.close();
  await composer(page).press('Enter');
  await expectState(page, 'nowhere to put it', 'sent');
  await expect(composer(page)).toHaveValue('');
  await expect(page.getByText(words)).toBeHidden();
  expect(await stored(boris, chatId)).toEqual(['nowhere to put it']);
});

/** Frames that no server should send. */
function brokenFrames(): (string | Buffer)[] {
  const frame = (type: string, data: unknown): string => JSON.stringify({ type, data });
  const good = {
    id: 'messagehostile0000000099',
    chatId: HOSTILE_CHAT,
    content: 'x',
    createdAt: '2026-01-01T00:00:00Z',
  };
  return [
    '',
    'hello',
    '{',
    'null',
    '[]',
    '"message:new"',
    '{}',
    '{"type":"__proto__","data":{}}',
    '{"type":"constructor"}',
    '{"type":["message:new"]}',
    '{"__proto__":{"polluted":true},"type":"nothing"}',
    '['.repeat(20_000) + ']'.repeat(20_000),
    Buffer.from([0, 159, 146, 150]),
    frame('message:new', null),
    frame('message:new', 'text'),
    frame('message:new', { ...good, id: 7 }),
    frame('message:new', { ...good, chatId: { $gt: 0 } }),
    frame('message:new', { ...good, content: null }),
    frame('message:new', { ...good, content: 'x'.repeat(200_000) }),
    frame('message:new', { ...good, createdAt: 'yesterday' }),
    frame('message:new', { ...good, createdAt: 1e400 }),
    frame('message:new', { ...good, sender: { id: [], username: null } }),
    frame('message:new', { ...good, reactions: 'many' }),
    frame('message:new', { ...good, replyTo: { id: '', content: 5 } }),
    frame('message:status', { messageId: 'a', status: 'unheard', chatId: 'b' }),
    frame('reaction:new', { messageId: 'a', chatId: 'b', reaction: { emoji: '👍'.repeat(1000), userId: 'c' } }),
    frame('reaction:removed', { messageId: null }),
    frame('chat:read', { chatId: HOSTILE_CHAT, messageId: 'a', unreadCount: -1 }),
    frame('typing:start', { chatId: 7, userId: HOSTILE_CHAT }),
    frame('presence', { userId: HOSTILE_CHAT, online: 'yes' }),
    frame('call:incoming', { id: 'a', chatId: 'b', type: 'hologram', initiator: {} }),
    frame('call:ended', { id: 'a' }),
    JSON.stringify({ type: 'message:new', seq: 'seven', data: good }),
    frame('error', { code: 'x'.repeat(5000), message: 5 }),
    frame('auth:success', { userId: 5 }),
  ];
}

test('broken frames and answers of a hostile server are logged with a reason and dropped; the app lives', async ({
  launch,
}) => {
  const relay = await hostileRelay();
  const app = await launch({ server: relay.url });
  const { page } = app;
  const log = (): Promise<string> => readFile(join(app.userDataDir, 'logs', 'main.log'), 'utf8');
  await field(page, say('en', 'auth.fields.username')).fill('victim');
  await field(page, say('en', 'auth.fields.password')).fill('the password');
  await submitted(page, say('en', 'auth.signIn.submit'));
  await chatRowById(page, HOSTILE_CHAT).click();
  relay.message('messagehostile0000000001', 'a right one');
  await expect(bubble(page, 'a right one')).toBeVisible();

  // In two halves, each on a connection of its own: of one connection only the first few are written down.
  const broken = brokenFrames();
  const half = Math.ceil(broken.length / 2);
  for (const frame of broken.slice(0, half)) relay.frame(frame);
  relay.message('messagehostile0000000002', 'a right one after them');
  await expect(bubble(page, 'a right one after them')).toBeVisible();
  relay.hangUp();
  await expect.poll(() => relay.connections()).toBe(0);
  await wake(app);
  await expect.poll(() => relay.connections()).toBe(1);
  for (const frame of broken.slice(half)) relay.frame(frame);
  relay.message('messagehostile0000000003', 'and one at the end');
  await expect(bubble(page, 'and one at the end')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(3);
  expect(relay.connections()).toBe(1);
  const dropped = (await log()).split('\n').filter((line) => line.includes('socket.frame_dropped'));
  expect(dropped).toHaveLength(broken.length);
  for (const line of dropped) expect(line).toMatch(/"reason":"[^"]+"/);

  // Answers: another kind of text, wrong types, and rows of which only one is right.
  for (const body of ['<html></html>', '', '{"chats":"none"}', '{"chats":[{"id":7}],"x":', '[[[[', '5']) {
    relay.answers.set('GET /chats', body);
    const before = relay.asked('GET /chats');
    await wake(app);
    await expect.poll(() => relay.asked('GET /chats')).toBeGreaterThan(before);
    await expect(bubble(page, 'and one at the end')).toBeVisible();
    await expect(chatRowById(page, HOSTILE_CHAT)).toBeVisible();
  }
  await expect.poll(log).toContain('api.answer_refused');
  relay.answers.clear();
  await wake(app);
  await expect(page.getByText(say('en', 'connection.waiting'))).toBeHidden();
  relay.message('messagehostile0000000004', 'and it goes on');
  await expect(bubble(page, 'and it goes on')).toBeVisible();

  const text = await log();
  expect(text).not.toContain('header.payload.signature');
  expect(text).not.toContain('a right one');
  await relay.close();
});
