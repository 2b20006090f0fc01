import { describe, expect, it } from 'vitest';
import type { ChatView } from '../../../../contract/ipc/views.ts';
import { DESKTOP_DEFAULTS } from '../../../../contract/ipc/desktop-defaults.ts';
import { isQuietHour, pauseEnd, type QuietHours } from '../../../../contract/model/quiet.ts';
import { decide, isMuted, type Notice } from '../../../../electron/main/services/notifications/decide.ts';
import { noticeRules, type NoticeRules } from '../../../../electron/main/services/notifications/notice-rules.ts';
import {
  createNotificationsService,
  type NoticeOffers,
} from '../../../../electron/main/services/notifications/notifications-service.ts';
import { Silences } from '../../../../electron/main/services/notifications/silences.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const NOW = Date.UTC(2026, 0, 1);

function chat(more: Partial<ChatView> = {}, last: Partial<NonNullable<ChatView['last']>> | null = {}): ChatView {
  return {
    id: 'c1',
    title: 'Ada Example',
    peer: {
      id: 'u1',
      username: 'ada',
      name: 'Ada Example',
      firstName: '',
      lastName: '',
      bio: '',
      online: null,
      lastSeenAt: null,
      avatarUrl: null,
    },
    participants: [],
    last:
      last === null
        ? null
        : { key: 'm1', mine: false, senderName: 'Ada Example', text: 'Hello', files: 0, at: NOW, state: null, ...last },
    activityAt: NOW,
    unread: 1,
    markedUnread: false,
    pinned: false,
    archived: false,
    muted: null,
    draft: '',
    draftReplyTo: null,
    waiting: 0,
    failed: 0,
    hasFiles: false,
    hasMusic: false,
    ...more,
  };
}

const FACE = '/media/a0123456789abcdefface';
/** The same chat with somebody who has a picture. */
const withFace = (view: ChatView): ChatView => ({ ...view, peer: view.peer && { ...view.peer, avatarUrl: FACE } });

const moment: Parameters<typeof decide>[2] = {
  ...{ now: NOW, serverNow: NOW, watching: false, presenting: false },
  rules: { silence: null, content: 'full' },
  words: { files: (files: number) => `${String(files)} files`, message: 'New message', app: 'Relay' },
};

const night: QuietHours = { on: true, from: 22 * 60, to: 8 * 60, days: [1, 5] };
const local = (day: number, hour: number, minute = 0): Date => new Date(2026, 5, day, hour, minute);

describe('quiet hours', () => {
  // The first of June 2026 is a Monday.
  it.each([
    ['before they begin', night, local(1, 21, 59), false],
    ['from their first minute', night, local(1, 22), true],
    ['over midnight', night, local(2, 7, 59), true],
    ['not after their end', night, local(2, 8), false],
    ['not on another day', night, local(2, 23), false],
    ['the morning after another day', night, local(4, 3), false],
    ['the morning after their second day', night, local(6, 3), true],
    ['off', { ...night, on: false }, local(1, 23), false],
    ['on no day', { ...night, days: [] }, local(1, 23), false],
    ['within a day', { ...night, from: 540, to: 1020 }, local(1, 9), true],
    ['within a day, at its end', { ...night, from: 540, to: 1020 }, local(1, 17), false],
    ['a whole day', { ...night, from: 0, to: 0 }, local(1, 12), true],
    ['a whole day, and no minute of the next', { ...night, from: 0, to: 0 }, local(2, 0), false],
  ])('%s', (_what, hours, at, expected) => {
    expect(isQuietHour(hours, at)).toBe(expected);
  });

  it('a pause ends when it was said to', () => {
    const now = local(1, 23, 30).getTime();
    expect(pauseEnd('half', now) - now).toBe(1_800_000);
    expect(pauseEnd('hour', now) - now).toBe(3_600_000);
    expect(new Date(pauseEnd('tomorrow', now))).toEqual(local(2, 8));
  });

  it('what is off goes before a pause, and a pause before the hours', () => {
    const settings = { ...DESKTOP_DEFAULTS, quietHours: { ...night, from: 0, to: 0, days: [0, 1, 2, 3, 4, 5, 6] } };
    const later = NOW + 1;
    expect(noticeRules({ ...settings, notify: false, pausedUntil: later }, NOW).silence).toBe('off');
    expect(noticeRules({ ...settings, pausedUntil: later }, NOW).silence).toBe('paused');
    expect(noticeRules({ ...settings, pausedUntil: NOW }, NOW).silence).toBe('quiet_hours');
    expect(noticeRules(DESKTOP_DEFAULTS, NOW)).toEqual({ silence: null, content: 'full' });
  });
});

describe('whether a chat is worth a notification', () => {
  it.each<[string, ChatView, number, typeof moment, string]>([
    ['something new', chat(), 0, moment, 'shown'],
    ['more of it', chat({ unread: 3 }), 2, moment, 'shown'],
    ['nothing new', chat(), 1, moment, 'nothing_new'],
    ['read elsewhere', chat({ unread: 0 }), 4, moment, 'nothing_new'],
    ['no message', chat({}, null), 0, moment, 'nothing_new'],
    ['an own message from another device', chat({}, { mine: true }), 0, moment, 'own'],
    ['muted for good', chat({ muted: { until: null } }), 0, moment, 'muted'],
    ['muted for a while', chat({ muted: { until: NOW + 1 } }), 0, moment, 'muted'],
    ['muted until a moment ago', chat({ muted: { until: NOW } }), 0, moment, 'shown'],
    ['the person looks', chat(), 0, { ...moment, watching: true }, 'watching'],
    ['others see the screen', chat(), 0, { ...moment, presenting: true }, 'presenting'],
    ['missed an hour ago', chat({}, { at: NOW - 3_600_000 }), 0, moment, 'old'],
    ['the clock here is eleven minutes ahead', chat(), 0, { ...moment, now: NOW + 660_000 }, 'shown'],
    ['old, and the clock here is behind', chat({}, { at: NOW - 660_000 }), 0, { ...moment, now: NOW - 660_000 }, 'old'],
    ['the server has not told the time', chat({}, { at: NOW - 660_000 }), 0, { ...moment, serverNow: null }, 'shown'],
    ['archived', chat({ archived: true }), 0, moment, 'shown'],
    ['turned off', chat(), 0, { ...moment, rules: { silence: 'off', content: 'full' } }, 'off'],
    ['not to be disturbed', chat(), 0, { ...moment, rules: { silence: 'paused', content: 'full' } }, 'paused'],
    ['quiet hours', chat(), 0, { ...moment, rules: { silence: 'quiet_hours', content: 'full' } }, 'quiet_hours'],
  ])('%s', (_what, changed, before, at, expected) => {
    const decision = decide(changed, before, at);
    expect(decision.show ? 'shown' : decision.why).toBe(expected);
  });

  it.each([
    ['words', chat({}, { text: '  two\n\nlines ' }), 'two lines'],
    ['files alone', chat({}, { text: '', files: 2 }), '2 files'],
    ['a group', chat({ peer: null, title: 'Team' }), 'Ada Example: Hello'],
    ['a novel', chat({}, { text: '🙂'.repeat(5000) }), `${'🙂'.repeat(199)}…`],
    [
      'a text as it is drawn',
      chat({}, { text: '*Lunch*? src/**/*.ts, test/**/*.ts' }),
      'Lunch? src/**/*.ts, test/**/*.ts',
    ],
  ])('previews %s', (_what, changed, body) => {
    const decision = decide(changed, 0, moment);
    expect(decision.show && decision.notice.body).toBe(body);
  });

  it.each([
    ['full', 'Ada Example', 'Hello'],
    ['sender', 'Ada Example', 'New message'],
    ['nothing', 'Relay', 'New message'],
  ] as const)('shows %s as its user wants it', (content, title, body) => {
    const decision = decide(chat(), 0, { ...moment, rules: { silence: null, content } });
    expect(decision).toMatchObject({ show: true, notice: { title, body, chatId: 'c1', messageId: 'm1' } });
    const seen = decide(withFace(chat()), 0, { ...moment, rules: { silence: null, content } });
    expect(seen.show && seen.notice.face).toBe(content === 'nothing' ? null : FACE);
  });

  it('knows when quiet ends', () => {
    expect(isMuted({ muted: null }, NOW)).toBe(false);
    expect(isMuted({ muted: { until: null } }, NOW)).toBe(true);
  });
});

function service(watching = false) {
  const shown = new Map<string, { notice: Notice; clicked: () => void; offers: NoticeOffers }>();
  const counts: number[] = [];
  const opened: string[] = [];
  const look = { watching, isAlone: true, isLocked: false, rules: { silence: null, content: 'full' } as NoticeRules };
  const silences = new Silences(new ManualClock(NOW));
  let next = 0;
  const asked: { url: string; come: (picture: Uint8Array | null) => void }[] = [];
  const made = createNotificationsService({
    faces: (url) => new Promise((come) => asked.push({ url, come })),
    clock: new ManualClock(NOW),
    serverNow: () => NOW,
    logger: recordingLogger(),
    system: {
      notify: (notice, clicked, offers) => {
        const name = `n${String(next++)}`;
        shown.set(name, { notice, clicked, offers });
        return () => void shown.delete(name);
      },
      unread: (messages) => counts.push(messages),
    },
    watching: () => look.watching,
    presenting: () => false,
    rules: () => look.rules,
    locked: () => look.isLocked,
    words: () => ({ files: (files) => String(files), message: 'New message', app: 'Relay' }),
    silences,
    reply: (...answer) => opened.push(`reply ${answer.join(' ')}`),
    read: (...answer) => opened.push(`read ${answer.join(' ')}`),
    accountName: (accountId) => (look.isAlone ? null : `${accountId}@host`),
    open: (accountId, chatId, messageId) => opened.push(`${accountId} ${chatId} ${messageId}`),
  });
  const changed = (...upserts: ChatView[]): void => made.heard('a', { kind: 'chats', upserts, removed: [] });
  return { made, shown, counts, opened, look, changed, silences, asked };
}

describe('telling the person', () => {
  it('shows one notification for each chat, the newest', () => {
    const { shown, changed } = service();
    changed(chat());
    changed(chat({ unread: 2 }, { key: 'm2', text: 'Again' }));
    changed(chat({ id: 'c2', title: 'Ben' }));
    expect([...shown.values()].map(({ notice }) => [notice.chatId, notice.messageId])).toEqual([
      ['c1', 'm2'],
      ['c2', 'm1'],
    ]);
  });

  it('leads a click to the message', () => {
    const { shown, opened, changed } = service();
    changed(chat({}, { key: 'm7' }));
    [...shown.values()][0]?.clicked();
    expect(opened).toEqual(['a c1 m7']);
  });

  it('says nothing of what was there when the account was opened', () => {
    const { made, shown, changed } = service();
    made.heard('a', { kind: 'chats:reset', chats: [chat({ unread: 5 })], more: false });
    changed(chat({ unread: 5, pinned: true }));
    expect(shown.size).toBe(0);
    changed(chat({ unread: 6 }, { key: 'm2' }));
    expect(shown.size).toBe(1);
  });

  it('takes away what was read, here or elsewhere, what was removed, and everything when the person looks', () => {
    const { made, shown, changed } = service();
    let newest = 0;
    const arrives = (id = 'c1', unread = 1): void => {
      const before = shown.size;
      changed(chat({ id, unread }, { key: `m${String((newest += 1))}` }));
      expect(shown.size).toBe(before + 1);
    };
    arrives();
    changed(chat({ unread: 0 }));
    expect(shown.size).toBe(0);
    arrives();
    made.heard('a', { kind: 'chats', upserts: [], removed: ['c1'] });
    expect(shown.size).toBe(0);
    arrives();
    arrives('c2');
    made.looked();
    expect(shown.size).toBe(0);
    arrives('c1', 2);
    made.heard('a', { kind: 'chats:reset', chats: [], more: false });
    expect(shown.size).toBe(0);
    arrives();
    made.close();
    expect(shown.size).toBe(0);
  });

  it('is silent while the person looks, and does not make up for it later', () => {
    const { shown, look, changed } = service(true);
    changed(chat());
    look.watching = false;
    changed(chat({ pinned: true }));
    expect(shown.size).toBe(0);
  });

  it('tells of no message twice, whatever the count says, and remembers each silence by its reason', () => {
    const { made, shown, look, changed, silences } = service();
    changed(chat());
    // The count rises by what is older: the newest message is the same.
    changed(chat({ unread: 4 }));
    expect(shown.size).toBe(1);
    look.rules = { silence: 'paused', content: 'full' };
    changed(chat({ unread: 5 }, { key: 'm5' }));
    look.rules = { silence: null, content: 'full' };
    changed(chat({ unread: 6 }, { key: 'm5' }));
    expect([...shown.values()].map(({ notice }) => notice.messageId)).toEqual(['m1']);
    made.heard('a', { kind: 'chats:reset', chats: [chat({ unread: 0 }, { key: 'm6' })], more: false });
    changed(chat({ unread: 1 }, { key: 'm6' }));
    const { shown: count, silences: remembered } = silences.view();
    expect(count).toBe(1);
    expect(remembered.toSorted((a, b) => a.count - b.count)).toEqual([
      { why: 'paused', count: 1, last: NOW },
      { why: 'repeated', count: 3, last: NOW },
    ]);
  });

  it('takes an answer and a mark for the message it shows, and says when the system showed nothing', () => {
    const { shown, opened, changed, silences } = service();
    changed(chat());
    changed(chat({ id: 'c2' }, { key: 'm2' }), chat({ id: 'c3' }, { key: 'm3' }));
    const [first, second, third] = [...shown.values()].map(({ offers }) => offers);
    first?.answers?.reply('On my way');
    second?.answers?.read();
    third?.notShown('system_failed');
    third?.notShown('system_failed');
    expect(opened).toEqual(['reply a c1 m1 On my way', 'read a c2 m2']);
    expect(silences.view().silences).toEqual([{ why: 'system_failed', count: 1, last: NOW }]);
    expect(new Set([first?.key, second?.key, third?.key]).size).toBe(3);
    expect(first?.group).toBe(second?.group);
    // A server's address is nothing for the system's own lists.
    expect(first?.key).toMatch(/^[\da-f]{32}$/);
  });

  it('can be answered by nobody while locked, and does not name the account', () => {
    const { shown, changed, look } = service();
    look.isLocked = true;
    look.isAlone = false;
    changed(chat());
    const [only] = [...shown.values()];
    expect(only?.offers.answers).toBeNull();
    expect(only?.notice.title).not.toContain('@host');
    look.isLocked = false;
    changed(chat({ id: 'c2' }, { key: 'm2' }));
    expect([...shown.values()].at(-1)?.offers.answers).not.toBeNull();
  });

  it('goes on when the system fails at each of its signs, with a word in the log', () => {
    const logger = recordingLogger();
    const fail = (): never => {
      throw new Error('Tray is destroyed');
    };
    let shows = 0;
    const made = createNotificationsService({
      clock: new ManualClock(NOW),
      logger,
      serverNow: () => NOW,
      accountName: () => null,
      system: { notify: () => (shows++ === 0 ? fail() : fail), unread: fail },
      watching: () => false,
      presenting: () => false,
      rules: () => moment.rules,
      locked: () => false,
      words: () => moment.words,
      silences: new Silences(new ManualClock(NOW)),
      reply: fail,
      read: fail,
      open: fail,
      faces: fail,
    });
    made.heard('a', { kind: 'chats', upserts: [chat()], removed: [] });
    made.heard('a', { kind: 'chats', upserts: [chat({ unread: 2 }, { key: 'm2' })], removed: [] });
    made.unread(2);
    made.looked();
    made.close();
    expect(logger.of('notification.system_failed').map(({ fields }) => fields['what'])).toEqual([
      'show',
      'unread',
      'close',
    ]);
  });

  it('waits for the picture of whoever wrote, once for all that comes meanwhile', async () => {
    const { shown, changed, asked, silences } = service();
    changed(withFace(chat()));
    changed(withFace(chat({ unread: 2 }, { key: 'm2' })));
    expect(shown.size).toBe(0);
    expect(asked.map(({ url }) => url)).toEqual([FACE]);
    asked[0]?.come(new Uint8Array([1]));
    await Promise.resolve();
    expect([...shown.values()].map(({ notice, offers }) => [notice.messageId, offers.picture])).toEqual([
      ['m2', new Uint8Array([1])],
    ]);
    expect(silences.view().shown).toBe(1);
    // The next one asks again.
    changed(withFace(chat({ unread: 3 }, { key: 'm3' })));
    asked[1]?.come(null);
    await Promise.resolve();
    expect([...shown.values()].map(({ notice, offers }) => [notice.messageId, offers.picture])).toEqual([['m3', null]]);
  });

  it.each([
    ['was read meanwhile', ({ changed }: ReturnType<typeof service>) => changed(withFace(chat({ unread: 0 })))],
    ['is looked at', ({ made }: ReturnType<typeof service>) => made.looked()],
    [
      'was removed',
      ({ made }: ReturnType<typeof service>) => made.heard('a', { kind: 'chats', upserts: [], removed: ['c1'] }),
    ],
    ['is of a closed account', ({ made }: ReturnType<typeof service>) => made.closed('a')],
  ])('shows nothing of a chat that %s while its picture comes', async (_what, happens) => {
    const all = service();
    all.changed(withFace(chat()));
    happens(all);
    all.asked[0]?.come(new Uint8Array([1]));
    await Promise.resolve();
    expect(all.shown.size).toBe(0);
  });

  it('shows no face that is not of the newest', async () => {
    const { shown, changed, asked } = service();
    changed(withFace(chat()));
    changed(chat({ unread: 2, peer: null }, { key: 'm2' }));
    asked[0]?.come(new Uint8Array([1]));
    await Promise.resolve();
    expect([...shown.values()].map(({ notice, offers }) => [notice.messageId, offers.picture])).toEqual([['m2', null]]);
  });

  it('passes the one unread count on', () => {
    const { made, counts } = service();
    made.unread(3);
    made.heard('a', { kind: 'unread', unread: { messages: 1, chats: 1 } });
    made.unread(0);
    expect(counts).toEqual([3, 0]);
  });

  it('keeps the accounts apart: the same chat of two people is two, and a closed account takes its own along', () => {
    const { made, shown, opened, look } = service();
    look.isAlone = false;
    for (const account of ['a', 'b']) made.heard(account, { kind: 'chats', upserts: [chat()], removed: [] });
    expect([...shown.values()].map(({ notice }) => notice.title)).toEqual([
      `${chat().title} · a@host`,
      `${chat().title} · b@host`,
    ]);
    made.heard('a', { kind: 'chats', upserts: [chat({ unread: 0 })], removed: [] });
    expect(shown.size).toBe(1);
    [...shown.values()][0]?.clicked();
    expect(opened).toEqual(['b c1 m1']);
    made.heard('a', { kind: 'chats', upserts: [chat({ unread: 3 })], removed: [] });
    made.closed('a');
    made.heard('a', { kind: 'chats:reset', chats: [chat({ unread: 3 })], more: false });
    made.heard('a', { kind: 'chats', upserts: [chat({ unread: 3 })], removed: [] });
    expect([...shown.values()].map(({ notice }) => notice.title)).toEqual([`${chat().title} · b@host`]);
  });
});
