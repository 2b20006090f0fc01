/** Two whole mains on one real node: what the one sends, the other's notifications, tray and page tell together. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOfAccount } from '../../../contract/ipc/coalesce.ts';
import { PROFILE_CHAT } from '../../../contract/model/limits.ts';
import type { AccountEvent } from '../../../contract/ipc/push.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import type { Clock } from '../../../electron/main/services/ports.ts';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

interface Person {
  main: TestMain;
  accountId: string;
  own: Awaited<ReturnType<typeof ownFolder>>;
}

let relay: TestRelay;
let ada: Person;
let ben: Person;
let chatId = '';
/** Ben's computer is eleven minutes ahead: what arrives is dated by the server's clock, and new all the same. */
const ahead: Clock = { ...systemClock, now: () => systemClock.now() + 11 * 60_000 };

async function person(username: string, clock: Clock = systemClock): Promise<Person> {
  const own = await ownFolder();
  const main = await startMain(own.folder, secretStore('strong'), relay.url, clock);
  const form = {
    server: relay.url,
    username,
    password: 'a fine password',
    firstName: username,
    lastName: 'Example',
    age: 30,
    bio: '',
  };
  const opened = await main.call('accounts.register', form);
  if (!opened.ok) throw new Error(opened.error.message);
  const { accountId } = opened.value;
  await until(`${username} is live`, () => main.logger.of('sync.live').length > 0);
  expect(await main.call('app.ready', {})).toMatchObject({
    ok: true,
    value: { accounts: { current: accountId, open: [{ id: accountId, status: 'signed_in' }] } },
  });
  return { main, own, accountId };
}

/** What the page was told of its account. */
const events = ({ main, accountId }: Person): AccountEvent[] =>
  main.pushed.flatMap((push) => (isOfAccount(push) && push.accountId === accountId ? [push.event] : []));

const send = (from: Person, text: string) =>
  from.main.call('messages.send', { accountId: from.accountId, chatId, text, replyTo: null });

beforeAll(async () => {
  relay = await startTestRelay();
  ada = await person('ada');
  ben = await person('ben', ahead);
  const found = await ada.main.call('users.search', { accountId: ada.accountId, q: 'ben' });
  const userId = found.ok ? found.value[0]?.id : undefined;
  if (userId === undefined) throw new Error('ben was not found');
  const chat = await ada.main.call('chats.create', { accountId: ada.accountId, userId });
  if (!chat.ok) throw new Error(chat.error.message);
  chatId = chat.value.id;
});
afterAll(async () => {
  for (const { main, own } of [ada, ben]) {
    await main.close();
    await own.remove();
  }
  await relay.close();
});

describe('a message that arrives', () => {
  it('is a notification and a count, and a click leads to it', async () => {
    expect(await send(ada, 'Good morning')).toMatchObject({ ok: true });
    await until('the notification', () => ben.main.notices.length === 1);
    const [notice] = ben.main.notices;
    expect(notice).toMatchObject({ chatId, title: 'ada Example', body: 'Good morning' });
    await until('the count', () => ben.main.counts.at(-1) === 1);
    notice?.clicked();
    expect(ben.main.outside).toEqual(['raise']);
    await until('the page is led there', () =>
      events(ben).some(
        (event) => event.kind === 'open' && event.chatId === chatId && event.messageId === notice?.messageId,
      ),
    );
    const page = await ben.main.call('messages.page', {
      accountId: ben.accountId,
      chatId,
      anchor: { at: 'latest' },
      limit: 10,
    });
    expect(page.ok && page.value.items.at(-1)).toMatchObject({ id: notice?.messageId, text: 'Good morning' });
  });

  it('is no notification for who sent it', () => {
    expect(ada.main.notices).toEqual([]);
  });

  it('counts no more once it was read', async () => {
    const messageId = ben.main.notices[0]?.messageId ?? '';
    expect(await ben.main.call('chats.markRead', { accountId: ben.accountId, chatId, messageId })).toEqual({
      ok: true,
      value: null,
    });
    await until('the count is gone', () => ben.main.counts.at(-1) === 0);
  });

  it('is silent in a muted chat', async () => {
    expect(
      await ben.main.call('chats.organise', { accountId: ben.accountId, chatId, muted: { until: null } }),
    ).toMatchObject({ ok: true });
    await send(ada, 'Are you there?');
    await until('the message', () =>
      events(ben).some(
        (event) => event.kind === 'messages' && event.upserts.some(({ text }) => text === 'Are you there?'),
      ),
    );
    expect(ben.main.notices).toHaveLength(1);
    expect(ben.main.logger.of('notification.silent').map(({ fields }) => fields['why'])).toContain('muted');
  });
});

describe('a page', () => {
  it('is told message by message of the chats it has asked for, and of the others by their rows in the list', async () => {
    const told = (kind: string): number => events(ben).filter((event) => event.kind === kind).length;
    // A new page: it holds nothing yet.
    ben.main.assembly.pages.gone('main');
    expect(await ben.main.call('app.ready', {})).toMatchObject({ ok: true });
    const before = told('messages');
    expect(await send(ada, 'Nobody looks at this one')).toMatchObject({ ok: true });
    await until('the row', () =>
      events(ben).some(
        (event) =>
          event.kind === 'chats' && event.upserts.some(({ last }) => last?.text === 'Nobody looks at this one'),
      ),
    );
    expect(told('messages')).toBe(before);
    const page = await ben.main.call('messages.page', {
      accountId: ben.accountId,
      chatId,
      anchor: { at: 'latest' },
      limit: 50,
    });
    expect(page.ok && page.value.items.at(-1)?.text).toBe('Nobody looks at this one');
    expect(await send(ada, 'Now somebody does')).toMatchObject({ ok: true });
    await until('the message', () =>
      events(ben).some(
        (event) => event.kind === 'messages' && event.upserts.some(({ text }) => text === 'Now somebody does'),
      ),
    );
  });
});

describe('an answer in the notification', () => {
  it('goes the way of every message, and what it answers is read', async () => {
    await ben.main.call('chats.organise', { accountId: ben.accountId, chatId, muted: null });
    await send(ada, 'Lunch?');
    await until('the notification', () => ben.main.notices.at(-1)?.body === 'Lunch?');
    expect(ben.main.counts.at(-1)).toBeGreaterThan(0);
    ben.main.notices.at(-1)?.offers.answers?.reply('With pleasure');
    await until('ada has it', () =>
      events(ada).some(
        (event) =>
          event.kind === 'messages' && event.upserts.some(({ text, mine }) => text === 'With pleasure' && !mine),
      ),
    );
    await until('it is read', () => ben.main.counts.at(-1) === 0);
  });

  it('that is too long waits in the composer, and the chat opens', async () => {
    await send(ada, 'And?');
    await until('the notification', () => ben.main.notices.at(-1)?.body === 'And?');
    const long = 'x'.repeat(5_000);
    ben.main.notices.at(-1)?.offers.answers?.reply(long);
    await until('the draft', () =>
      events(ben).some((event) => event.kind === 'chats' && event.upserts.some(({ draft }) => draft === long)),
    );
    await until('it opens', () => ben.main.outside.at(-1) === 'raise');
  });

  it('can be a mark', async () => {
    ben.main.notices.at(-1)?.offers.answers?.read();
    await until('it is read', () => ben.main.counts.at(-1) === 0);
  });

  it('is not asked for while its user wants quiet, and the reason can be read', async () => {
    expect(await ben.main.call('desktop.pause', { pause: 'half' })).toMatchObject({ ok: true });
    const before = ben.main.notices.length;
    await send(ada, 'Hello?');
    await until('the count', () => ben.main.counts.at(-1) === 1);
    expect(ben.main.notices).toHaveLength(before);
    const told = await ben.main.call('desktop.diagnose', {});
    expect(told.ok && told.value.notices.silences.map(({ why }) => why)).toContain('paused');
    expect(told.ok && told.value.accounts).toMatchObject([{ phase: 'live', reason: null }]);
    await until('the tray', () => {
      const tray = ben.main.trays.at(-1);
      return typeof tray?.pausedUntil === 'number' && tray.chats.length > 0;
    });
    expect(ben.main.trays.at(-1)).toMatchObject({ status: 'online', chats: [{ title: 'ada Example', unread: 1 }] });
  });
});

describe('the picture of whoever wrote', () => {
  it('is in the notification, unless its user wants nothing to be seen', async () => {
    const face = await sharp({ create: { width: 320, height: 320, channels: 3, background: '#a3f' } })
      .jpeg()
      .toBuffer();
    const staged = await ada.main.call('files.stageBytes', {
      ...{ accountId: ada.accountId, chatId: PROFILE_CHAT, uploadId: null, name: 'face.jpg', mimeType: 'image/jpeg' },
      ...{ size: face.length, voice: false, chunk: Uint8Array.from(face), last: true },
    });
    if (!staged.ok) throw new Error(staged.error.message);
    const adaId = ada.accountId.slice(ada.accountId.lastIndexOf('/') + 1);
    const changed = await ada.main.call('users.updateMe', {
      ...{ accountId: ada.accountId, firstName: 'ada', lastName: 'Example', bio: '' },
      avatar: { uploadId: staged.value.uploadId },
    });
    expect(changed).toMatchObject({ ok: true });
    await ben.main.call('chats.organise', { accountId: ben.accountId, chatId, muted: null });
    await ben.main.call('desktop.pause', { pause: null });
    // The list learns of it when it is told of the person again.
    await ben.main.call('users.get', { accountId: ben.accountId, id: adaId });
    const next = async (text: string): Promise<(typeof ben.main.notices)[number] | undefined> => {
      await send(ada, text);
      await until(text, () => ben.main.notices.some(({ body, title }) => body === text || title === 'Relay'));
      return ben.main.notices.pop();
    };
    // The first ones may be too early for what was never fetched.
    let notice = await next('0');
    for (let count = 1; count < 20 && notice?.offers.picture === null; count += 1) notice = await next(String(count));
    expect(Buffer.from(notice?.offers.picture ?? []).subarray(0, 3)).toEqual(Buffer.from('ffd8ff', 'hex'));
    await ben.main.call('settings.update', { noticeContent: 'nothing' });
    expect(await next('Four')).toMatchObject({ title: 'Relay', face: null, offers: { picture: null } });
    await ben.main.call('settings.update', { noticeContent: 'full' });
  });
});
