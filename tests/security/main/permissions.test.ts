/** Every permission that Electron knows by name, from every origin, window and frame: only our own page's few are granted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { ROLES, type WindowRole } from '../../../electron/main/lib/roles.ts';
import { guardPermissions } from '../../../electron/main/windows/permissions.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { recordingLogger } from '../../helpers/main-parts.ts';

type RequestHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>;
type CheckHandler = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;
type Permission = Parameters<RequestHandler>[1];

const electron = vi.hoisted(() => ({ sessions: [] as ((session: unknown) => void)[] }));
vi.mock('../../../electron/main/windows/every-session.ts', () => ({
  onEverySession: (run: (session: unknown) => void) => electron.sessions.push(run),
}));

const PAGE = 'app://relay/index.html';
const ORIGINS = [
  ...[PAGE, 'app://other/index.html', 'app://relay.example/', 'app://relay:1/', 'app:relay', 'APP://RELAYS/'],
  ...[
    'https://example.org/',
    'http://127.0.0.1/',
    'https://relay/',
    'wss://relay/',
    'file:///index.html',
    'about:blank',
  ],
  ...[
    'data:text/html,x',
    'blob:app://relay/x',
    'null',
    '',
    'relay',
    'chrome-extension://relay/',
    'devtools://devtools/',
  ],
];

/** As this version of Electron declares them, and a name that it does not know yet. */
function names(): Permission[] {
  const declared = readFileSync(join(ROOT, 'node_modules/electron/electron.d.ts'), 'utf8');
  const of = (handler: string): string[] => {
    const union = new RegExp(`${handler}\\(handler: .*? permission: ([^,]+),`).exec(declared)?.[1] ?? '';
    return [...union.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name);
  };
  const all = [...of('setPermissionRequestHandler'), ...of('setPermissionCheckHandler'), 'a-name-of-tomorrow'];
  return [...new Set(all)] as Permission[];
}

function handlers(role: WindowRole | null, inCall: boolean) {
  const logger = recordingLogger();
  guardPermissions({
    roleOf: () => role,
    origin: 'app://relay',
    isTimeFor: (name) => inCall || !['camera', 'display-capture'].includes(name),
    display: async () => null,
    systemPicker: false,
    logger,
  });
  const set: {
    request?: RequestHandler;
    check?: CheckHandler;
    device?: () => boolean;
    pairing?: (details: unknown, decide: (answer: { confirmed: boolean }) => void) => void;
    download?: (event: { preventDefault(): void }) => void;
  } = {};
  electron.sessions.at(-1)?.({
    setPermissionRequestHandler: (handler: RequestHandler) => (set.request = handler),
    setPermissionCheckHandler: (handler: CheckHandler) => (set.check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => (set.device = handler),
    setBluetoothPairingHandler: (handler: NonNullable<typeof set.pairing>) => (set.pairing = handler),
    setDisplayMediaRequestHandler: () => undefined,
    on: (name: string, listener: NonNullable<typeof set.download>) => {
      if (name === 'will-download') set.download = listener;
    },
  });
  return {
    ...set,
    logger,
    requested: (permission: Permission, url: string, isMainFrame: boolean, mediaTypes: ('audio' | 'video')[]) => {
      let granted: boolean | null = null;
      const details = { isMainFrame, requestingUrl: url, ...(permission === 'media' ? { mediaTypes } : {}) };
      set.request?.({} as WebContents, permission, (answer) => (granted = answer), details);
      return granted;
    },
    checked: (permission: Permission, url: string, isMainFrame: boolean, mediaType: 'audio' | 'video' | 'unknown') =>
      set.check?.({} as WebContents, permission, url, { isMainFrame, requestingUrl: url, mediaType }) ?? null,
  };
}

/** What our own page may have: the whole screen always, the display in a call; the microphone and the camera are `media`. */
const ours = (permission: string, inCall: boolean): boolean =>
  permission === 'fullscreen' || (permission === 'display-capture' && inCall);

describe('every permission from every origin', () => {
  it('are forty-five names and more, and these origins', () => {
    expect(names().length).toBeGreaterThanOrEqual(45);
    expect(new Set(ORIGINS).size).toBe(ORIGINS.length);
    expect(names()).toEqual(expect.arrayContaining(['media', 'geolocation', 'usb', 'serial', 'openExternal']));
  });

  const WINDOWS: readonly (WindowRole | null)[] = [...(Object.keys(ROLES) as WindowRole[]), null];
  it.each(WINDOWS.flatMap((role) => [false, true].map((inCall) => ({ role, inCall }))))(
    'is decided for $role, in a call: $inCall',
    ({ role, inCall }) => {
      const { requested, checked } = handlers(role, inCall);
      let decisions = 0;
      for (const permission of names()) {
        for (const origin of ORIGINS) {
          for (const isMainFrame of [true, false]) {
            const isOurs = role === 'main' && isMainFrame && origin === PAGE;
            const what = `${permission} from ${JSON.stringify(origin)}, main frame: ${String(isMainFrame)}`;
            const may = isOurs && ours(permission, inCall);
            if (permission !== 'media') {
              expect(requested(permission, origin, isMainFrame, []), what).toBe(may);
              expect(checked(permission, origin, isMainFrame, 'unknown'), what).toBe(may);
            } else {
              expect(requested(permission, origin, isMainFrame, ['audio']), what).toBe(isOurs);
              expect(requested(permission, origin, isMainFrame, ['video']), what).toBe(isOurs && inCall);
              expect(requested(permission, origin, isMainFrame, []), what).toBe(false);
              expect(checked(permission, origin, isMainFrame, 'audio'), what).toBe(isOurs);
              expect(checked(permission, origin, isMainFrame, 'video'), what).toBe(isOurs && inCall);
              expect(checked(permission, origin, isMainFrame, 'unknown'), what).toBe(false);
            }
            decisions += 1;
          }
        }
      }
      expect(decisions).toBe(names().length * ORIGINS.length * 2);
    },
  );

  it('as are devices, pairings and downloads', () => {
    const { device, pairing, download, logger } = handlers('main', true);
    expect(device?.()).toBe(false);
    let confirmed: boolean | null = null;
    pairing?.({}, (answer) => ({ confirmed } = answer));
    expect(confirmed).toBe(false);
    let prevented = 0;
    download?.({ preventDefault: () => void (prevented += 1) });
    expect([prevented, logger.of('download.prevented').length]).toEqual([1, 1]);
  });
});
