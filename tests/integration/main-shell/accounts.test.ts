/** One main with three accounts on two relays at once: everything arrives, the sums agree, and what is closed takes only its own along. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOfAccount } from '../../../contract/ipc/coalesce.ts';
import type { AccountEvent } from '../../../contract/ipc/push.ts';
import type { AccountSnapshot } from '../../../contract/ipc/views.ts';
import { accountFolder } from '../../../electron/main/services/store/account-store.ts';
import { must } from '../../helpers/data-world.ts';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { say } from '../../helpers/relay-scene.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';

interface Account {
  id: string;
  userId: string;
  relay: TestRelay;
  /** Who writes to it, and where. */
  friend: TestUser;
  chatId: string;
}

const relays: TestRelay[] = [];
const secrets = secretStore('strong');
let own: Awaited<ReturnType<typeof ownFolder>>;
let main: TestMain;
const accounts: Account[] = [];

async function addAccount(username: string, relay: TestRelay): Promise<Account> {
  const form = { server: relay.url, username, password: 'a fine password', age: 30, bio: '' };
  const { accountId: id } = must(
    await main.call('accounts.register', { ...form, firstName: username, lastName: 'Example' }),
  );
  const friend = await relay.register(`friend.${username}`);
  const chat = must(await main.call('chats.create', { accountId: id, userId: friend.user.id }));
  return { id, userId: id.slice(relay.url.length + 1), relay, friend, chatId: chat.id };
}

const events = ({ id }: Account): AccountEvent[] =>
  main.pushed.flatMap((push) => (isOfAccount(push) && push.accountId === id ? [push.event] : []));
const write = ({ friend, chatId }: Account, content: string) => say(friend, chatId, content);
const sums = (): number[] =>
  main.pushed.flatMap((push) => (!isOfAccount(push) && push.kind === 'unread' ? [push.unread.messages] : []));
const folderNames = () => readdir(join(own.folder, 'accounts'));

async function states(): Promise<{
  states: AccountSnapshot[];
  unread: number;
  open: string[];
  current: string | null;
}> {
  const { states, unread, accounts: view } = must(await main.call('app.ready', {}));
  return { states, unread: unread.messages, open: view.open.map(({ id }) => id), current: view.current };
}

beforeAll(async () => {
  relays.push(await startTestRelay(), await startTestRelay());
  own = await ownFolder();
  main = await startMain(own.folder, secrets, relays[0]?.url ?? '');
  for (const [name, n] of [
    ['ada', 0],
    ['ada.too', 0],
    ['ada.there', 1],
  ] as const) {
    const relay = relays[n];
    if (relay) accounts.push(await addAccount(name, relay));
  }
  await until('all live', () => main.logger.of('sync.live').length >= 3);
  await states();
});
afterAll(async () => {
  await main.close();
  for (const relay of relays) await relay.close();
  await own.remove();
});

describe('three accounts in one program', () => {
  it('hear what is written to each of them, and the sum over all is told', async () => {
    for (const [n, account] of accounts.entries())
      for (let m = 0; m <= n; m += 1) await write(account, `for ${String(n)}`);
    await until('the sum', () => sums().at(-1) === 6);
    expect(main.counts.at(-1)).toBe(6);
    const now = await states();
    expect(now.unread).toBe(6);
    expect(now.states.map(({ accountId, unread }) => [accountId, unread.messages])).toEqual(
      accounts.map(({ id }, n) => [id, n + 1]),
    );
    for (const { id, chatId } of accounts) {
      const chat = now.states.find(({ accountId }) => accountId === id)?.chats.find((one) => one.id === chatId);
      expect(chat?.unread).toBe(accounts.findIndex((one) => one.id === id) + 1);
    }
    // Who is written to is said where more than one could be meant.
    expect(new Set(main.notices.map(({ title }) => title.split(' · ')[1]?.split('@')[0]))).toEqual(
      new Set(['ada', 'ada.too', 'ada.there']),
    );
  });

  it('a click on a notification leads to its account', async () => {
    const [first] = accounts;
    const notice = main.notices.find(({ chatId }) => chatId === first?.chatId);
    notice?.clicked();
    await until('the page is led there', () => events(first as Account).some(({ kind }) => kind === 'open'));
    for (const other of accounts.slice(1)) expect(events(other).some(({ kind }) => kind === 'open')).toBe(false);
  });

  it('a command reaches the account that it names and no other', async () => {
    const [one, two] = accounts as [Account, Account];
    const draft = { chatId: one.chatId, text: 'for one', replyTo: null };
    expect(await main.call('chats.saveDraft', { accountId: two.id, ...draft })).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await main.call('chats.saveDraft', { accountId: one.id, ...draft })).toEqual({ ok: true, value: null });
    expect(await main.call('chats.saveDraft', { accountId: `${one.id}x`, ...draft })).toMatchObject({
      error: { code: 'not_signed_in' },
    });
    must(await main.call('messages.send', { accountId: two.id, chatId: two.chatId, text: 'from two', replyTo: null }));
    await until('it is sent', () =>
      events(two).some(({ kind, ...event }) => kind === 'messages' && JSON.stringify(event).includes('"sent"')),
    );
    expect(JSON.stringify(events(one))).not.toContain('from two');
  });

  it('the one that is looked at is remembered, all are open again after a start', async () => {
    const [one] = accounts as [Account];
    expect(await main.call('accounts.show', { accountId: one.id })).toEqual({ ok: true, value: null });
    await main.close();
    main = await startMain(own.folder, secrets, relays[0]?.url ?? '');
    const now = await states();
    expect(now.open).toEqual(accounts.map(({ id }) => id));
    expect(now.current).toBe(one.id);
    expect(now.unread).toBe(6);
    await main.call('app.shown', {});
    await until('all live again', () => main.logger.of('sync.live').length >= 3);
  });

  it('a log-out closes and forgets one alone: its files, its count, its part of the sum', async () => {
    const [one, two, three] = accounts as [Account, Account, Account];
    const nameOf = ({ id }: Account): string =>
      accountFolder(own.folder, id).slice(own.folder.length + '/accounts/'.length);
    expect((await folderNames()).sort()).toEqual(accounts.map(nameOf).sort());
    expect(await main.call('accounts.logout', { accountId: two.id, forget: true })).toEqual({ ok: true, value: null });
    await until('the sum without it', () => sums().at(-1) === 4);
    const now = await states();
    expect(now.open).toEqual([one.id, three.id]);
    expect(now.current).toBe(one.id);
    for (;;) {
      const left = await folderNames();
      if (!left.includes(nameOf(two))) {
        expect(left.sort()).toEqual([one, three].map(nameOf).sort());
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(
      await main.call('messages.page', { accountId: two.id, chatId: two.chatId, anchor: { at: 'latest' }, limit: 10 }),
    ).toMatchObject({ error: { code: 'not_signed_in' } });
    await write(three, 'still there');
    await until('the others go on', () => sums().at(-1) === 5);
  });

  it('signed in again it begins from nothing, and the others have lost nothing', async () => {
    const [one, two, three] = accounts as [Account, Account, Account];
    const login = { server: two.relay.url, username: 'ada.too', password: 'a fine password' };
    expect(must(await main.call('accounts.login', login)).accountId).toBe(two.id);
    await until('its chats come', () =>
      events(two).some((event) => event.kind === 'chats' && event.upserts.length > 0),
    );
    const now = await states();
    expect(now.open).toEqual([one.id, three.id, two.id]);
    expect(now.current).toBe(two.id);
    const page = { chatId: one.chatId, anchor: { at: 'latest' as const }, limit: 10 };
    const kept = must(await main.call('messages.page', { accountId: one.id, ...page }));
    expect(kept.items.map(({ text }) => text)).toContain('for 0');
  });
});
