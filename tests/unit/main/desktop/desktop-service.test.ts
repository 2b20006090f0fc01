/** The desktop around the window: the tray's menu, the pause, links, diagnostics. */
import { describe, expect, it } from 'vitest';
import type { LinkView } from '../../../../contract/ipc/desktop-views.ts';
import { DESKTOP_DEFAULTS } from '../../../../contract/ipc/desktop-defaults.ts';
import type { AccountsView, ChatView, ConnectionView } from '../../../../contract/ipc/views.ts';
import { ok } from '../../../../contract/model/errors.ts';
import type { TrayState } from '../../../../electron/main/lib/tray-state.ts';
import { DesktopService } from '../../../../electron/main/services/desktop/desktop-service.ts';
import { createNoticeAnswers } from '../../../../electron/main/services/desktop/notice-answers.ts';
import { trayStatus } from '../../../../electron/main/services/desktop/tray-status.ts';
import { Silences } from '../../../../electron/main/services/notifications/silences.ts';
import type { DesktopSystem } from '../../../../electron/main/services/ports.ts';
import { createSettingsService } from '../../../../electron/main/services/settings/settings-service.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const NOW = Date.UTC(2026, 0, 1);

const chat = (id: string, more: Partial<ChatView> = {}): ChatView =>
  ({ id, title: id.toUpperCase(), unread: 1, activityAt: NOW, muted: null, ...more }) as ChatView;
const phase = (name: ConnectionView['phase']) =>
  ({ kind: 'connection', connection: { phase: name, retryAt: null, reason: null } }) as const;

function desk(ids: string[] = ['a']) {
  const clock = new ManualClock(NOW);
  const logger = recordingLogger();
  const trays: TrayState[] = [];
  const links: LinkView[] = [];
  const did: string[] = [];
  let stored: Record<string, unknown> = {};
  const settings = createSettingsService(
    { read: () => stored, write: (value) => ((stored = value), ok(null)) },
    logger,
  );
  const resumes: (() => void)[] = [];
  const titles = new Map<string, string>();
  const silences = new Silences(clock);
  const locking: (() => void)[] = [];
  const lock = {
    isLocked: false,
    onChanged: (run: () => void) => (locking.push(run), () => undefined),
    set(isLocked: boolean) {
      lock.isLocked = isLocked;
      for (const run of locking) run();
    },
  };
  const service = new DesktopService({
    ...{ clock, logger, settings, silences, locale: 'en' },
    system: {
      tray: () => 'there',
      notices: { supported: true, reply: true },
      spelling: 'none',
      autostart: () => 'off',
      setAutostart: () => 'on',
      show: (state) => void trays.push(state),
      tryNotification: () => void did.push('trial'),
      showLog: () => void did.push('log'),
      showMenu: ({ x, y }) => void did.push(`menu ${String(x)} ${String(y)}`),
      about: () => ({
        versions: [],
        system: {
          ...{ platform: 'linux', release: '6', arch: 'x64', packaged: true, safeMode: false },
          ...{ upSeconds: 5, memory: 1, online: true },
        },
        limits: ['no_spelling'],
        log: { files: 1, bytes: 2 },
      }),
    } satisfies DesktopSystem,
    lock,
    update: async () => ({ phase: 'failed', why: 'no_answer', at: NOW }),
    power: { onBattery: () => true, onResume: (run) => (resumes.push(run), () => undefined) },
    accounts: () =>
      ({ open: ids.map((id) => ({ id, capabilities: ['cursors'] })), current: ids.at(-1) ?? null }) as AccountsView,
    chatTitle: async (accountId, chatId) => {
      if (chatId === 'broken') throw new Error('no store');
      return titles.get(`${accountId} ${chatId}`) ?? null;
    },
    raise: () => void did.push('raise'),
    follow: (link) => void links.push(link),
    tell: (what) => void did.push(what),
  });
  const shown = (): TrayState | undefined => {
    clock.advance(250);
    return trays.at(-1);
  };
  return { service, clock, settings, trays, links, did, titles, shown, resumes, silences, lock };
}

describe('the tray', () => {
  it('names what is unread and not muted, the latest first, over all accounts', () => {
    const { service, shown } = desk(['a', 'b']);
    service.heard('a', { kind: 'chats:reset', chats: [chat('c1'), chat('c2', { unread: 0 })], more: false });
    service.heard('b', { kind: 'chats', upserts: [chat('c3', { activityAt: NOW + 1, unread: 3 })], removed: [] });
    service.heard('b', { kind: 'chats', upserts: [chat('c4', { muted: { until: null } })], removed: [] });
    expect(shown()?.chats).toEqual([
      { accountId: 'b', chatId: 'c3', title: 'C3', unread: 3 },
      { accountId: 'a', chatId: 'c1', title: 'C1', unread: 1 },
    ]);
    service.heard('a', { kind: 'chats', upserts: [chat('c1', { unread: 0 })], removed: [] });
    service.heard('b', { kind: 'chats', upserts: [], removed: ['c3'] });
    expect(shown()?.chats).toEqual([]);
    service.heard('a', { kind: 'chats', upserts: [chat('c1')], removed: [] });
    service.accountClosed('a');
    expect(shown()?.chats).toEqual([]);
  });

  it('names nobody while the application is locked', () => {
    const { service, shown, lock } = desk();
    service.heard('a', { kind: 'chats:reset', chats: [chat('c1')], more: false });
    expect(shown()?.chats).toHaveLength(1);
    lock.set(true);
    expect(shown()?.chats).toEqual([]);
    service.heard('a', { kind: 'chats', upserts: [chat('c2')], removed: [] });
    expect(shown()?.chats).toEqual([]);
    lock.set(false);
    expect(shown()?.chats).toHaveLength(2);
  });

  it('is told once for many changes, and has room for eight', () => {
    const { service, trays, clock } = desk();
    for (let n = 0; n < 50; n += 1)
      service.heard('a', { kind: 'chats', upserts: [chat(`c${String(n)}`, { activityAt: NOW + n })], removed: [] });
    expect(trays).toEqual([]);
    clock.advance(250);
    expect(trays).toHaveLength(1);
    expect(trays[0]?.chats.map(({ chatId }) => chatId)).toEqual([
      'c49',
      'c48',
      'c47',
      'c46',
      'c45',
      'c44',
      'c43',
      'c42',
    ]);
  });

  it.each([
    [[], 'signed_out'],
    [['live', 'live'], 'online'],
    [['live', 'syncing'], 'connecting'],
    [['live', 'waiting'], 'offline'],
    [['waiting_auth'], 'offline'],
    [['idle'], 'connecting'],
  ] as const)('connections %j are %s', (phases, expected) => {
    expect(trayStatus(phases)).toBe(expected);
  });
});

describe('do not disturb', () => {
  it('is kept in the settings, shown, and ends by itself', async () => {
    const { service, settings, shown, clock } = desk();
    await service.pause({ pause: 'hour' });
    const until = clock.now() + 3_600_000;
    expect(settings.view().pausedUntil).toBe(until);
    expect(shown()?.pausedUntil).toBe(until);
    clock.advance(until - clock.now() - 1);
    expect(settings.view().pausedUntil).toBe(until);
    clock.advance(1);
    expect(settings.view().pausedUntil).toBeNull();
    expect(shown()?.pausedUntil).toBeNull();
  });

  it('ends by hand, and after a sleep that was longer', async () => {
    const { service, settings, clock, resumes } = desk();
    await service.pause({ pause: 'half' });
    await service.pause({ pause: null });
    expect(settings.view().pausedUntil).toBeNull();
    await service.pause({ pause: 'half' });
    clock.set(1_800_000);
    for (const resume of resumes) resume();
    expect(settings.view().pausedUntil).toBeNull();
  });

  it('leaves no timer behind', async () => {
    const { service, clock } = desk();
    await service.pause({ pause: 'tomorrow' });
    service.close();
    expect(clock.pending).toBe(0);
  });
});

describe('a link', () => {
  it('goes to the account that is shown first, then to any that knows the chat, and opens nothing itself', async () => {
    const { service, links, did, titles } = desk(['a', 'b']);
    titles.set('a c1', 'Anna').set('a c2', 'Ben').set('b c2', 'Ben');
    await service.linked({ to: 'chat', chatId: 'c1' });
    await service.linked({ to: 'chat', chatId: 'c2' });
    await service.linked({ to: 'user', username: 'anna' });
    expect(links).toEqual([
      { to: 'chat', accountId: 'a', chatId: 'c1', title: 'Anna' },
      { to: 'chat', accountId: 'b', chatId: 'c2', title: 'Ben' },
      { to: 'user', username: 'anna' },
    ]);
    expect(did).toEqual(['raise', 'raise', 'raise']);
  });

  it('waits for the chats of an account that is still connecting, and not for ever', async () => {
    const { service, links, did, titles, clock } = desk();
    const first = service.linked({ to: 'chat', chatId: 'c1' });
    service.heard('a', phase('syncing'));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    expect(did).toEqual(['raise']);
    titles.set('a c1', 'Anna');
    service.heard('a', { kind: 'chats', upserts: [chat('c1')], removed: [] });
    await first;
    expect(links).toMatchObject([{ chatId: 'c1', title: 'Anna' }]);
    const second = service.linked({ to: 'chat', chatId: 'c2' });
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    clock.advance(10_000);
    await second;
    expect(did).toEqual(['raise', 'raise', 'link_unknown']);
  });

  it.each([null, { to: 'chat', chatId: 'gone' }, { to: 'chat', chatId: 'broken' }] as const)(
    'that leads nowhere says so: %j',
    async (link) => {
      const { service, links, did } = desk();
      service.heard('a', phase('live'));
      await service.linked(link);
      expect(links).toEqual([]);
      expect(did).toEqual(['raise', 'link_unknown']);
    },
  );
});

describe('diagnostics', () => {
  it('say what is so, without a name, an address or an id', async () => {
    const { service, silences, clock } = desk(['https://relay.example.org u1']);
    service.heard('https://relay.example.org u1', phase('waiting'));
    service.heard('https://relay.example.org u1', { kind: 'chats', upserts: [chat('secret')], removed: [] });
    silences.silent('muted');
    const result = await service.diagnose();
    expect(result).toMatchObject({
      ok: true,
      value: {
        at: clock.now(),
        accounts: [{ phase: 'waiting', reason: null, capabilities: 1 }],
        system: { locale: 'en', onBattery: true, platform: 'linux' },
        desktop: { ...(await service.facts().then((facts) => (facts.ok ? facts.value : null))) },
        notices: { shown: 0, silences: [{ why: 'muted', count: 1 }] },
        update: { phase: 'failed', why: 'no_answer' },
      },
    });
    expect(JSON.stringify(result)).not.toMatch(/example|secret|u1/i);
  });

  it('of a new desktop begin with the usual settings', () => {
    expect(desk().settings.view()).toMatchObject(DESKTOP_DEFAULTS);
  });
});

describe('an answer in a notification', () => {
  const answers = (problem: 'validation' | 'throws' | null) => {
    const did: string[] = [];
    const logger = recordingLogger();
    const made = createNoticeAnswers({
      logger,
      send: async (_account, { text }) => {
        if (problem === 'throws') throw new Error('closed');
        did.push(`send ${text}`);
        return problem === null ? ok(null) : { ok: false, error: { code: problem, message: '' } };
      },
      markRead: async (_account, { messageId }) => (did.push(`read ${messageId}`), ok(null)),
      saveDraft: async (_account, { text }) => (did.push(`draft ${text}`), ok(null)),
      open: (...place) => void did.push(`open ${place.join(' ')}`),
    });
    return { made, did, logger };
  };

  it('is sent, and what it answers is read', async () => {
    const { made, did } = answers(null);
    await made.reply('a', 'c', 'm', 'Hello');
    expect(did).toEqual(['send Hello', 'read m']);
  });

  it.each(['validation', 'throws'] as const)('that cannot be sent is not lost: %s', async (problem) => {
    const { made, did, logger } = answers(problem);
    await made.reply('a', 'c', 'm', 'Hello');
    expect(did.filter((one) => !one.startsWith('send'))).toEqual(['draft Hello', 'open a c m']);
    expect(JSON.stringify(logger.entries)).not.toContain('Hello');
  });
});
