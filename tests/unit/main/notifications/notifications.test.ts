import { describe, expect, it } from 'vitest';
import type { ChatView } from '../../../../contract/ipc/views.ts';
import { decide, isMuted, type Notice } from '../../../../electron/main/services/notifications/decide.ts';
import { createNotificationsService } from '../../../../electron/main/services/notifications/notifications-service.ts';
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

const moment = {
  ...{ now: NOW, serverNow: NOW, watching: false, presenting: false },
  fileText: (files: number) => `${String(files)} files`,
};

describe('whether a chat is worth a notification', () => {
  it.each([
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

  it('knows when quiet ends', () => {
    expect(isMuted({ muted: null }, NOW)).toBe(false);
    expect(isMuted({ muted: { until: null } }, NOW)).toBe(true);
  });
});

function service(watching = false) {
  const shown = new Map<string, { notice: Notice; clicked: () => void }>();
  const counts: number[] = [];
  const opened: string[] = [];
  const look = { watching, isAlone: true };
  let next = 0;
  const made = createNotificationsService({
    clock: new ManualClock(NOW),
    serverNow: () => NOW,
    logger: recordingLogger(),
    system: {
      notify: (notice, clicked) => {
        const name = `n${String(next++)}`;
        shown.set(name, { notice, clicked });
        return () => void shown.delete(name);
      },
      unread: (messages) => counts.push(messages),
    },
    watching: () => look.watching,
    presenting: () => false,
    fileText: (files) => String(files),
    accountName: (accountId) => (look.isAlone ? null : `${accountId}@host`),
    open: (accountId, chatId, messageId) => opened.push(`${accountId} ${chatId} ${messageId}`),
  });
  const changed = (...upserts: ChatView[]): void => made.heard('a', { kind: 'chats', upserts, removed: [] });
  return { made, shown, counts, opened, look, changed };
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
    changed(chat({ unread: 6 }));
    expect(shown.size).toBe(1);
  });

  it('takes away what was read, here or elsewhere, what was removed, and everything when the person looks', () => {
    const { made, shown, changed } = service();
    changed(chat());
    changed(chat({ unread: 0 }));
    expect(shown.size).toBe(0);
    changed(chat());
    made.heard('a', { kind: 'chats', upserts: [], removed: ['c1'] });
    expect(shown.size).toBe(0);
    changed(chat(), chat({ id: 'c2' }));
    made.looked();
    expect(shown.size).toBe(0);
    changed(chat({ unread: 2 }));
    made.heard('a', { kind: 'chats:reset', chats: [], more: false });
    expect(shown.size).toBe(0);
    changed(chat());
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
      fileText: String,
      open: fail,
    });
    made.heard('a', { kind: 'chats', upserts: [chat()], removed: [] });
    made.heard('a', { kind: 'chats', upserts: [chat({ unread: 2 })], removed: [] });
    made.unread(2);
    made.looked();
    made.close();
    expect(logger.of('notification.system_failed').map(({ fields }) => fields['what'])).toEqual([
      'show',
      'unread',
      'close',
    ]);
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
