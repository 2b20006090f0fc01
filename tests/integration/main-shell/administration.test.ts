/** The administrator's console of main, on a real relay. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { pair, say } from '../../helpers/relay-scene.ts';

let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let main: TestMain;
let accountId: string;

beforeEach(async () => {
  own = await ownFolder();
  relay = await startTestRelay();
  main = await startMain(own.folder, secretStore('strong'), relay.url);
  const { anna, boris, chatId } = await pair(relay);
  for (let n = 0; n < 5; n += 1) await say(n % 2 === 0 ? anna : boris, chatId, `=text ${n}`);
  const signedIn = await main.call('accounts.login', {
    server: relay.url,
    username: anna.user.username,
    password: anna.password,
  });
  if (!signedIn.ok) throw new Error(signedIn.error.code);
  ({ accountId } = signedIn.value);
});
afterEach(async () => {
  await main.close();
  await relay.close();
  await own.remove();
});

/** Of all tokens in a text: what they are good for. */
const scopes = (text: string): unknown[] =>
  [...text.matchAll(/eyJ[\w-]*\.([\w-]+)\.[\w-]+/g)].map(([, claims = '']) => {
    const parsed: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return (parsed as { scope?: unknown }).scope;
  });

const login = () =>
  main.call('admin.login', { accountId, username: relay.admin.username, password: relay.admin.password });

it('nothing is shown to whoever has not signed in as an administrator, and an account’s own sign-in is none', async () => {
  expect(await main.call('admin.session', { accountId })).toEqual({ ok: true, value: null });
  const list = { accountId, limit: 10, sort: 'newest' } as const;
  for (const answer of [
    await main.call('admin.users', list),
    await main.call('admin.messages', list),
    await main.call('admin.reactions', list),
    await main.call('admin.looks', { accountId, limit: 10 }),
    await main.call('admin.statistics', { accountId, from: 0, to: 3_600_000, stepHours: 1 }),
    await main.call('admin.export', { accountId, list: 'users', sort: 'newest' }),
  ]) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
  }
  const { username } = relay.admin;
  const wrong = await main.call('admin.login', { accountId, username, password: 'guess' });
  expect(wrong).toMatchObject({ ok: false, error: { code: 'wrong_credentials' } });
});

it('lists, searches and pages what the server has, and keeps no token on the disk', async () => {
  expect(await login()).toMatchObject({ ok: true, value: { server: relay.url, username: 'admin' } });
  const first = await main.call('admin.messages', { accountId, limit: 3, sort: 'oldest' });
  if (!first.ok) throw new Error(first.error.code);
  expect(first.value.rows.map(({ text }) => text)).toEqual(['=text 0', '=text 1', '=text 2']);
  expect(first.value.total).toBe(5);
  const rest = await main.call('admin.messages', {
    accountId,
    limit: 3,
    sort: 'oldest',
    cursor: first.value.next ?? 'none',
  });
  expect(rest).toMatchObject({ ok: true, value: { rows: [{ text: '=text 3' }, { text: '=text 4' }], next: null } });
  const found = await main.call('admin.users', { accountId, q: 'boris', limit: 10, sort: 'name' });
  expect(found).toMatchObject({ ok: true, value: { total: 1, rows: [{ messages: 2 }] } });
  const now = Date.now();
  const stats = await main.call('admin.statistics', { accountId, from: now - 3_600_000, to: now, stepHours: 1 });
  expect(stats).toMatchObject({ ok: true, value: { messages: 5, users: 2 } });
  const looks = await main.call('admin.looks', { accountId, limit: 1 });
  expect(looks).toMatchObject({ ok: true, value: { rows: [{ action: 'adminAudit' }] } });

  const files = (await readdir(own.folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(scopes(await readFile(join(file.parentPath, file.name), 'latin1'))).not.toContain('admin');
  }
  expect(scopes(JSON.stringify([main.pushed, main.logger.entries]))).not.toContain('admin');
  expect(scopes(`"${relay.admin.token}"`)).toEqual(['admin']);
  expect(JSON.stringify(main.pushed)).not.toContain(relay.admin.password);
  await main.call('admin.logout', { accountId });
  expect(await main.call('admin.session', { accountId })).toEqual({ ok: true, value: null });
});

it('saves a list where the user wants it, and writes nothing when they do not', async () => {
  await login();
  expect(await main.call('admin.export', { accountId, list: 'messages', sort: 'oldest' })).toEqual({
    ok: true,
    value: null,
  });
  await mkdir(join(own.folder, 'saved'));
  main.files.places.push(join(own.folder, 'saved', 'list.csv'), join(own.folder, 'missing', 'list.csv'));
  const saved = await main.call('admin.export', { accountId, list: 'messages', sort: 'oldest', q: '@anna' });
  const text = await readFile(join(own.folder, 'saved', 'list.csv'), 'utf8');
  expect(saved).toEqual({ ok: true, value: { complete: true, bytes: Buffer.byteLength(text) } });
  expect(text.trimEnd().split('\r\n')).toHaveLength(4);
  expect(text).toContain(`"'=text 0"`);
  expect(await main.call('admin.export', { accountId, list: 'users', sort: 'newest' })).toMatchObject({
    ok: false,
    error: { code: 'storage_failed' },
  });
  expect(await readdir(join(own.folder, 'saved'))).toEqual(['list.csv']);
  expect(main.files.asked).toEqual(['relay-messages.csv', 'relay-messages.csv', 'relay-users.csv']);
});

it('a session ends with its account', async () => {
  await login();
  await main.call('accounts.logout', { accountId, forget: false });
  expect(await main.call('admin.session', { accountId })).toEqual({ ok: true, value: null });
});
