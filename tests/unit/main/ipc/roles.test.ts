/** A window may do what its role may, and no more: commands, permissions, pushes. */
import type { IpcMain, IpcMainInvokeEvent, Session, WebContents, WebFrameMain } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { CHANNEL_NAMES } from '../../../../contract/ipc/channels.ts';
import { ok } from '../../../../contract/model/errors.ts';
import { createPages } from '../../../../electron/main/ipc/pages.ts';
import { ROLES, type WindowRole } from '../../../../electron/main/lib/roles.ts';
import { startRouter } from '../../../../electron/main/ipc/router.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const ORIGIN = 'app://relay';

async function ask(role: WindowRole | null, channel: string) {
  const listeners = new Map<string, (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown>();
  const logger = recordingLogger();
  const asked: string[] = [];
  const ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'> = {
    handle: (name, listener) => void listeners.set(name, listener),
    removeHandler: (name) => void listeners.delete(name),
  };
  startRouter({
    ipcMain,
    answer: Promise.resolve(async (name, _args, caller) => (asked.push(`${name} ${caller}`), ok(null))),
    sender: { roleOf: () => role, origin: ORIGIN },
    logger,
  });
  const frame = { parent: null, url: `${ORIGIN}/index.html`, origin: ORIGIN } as unknown as WebFrameMain;
  Object.assign(frame, { top: frame });
  const event = { sender: {} as WebContents, senderFrame: frame } as IpcMainInvokeEvent;
  const answer = await listeners.get(channel)?.(event, {});
  return { answer, asked, denied: logger.of('ipc.denied') };
}

describe('the role of a window', () => {
  it.each(Object.keys(ROLES) as WindowRole[])('%s: may send its own commands and no other', async (role) => {
    for (const channel of CHANNEL_NAMES) {
      const { answer, asked, denied } = await ask(role, channel);
      const may = ROLES[role].channels.has(channel);
      expect(answer, channel).toMatchObject(may ? { ok: true } : { ok: false, error: { code: 'denied' } });
      expect(asked).toEqual(may ? [`${channel} ${role}`] : []);
      expect(denied).toHaveLength(may ? 0 : 1);
    }
  });

  it('the main window has every command but those of the small window, which has no other', () => {
    const small = ['mini.ready', 'mini.command', 'mini.close'];
    expect([...ROLES.main.channels]).toEqual(CHANNEL_NAMES.filter((name) => !small.includes(name)));
    expect([...ROLES.call.channels]).toEqual(small);
    expect(ROLES.call.permissions.size).toBe(0);
    expect(ROLES.picture.channels.size).toBe(0);
  });

  it('no window of ours, no command', async () => {
    const { answer } = await ask(null, 'app.ready');
    expect(answer).toMatchObject({ ok: false, error: { code: 'denied' } });
  });

  it('each role that hears pushes has a queue of its own', async () => {
    const sent: string[] = [];
    const clock = new ManualClock();
    const pages = createPages({ clock, logger: recordingLogger(), send: (role) => sent.push(role) });
    expect(() => pages.of('picture')).toThrow('hears no pushes');
    await pages.of('main').queue.snapshot(async () => ({ states: [] }) as never);
    pages.emit({ kind: 'unread', unread: { messages: 1, chats: 1 } });
    clock.advance(16);
    expect(sent).toEqual(['main']);
    pages.gone('call');
    pages.gone('main');
    pages.emit({ kind: 'unread', unread: { messages: 2, chats: 1 } });
    clock.advance(16);
    expect(sent).toEqual(['main']);
    pages.close();
  });

  it('the small window of a call hears of its call and of nothing else, and the main window nothing of it', async () => {
    const sent: string[] = [];
    const clock = new ManualClock();
    const pages = createPages({
      clock,
      logger: recordingLogger(),
      send: (role, { events }) => void sent.push(...events.map((push) => `${role} ${'kind' in push ? push.kind : ''}`)),
    });
    const view = { call: null, look: {} } as never;
    expect(await pages.of('call').queue.snapshot(async () => ({ view }))).toEqual({ view, seq: 0 });
    await pages.of('main').queue.snapshot(async () => ({ states: [] }) as never);
    pages.emit({ kind: 'unread', unread: { messages: 1, chats: 1 } });
    pages.emit({ kind: 'mini', mini: view });
    clock.advance(16);
    expect(sent.toSorted()).toEqual(['call mini', 'main unread']);
    pages.close();
  });
});

type RequestHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>;
type CheckHandler = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;

const electron = vi.hoisted(() => ({ sessions: [] as ((session: unknown) => void)[] }));
vi.mock('../../../../electron/main/windows/every-session.ts', () => ({
  onEverySession: (run: (session: unknown) => void) => electron.sessions.push(run),
}));

describe('a permission', () => {
  async function handlers(role: WindowRole | null, inCall = false) {
    const { guardPermissions } = await import('../../../../electron/main/windows/permissions.ts');
    guardPermissions({
      roleOf: () => role,
      origin: ORIGIN,
      isTimeFor: (name) => inCall || !['camera', 'display-capture'].includes(name),
      display: async () => null,
      systemPicker: false,
      logger: recordingLogger(),
    });
    const set: { request?: RequestHandler; check?: CheckHandler } = {};
    electron.sessions.at(-1)?.({
      setPermissionRequestHandler: (handler: RequestHandler) => (set.request = handler),
      setPermissionCheckHandler: (handler: CheckHandler) => (set.check = handler),
      setDevicePermissionHandler: () => undefined,
      setBluetoothPairingHandler: () => undefined,
      setDisplayMediaRequestHandler: () => undefined,
      on: () => undefined,
    });
    const details = (isMainFrame: boolean, requestingUrl: string) => ({ isMainFrame, requestingUrl });
    return {
      request(
        isMainFrame: boolean,
        url: string,
        mediaTypes: ('audio' | 'video')[] = ['audio'],
        name = 'media',
      ): boolean {
        let granted: boolean | null = null;
        const asked = { ...details(isMainFrame, url), ...(mediaTypes.length > 0 ? { mediaTypes } : {}) };
        set.request?.({} as WebContents, name as 'media', (answer) => (granted = answer), asked);
        if (granted === null) throw new Error('no decision');
        return granted;
      },
      check: (isMainFrame: boolean, url: string, mediaType: 'audio' | 'video' | 'unknown' = 'audio', name = 'media') =>
        set.check?.({} as WebContents, name as 'media', url, { ...details(isMainFrame, url), mediaType }) ?? null,
    };
  }

  const page = `${ORIGIN}/index.html`;

  it('the microphone: to our page in the main frame of the main window, and to nothing else', async () => {
    const main = await handlers('main');
    expect([main.request(true, page), main.check(true, `${ORIGIN}/`)]).toEqual([true, true]);
    for (const [isMainFrame, url] of [
      [false, page],
      [true, 'https://example.org/'],
      [true, 'app://other/index.html'],
      [true, ''],
    ] as const) {
      expect([main.request(isMainFrame, url), main.check(isMainFrame, url)], url).toEqual([false, false]);
    }
    for (const role of ['call', 'picture', null] as const) {
      const other = await handlers(role);
      expect([other.request(true, page), other.check(true, page)], String(role)).toEqual([false, false]);
    }
  });

  it('camera and display: to our page in a call, and to nobody else', async () => {
    for (const role of [...(Object.keys(ROLES) as WindowRole[]), null]) {
      const asked = await handlers(role, true);
      const isMain = role === 'main';
      expect(
        [
          asked.request(true, page, ['video']),
          asked.request(true, page, ['audio', 'video']),
          asked.check(true, page, 'video'),
          asked.request(true, page, [], 'display-capture'),
        ],
        String(role),
      ).toEqual([isMain, isMain, isMain, isMain]);
      expect([
        asked.request(false, page, ['video']),
        asked.request(true, 'https://example.org/', ['video']),
        asked.request(true, page, []),
      ]).toEqual([false, false, false]);
    }
  });

  it('outside of a call a camera, alone or with the microphone, and what does not say what it is: to nobody', async () => {
    for (const role of Object.keys(ROLES) as WindowRole[]) {
      const asked = await handlers(role);
      expect(
        [
          asked.request(true, page, ['video']),
          asked.request(true, page, ['audio', 'video']),
          asked.request(true, page, []),
        ],
        role,
      ).toEqual([false, false, false]);
      expect([asked.check(true, page, 'video'), asked.check(true, page, 'unknown')], role).toEqual([false, false]);
    }
  });

  it('the whole screen: to the main window; anything else: to nobody', async () => {
    for (const role of Object.keys(ROLES) as WindowRole[]) {
      const asked = await handlers(role);
      expect(asked.request(true, page, [], 'fullscreen'), role).toBe(role === 'main');
      // No name that the roles use can be asked for by itself.
      for (const name of ['notifications', 'geolocation', 'clipboard-read', 'display-capture', 'unknown']) {
        expect(asked.request(true, page, [], name), `${role} ${name}`).toBe(false);
      }
    }
  });
});
