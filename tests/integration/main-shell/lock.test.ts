/** The whole of main behind its lock: what the page may ask and hear, what the system is shown, and where tokens are. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL_NAMES } from '../../../contract/ipc/channels.ts';
import { isOfAccount } from '../../../contract/ipc/coalesce.ts';
import { must } from '../../helpers/data-world.ts';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { say } from '../../helpers/relay-scene.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';

const PIN = '2580-and-more';
const secrets = secretStore('strong');
let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let main: TestMain;
let friend: TestUser;
let accountId: string;
let chatId: string;

async function addAccount(username: string): Promise<string> {
  const form = { server: relay.url, username, password: 'a fine password', age: 30, bio: '' };
  return must(await main.call('accounts.register', { ...form, firstName: username, lastName: 'Example' })).accountId;
}

beforeEach(async () => {
  relay = await startTestRelay();
  own = await ownFolder();
  main = await startMain(own.folder, secrets, relay.url);
  accountId = await addAccount('anna');
  friend = await relay.register('friend');
  chatId = must(await main.call('chats.create', { accountId, userId: friend.user.id })).id;
  must(await main.call('app.ready', {}));
  await until('live', () =>
    main.pushed.some(
      (push) => isOfAccount(push) && push.event.kind === 'connection' && push.event.connection.phase === 'live',
    ),
  );
});
afterEach(async () => {
  await main.close();
  await relay.close();
  await own.remove();
});

async function restart(): Promise<void> {
  await main.close();
  main = await startMain(own.folder, secrets, relay.url);
}

/** The token as the key store alone would read it. */
async function keptToken(): Promise<string> {
  const text = await readFile(join(own.folder, 'accounts.json'), 'utf8');
  const { accounts } = JSON.parse(text) as { accounts: { token: string | null }[] };
  const read = await secrets.decrypt(accounts[0]?.token ?? '');
  return read.state === 'read' ? read.secret : '';
}

describe('a locked application', () => {
  it('answers, tells and shows nothing of its accounts', async () => {
    must(await main.call('lock.set', { pin: PIN, current: null }));
    must(await main.call('lock.now', {}));
    expect(main.outside.filter((what) => what === 'reload')).toHaveLength(1);
    for (const name of CHANNEL_NAMES) {
      if (['app.ready', 'app.shown', 'lock.unlock', 'lock.forgot'].includes(name)) continue;
      const answer = await main.invoke(name, [{ accountId, chatId }]);
      expect(answer).toMatchObject({ ok: false });
      if (!answer.ok) expect(['locked', 'bad_request', 'denied']).toContain(answer.error.code);
    }
    expect(await main.call('chats.opened', { accountId, chatId })).toMatchObject({ error: { code: 'locked' } });
    const snapshot = must(await main.call('app.ready', {}));
    expect(snapshot).toMatchObject({ states: [], unread: { messages: 0 }, lock: { locked: true } });
    expect(JSON.stringify(snapshot)).not.toContain('anna');

    main.pushed.splice(0);
    await say(friend, chatId, 'the secret plan');
    await until('a notification', () => main.notices.length > 0);
    expect(main.notices[0]).toMatchObject({ title: 'Relay', body: 'New message' });
    expect(JSON.stringify(main.notices)).not.toMatch(/secret|friend/);
    expect(main.pushed.filter(isOfAccount)).toEqual([]);

    expect(await main.call('lock.unlock', { pin: 'no, not that' })).toMatchObject({ error: { code: 'wrong_pin' } });
    await until('a push', () => main.pushed.length > 0);
    expect(main.pushed).toMatchObject([{ kind: 'lock', lock: { locked: true } }]);
    must(await main.call('lock.unlock', { pin: PIN }));
    expect(main.outside.filter((what) => what === 'reload')).toHaveLength(2);
    const after = must(await main.call('app.ready', {}));
    expect(after.states[0]?.chats[0]?.last?.text).toBe('the secret plan');
    expect(JSON.stringify(main.logger.entries)).not.toMatch(/2580|not that/);
  });

  it('connects after a start only once the PIN was typed', async () => {
    const before = await keptToken();
    expect(before).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    must(await main.call('lock.set', { pin: PIN, current: null }));
    expect(await keptToken()).toMatch(/^pin1:/);
    await restart();
    expect(must(await main.call('app.ready', {}))).toMatchObject({ states: [], lock: { locked: true } });
    expect(main.assembly.signIn.view().open).toHaveLength(1);
    await say(friend, chatId, 'while it was locked');
    must(await main.call('lock.unlock', { pin: PIN }));
    must(await main.call('app.ready', {}));
    await until('it came', () =>
      main.pushed.some(
        (push) =>
          isOfAccount(push) &&
          push.event.kind === 'chats' &&
          push.event.upserts.some(({ last }) => last?.text === 'while it was locked'),
      ),
    );
    must(await main.call('lock.off', { pin: PIN }));
    expect(await keptToken()).toBe(before);
    await restart();
    expect(must(await main.call('app.ready', {}))).toMatchObject({ lock: { enabled: false, locked: false } });
  });

  it('is left by signing out when the PIN is forgotten', async () => {
    must(await main.call('lock.set', { pin: PIN, current: null }));
    await restart();
    must(await main.call('lock.forgot', {}));
    expect(must(await main.call('app.ready', {}))).toMatchObject({
      accounts: { open: [], last: { username: 'anna' } },
      lock: { enabled: false, locked: false },
    });
    expect(await keptToken()).toBe('');
  });
});

describe('several accounts', () => {
  it('stand in the order that was chosen, also after a restart, and are signed out together', async () => {
    const others = [await addAccount('boris'), await addAccount('clara')];
    const order = [others[1] ?? '', accountId, others[0] ?? ''];
    must(await main.call('accounts.arrange', { ids: order }));
    const ids = () => main.assembly.signIn.view().open.map(({ id }) => id);
    expect(ids()).toEqual(order);
    must(await main.call('accounts.arrange', { ids: [others[0] ?? '', 'nobody'] }));
    expect(ids()).toEqual([others[0], others[1], accountId]);
    await restart();
    expect(ids()).toEqual([others[0], others[1], accountId]);
    must(await main.call('accounts.logoutAll', { forget: true }));
    expect(ids()).toEqual([]);
    const text = await readFile(join(own.folder, 'accounts.json'), 'utf8');
    expect((JSON.parse(text) as { accounts: unknown[] }).accounts).toEqual([]);
  });
});
