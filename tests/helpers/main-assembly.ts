/** The whole of main without Electron: every service on real parts, behind the real router, spoken to as a page would. */
import type { IpcMain, IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import type { CallView } from '../../contract/ipc/call-views.ts';
import type { ChannelInput, ChannelName, ChannelOutput } from '../../contract/ipc/channels.ts';
import type { NowPlaying } from '../../contract/ipc/music-views.ts';
import { PushBatch, type PushEvent } from '../../contract/ipc/push.ts';
import type { Result } from '../../contract/model/errors.ts';
import { assemble } from '../../electron/main/assembly.ts';
import type { Assembly } from '../../electron/main/assembly-options.ts';
import { createAnswer } from '../../electron/main/ipc/answer.ts';
import { startRouter } from '../../electron/main/ipc/router.ts';
import { createExternalOpener } from '../../electron/main/lib/external.ts';
import { systemClock } from '../../electron/main/platform/clock.ts';
import type { AppCall, RingAnswers } from '../../electron/main/services/ports.ts';
import type { NoticeOffers } from '../../electron/main/services/notifications/notifications-service.ts';
import type { Notice } from '../../electron/main/services/notifications/decide.ts';
import type { TrayState } from '../../electron/main/lib/tray-state.ts';
import type { Clock, DesktopSystem, SecretStore } from '../../electron/main/services/ports.ts';
import { fileDocument, filesSystem, recordingLogger } from './main-parts.ts';

/** How a frame looks to the sender check. */
export interface FrameLook {
  url: string;
  origin: string;
  parent: object | null;
  /** Null: the frame itself. */
  top: object | null;
}

export const OUR_PAGE: FrameLook = { url: 'app://relay/index.html', origin: 'app://relay', parent: null, top: null };

export interface TestMain {
  assembly: Assembly;
  logger: ReturnType<typeof recordingLogger>;
  /** What left towards the page. */
  pushed: PushEvent[];
  /** Addresses that were opened outside, and texts that were copied. */
  outside: string[];
  /** Notifications that were shown. */
  notices: (Notice & { clicked: () => void; offers: NoticeOffers })[];
  /** The current call, as it was shown outside the page. */
  shown: (AppCall | null)[];
  /** Rings that are shown by the system. */
  rings: { view: CallView; answers: RingAnswers }[];
  missed: CallView[];
  /** The system's places for files. */
  files: ReturnType<typeof filesSystem>;
  /** What the tray's menu was told. */
  trays: TrayState[];
  /** Unread counts that were shown. */
  counts: number[];
  /** A command as our page sends it: typed. */
  call<N extends ChannelName>(name: N, input: ChannelInput<N>): Promise<Result<ChannelOutput<N>>>;
  /** A command with any arguments, from any frame: what structured clone lets through arrives as it is. */
  /** What the tray was told of the player. */
  playing: (NowPlaying | null)[];
  /** Who is at the computer. */
  idle: { ms: number; lockScreen: () => void };
  invoke(name: string, args: unknown[], frame?: FrameLook | null, ourWindow?: boolean): Promise<Result<unknown>>;
  close(): Promise<void>;
}

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<unknown>;

/** A desktop that has everything, and keeps what it was told. */
function testDesktop(trays: TrayState[], outside: string[]): DesktopSystem {
  let isOn = false;
  const state = (): 'on' | 'off' => (isOn ? 'on' : 'off');
  return {
    tray: () => 'there',
    notices: { supported: true, reply: true },
    spelling: 'system',
    autostart: state,
    setAutostart: (on) => ((isOn = on), state()),
    show: (shown) => void trays.push(shown),
    tryNotification: () => void outside.push('trial'),
    showLog: () => void outside.push('log'),
    showMenu: ({ x, y }) => void outside.push(`menu ${String(x)} ${String(y)}`),
    about: () => ({
      versions: [{ name: 'Relay', version: '0.0.0' }],
      system: {
        ...{ platform: 'linux', release: '1', arch: 'x64', packaged: false, safeMode: false },
        ...{ upSeconds: 1, memory: 1, online: true },
      },
      limits: [],
      log: { files: 1, bytes: 10 },
    }),
  };
}

/** Starts main over a folder; nobody is signed in unless the folder says so. `clock`: another than the computer's. */
export async function startMain(
  folder: string,
  secrets: SecretStore,
  defaultServer: string,
  clock: Clock = systemClock,
): Promise<TestMain> {
  const logger = recordingLogger();
  const pushed: PushEvent[] = [];
  const outside: string[] = [];
  const notices: TestMain['notices'] = [];
  const counts: number[] = [];
  const trays: TrayState[] = [];
  const playing: TestMain['playing'] = [];
  const shown: TestMain['shown'] = [];
  const rings: TestMain['rings'] = [];
  const missed: CallView[] = [];
  const files = filesSystem(folder);
  const idle = { ms: 0, lockScreen: (): void => undefined };
  const assembly = assemble({
    clock,
    random: Math.random,
    logger,
    power: { onBattery: () => false, onOnline: () => () => undefined, onResume: () => () => undefined },
    secrets,
    document: (name) => fileDocument(folder, name),
    userDataDir: folder,
    defaultServer,
    about: { platform: 'linux', version: '0.0.0', systemLocale: 'en' },
    workerUrl: new URL('../../electron/main/services/store/worker.ts', import.meta.url),
    send: (_role, batch) => pushed.push(...PushBatch.parse(batch).events),
    openExternal: createExternalOpener(
      async (url) => {
        outside.push(`open ${url}`);
      },
      clock,
      logger,
    ),
    files,
    copyText: async (text) => {
      outside.push(`copy ${text}`);
    },
    system: {
      notify: (notice, clicked, offers) => {
        notices.push({ ...notice, clicked, offers });
        return () => undefined;
      },
      unread: (messages) => counts.push(messages),
    },
    desktop: testDesktop(trays, outside),
    showPlaying: (now) => playing.push(now),
    calls: {
      show: (call) => shown.push(call),
      keepAwake: (on) => outside.push(`awake ${String(on)}`),
      ring: (view, _account, answers) => {
        rings.push({ view, answers });
        return () => void rings.splice(0);
      },
      missed: (view) => {
        missed.push(view);
        return () => undefined;
      },
      lobby: (open) => outside.push(`lobby ${String(open)}`),
      mini: (open) => outside.push(`mini ${String(open)}`),
    },
    updates: {
      off: async () => 'unpackaged',
      check: async () => ({ ok: false, problem: 'failed' }),
      download: async () => ({ ok: false, problem: 'failed' }),
      quit: () => undefined,
      install: () => undefined,
    },
    screens: {
      ownPicker: false,
      hasSound: false,
      list: async () => [
        {
          source: { id: 'screen:0:0', name: 'Screen' },
          view: { id: 'screen:0:0', name: 'Screen', kind: 'screen', thumb: null },
        },
      ],
    },
    presence: {
      idleMs: () => idle.ms,
      onScreenLocked: (run) => {
        idle.lockScreen = run;
        return () => undefined;
      },
    },
    reloadPage: () => outside.push('reload'),
    watching: () => false,
    raise: () => outside.push('raise'),
  });

  const listeners = new Map<string, Listener>();
  const ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'> = {
    handle: (name, listener) => void listeners.set(name, listener as Listener),
    removeHandler: (name) => void listeners.delete(name),
  };
  const contents = {} as WebContents;
  const stopRouter = startRouter({
    ipcMain,
    answer: Promise.resolve(createAnswer({ handlers: assembly.handlers, logger, checkAnswers: true })),
    sender: { roleOf: (sender) => (sender === contents ? 'main' : null), origin: 'app://relay' },
    logger,
  });
  await assembly.start();

  async function invoke(
    name: string,
    args: unknown[],
    look: FrameLook | null = OUR_PAGE,
    ourWindow = true,
  ): Promise<Result<unknown>> {
    const listener = listeners.get(name);
    if (!listener) throw new Error(`no handler for ${name}`);
    const frame = look === null ? null : { ...look };
    if (frame) frame.top ??= frame;
    const event = {
      sender: ourWindow ? contents : ({} as WebContents),
      senderFrame: frame as WebFrameMain | null,
    } as IpcMainInvokeEvent;
    // What crosses the bridge is cloned on its way; what cannot be cloned never arrives.
    const result = await listener(event, ...args.map((arg) => structuredClone(arg)));
    return structuredClone(result) as Result<unknown>;
  }

  return {
    assembly,
    logger,
    pushed,
    outside,
    notices,
    counts,
    trays,
    playing,
    idle,
    shown,
    rings,
    missed,
    files,
    invoke,
    call: async <N extends ChannelName>(name: N, input: ChannelInput<N>) =>
      (await invoke(name, [input])) as Result<ChannelOutput<N>>,
    async close() {
      stopRouter();
      await assembly.close();
      if (listeners.size > 0) throw new Error('handlers were left behind');
    },
  };
}
