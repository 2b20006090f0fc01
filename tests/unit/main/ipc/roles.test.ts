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

  it('the main window has every command; the others none before they have a purpose', () => {
    expect([...ROLES.main.channels]).toEqual([...CHANNEL_NAMES]);
    expect(ROLES.call.channels.size + ROLES.picture.channels.size).toBe(0);
  });

  it('no window of ours, no command', async () => {
    const { answer } = await ask(null, 'app.ready');
    expect(answer).toMatchObject({ ok: false, error: { code: 'denied' } });
  });

  it('each role that hears pushes has a queue of its own', async () => {
    const sent: string[] = [];
    const clock = new ManualClock();
    const pages = createPages({ clock, logger: recordingLogger(), send: (role) => sent.push(role) });
    expect(() => pages.of('call')).toThrow('hears no pushes');
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
});

type RequestHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>;
type CheckHandler = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;

const electron = vi.hoisted(() => ({ sessions: [] as ((session: unknown) => void)[] }));
vi.mock('../../../../electron/main/windows/every-session.ts', () => ({
  onEverySession: (run: (session: unknown) => void) => electron.sessions.push(run),
}));

describe('a permission', () => {
  async function handlers(role: WindowRole | null) {
    const { guardPermissions } = await import('../../../../electron/main/windows/permissions.ts');
    guardPermissions({ roleOf: () => role, origin: ORIGIN, logger: recordingLogger() });
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
      request(isMainFrame: boolean, url: string): boolean {
        let granted: boolean | null = null;
        set.request?.({} as WebContents, 'media', (answer) => (granted = answer), details(isMainFrame, url));
        if (granted === null) throw new Error('no decision');
        return granted;
      },
      check: (isMainFrame: boolean, url: string) =>
        set.check?.({} as WebContents, 'media', url, details(isMainFrame, url)) ?? null,
    };
  }

  it('is granted to our page in the main frame of a window whose role has it, and to nothing else', async () => {
    const media = vi.spyOn(ROLES.call.permissions, 'has').mockImplementation((name) => name === 'media');
    const call = await handlers('call');
    const page = `${ORIGIN}/index.html`;
    expect([call.request(true, page), call.check(true, `${ORIGIN}/`)]).toEqual([true, true]);
    for (const [isMainFrame, url] of [
      [false, page],
      [true, 'https://example.org/'],
      [true, 'app://other/index.html'],
      [true, ''],
    ] as const) {
      expect([call.request(isMainFrame, url), call.check(isMainFrame, url)], url).toEqual([false, false]);
    }
    for (const role of ['main', 'picture', null] as const) {
      const other = await handlers(role);
      expect([other.request(true, page), other.check(true, page)], String(role)).toEqual([false, false]);
    }
    media.mockRestore();
  });

  it('is granted to nobody today', async () => {
    for (const role of Object.keys(ROLES) as WindowRole[]) {
      const asked = await handlers(role);
      expect([asked.request(true, `${ORIGIN}/`), asked.check(true, `${ORIGIN}/`)]).toEqual([false, false]);
    }
  });
});
