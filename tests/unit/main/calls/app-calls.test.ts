/** What the system shows of a call, over the stand-in's own notifications and power. */
import { describe, expect, it } from 'vitest';
import type { CallMediaView, CallView } from '../../../../contract/ipc/call-views.ts';
import { createCallGate } from '../../../../electron/main/lib/call-gate.ts';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import { createCallSystem, MUTE_KEY } from '../../../../electron/main/platform/call-signs.ts';
import { createNotifier } from '../../../../electron/main/platform/notifier.ts';
import type { TrayCall } from '../../../../electron/main/platform/tray-menu.ts';
import { createAppCalls } from '../../../../electron/main/services/calls/app-calls.ts';
import { askInCall } from '../../../../electron/main/windows/ask-in-call.ts';
import { HostGlobalShortcut } from '../../../../host/modules/global-shortcut.ts';
import { createNativeImage } from '../../../../host/modules/native-image.ts';
import { createNotification } from '../../../../host/modules/notification.ts';
import { createPowerSaveBlocker } from '../../../../host/modules/screen-parts.ts';
import { SystemUi } from '../../../../host/system-ui.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function callMedia(more: Partial<CallMediaView> = {}): CallMediaView {
  return {
    ...{ muted: false, camera: false, sharing: false, connected: true, link: 'connected', quality: null },
    ...{ theirsMuted: false, together: null },
    ...more,
  };
}

function view(state: CallView['state'], more: Partial<CallView> = {}): CallView {
  return {
    ...{ key: 'k', id: 'c', chatId: 'chat', type: 'audio', incoming: true, state, ringingSince: 1, activeSince: null },
    ...{ peer: { id: 'ada', name: 'Ada', avatarUrl: null }, polite: true, end: null, duration: null, withVideo: false },
    ...more,
  };
}

function world(platform: NodeJS.Platform = 'darwin') {
  const outside = new SystemUi();
  const logger = recordingLogger();
  const gate = createCallGate();
  const tray: (TrayCall | null)[] = [];
  const done: string[] = [];
  const look = { watching: false, muted: false };
  const keys = new HostGlobalShortcut();
  const system = createCallSystem({
    powerSaveBlocker: createPowerSaveBlocker(outside),
    globalShortcut: keys.whole,
    toggleMicrophone: () => calls.toggleMicrophone(),
    notify: createNotifier({
      Notification: createNotification({ mood: 'shown', outside, isReady: () => true }),
      ...{ nativeImage: createNativeImage(), platform, logger },
    }),
    signs: { call: (call) => tray.push(call) },
    gate,
    mini: { set: () => undefined },
    texts: () => mainTexts('en'),
    logger,
  });
  const calls = createAppCalls({
    logger,
    system,
    callsOf: () => ({
      accept: async ({ key }) => (done.push(`accept ${key}`), { ok: true, value: view('active') }),
      decline: ({ key }) => (done.push(`decline ${key}`), { ok: true, value: null }),
      end: ({ key, reason }) => (done.push(`end ${key} ${reason}`), { ok: true, value: null }),
    }),
    isMuted: async () => look.muted,
    watching: () => look.watching,
    accountName: () => null,
    raise: () => done.push('raise'),
    open: (_account, chatId) => done.push(`open ${chatId}`),
    command: (_account, key, command) => done.push(`${command} ${key}`),
  });
  const hear = async (call: CallView): Promise<void> => {
    calls.heard('a', { kind: 'call', call });
    await settled();
  };
  const awake = (): unknown => outside.records.filter(({ what }) => what === 'power-save').at(-1)?.detail;
  return { calls, hear, keys, outside, gate, tray, done, look, awake, logger };
}

describe('a ring', () => {
  it('is a notification with answers, as long as it rings', async () => {
    const { hear, outside, done } = world();
    await hear(view('ringing'));
    const [item] = outside.items();
    expect(item).toMatchObject({ title: 'Ada', text: 'Incoming call' });
    expect(item?.choices.map(({ label }) => label)).toEqual(['Ada', 'Accept', 'Decline', 'Close']);
    outside.act({ id: item?.id ?? '', action: 'action:0' });
    await settled();
    expect(done).toEqual(['raise', 'accept k', 'show k']);
    await hear(view('active'));
    expect(outside.items()).toEqual([]);
  });

  it('is declined from there', async () => {
    const { hear, outside, done } = world();
    await hear(view('ringing'));
    outside.act({ id: outside.items()[0]?.id ?? '', action: 'action:1' });
    expect(done).toEqual(['decline k']);
  });

  it('has no buttons on Linux, where a click shows it', async () => {
    const { hear, outside, done } = world('linux');
    await hear(view('ringing', { type: 'video' }));
    const [item] = outside.items();
    expect([item?.text, item?.choices.length]).toEqual(['Incoming video call', 2]);
    outside.act({ id: item?.id ?? '', action: 'click' });
    expect(done).toEqual(['raise']);
  });

  it.each([['watching'], ['muted']] as const)('is silent for a user who is %s', async (why) => {
    const { hear, outside, look } = world();
    look[why] = true;
    await hear(view('ringing'));
    expect(outside.items()).toEqual([]);
  });

  it('that ended while it was looked up is not shown', async () => {
    const { calls, hear, outside } = world();
    calls.heard('a', { kind: 'call', call: view('ringing') });
    await hear(view('ended', { end: 'elsewhere' }));
    expect(outside.items()).toEqual([]);
  });
});

describe('a missed call', () => {
  it('is told, leads to its chat, and is gone when the user looks', async () => {
    const { calls, hear, outside, done } = world();
    await hear(view('ringing'));
    await hear(view('ended', { end: 'missed' }));
    expect(outside.items()).toMatchObject([{ title: 'Ada', text: 'Missed call' }]);
    outside.act({ id: outside.items()[0]?.id ?? '', action: 'click' });
    expect(done).toEqual(['open chat']);
    await hear(view('ended', { key: 'other', end: 'missed' }));
    expect(outside.items()).toHaveLength(1);
    calls.looked();
    expect(outside.items()).toEqual([]);
  });

  it('that was seen to ring is no news, one behind another call is', async () => {
    const { hear, outside, look } = world();
    look.watching = true;
    await hear(view('ringing'));
    await hear(view('ended', { end: 'missed' }));
    expect(outside.items()).toEqual([]);
    await hear(view('active', { key: 'first' }));
    await hear(view('ended', { key: 'second', end: 'missed' }));
    expect(outside.items()).toHaveLength(1);
  });

  it('declined, answered elsewhere or made here is none', async () => {
    const { hear, outside } = world();
    for (const end of ['rejected', 'elsewhere', 'hung_up'] as const) await hear(view('ended', { end }));
    await hear(view('ended', { incoming: false, end: 'missed' }));
    expect(outside.items()).toEqual([]);
  });
});

describe('a call that runs', () => {
  it('keeps the computer awake, once, and opens the gate until it is over', async () => {
    const { calls, hear, gate, tray, awake } = world();
    await hear(view('ringing'));
    expect([gate.isOpen, gate.isActive, awake()]).toEqual([true, false, undefined]);
    await hear(view('active'));
    await hear(view('active', { withVideo: true }));
    expect([gate.isOpen, gate.isActive, awake()]).toEqual([true, true, ['prevent-display-sleep']]);
    calls.media('a', 'k', callMedia({ muted: true }));
    expect(tray.at(-1)).toEqual({ name: 'Ada', muted: true });
    calls.media('a', 'another', callMedia());
    expect(tray.at(-1)).toEqual({ name: 'Ada', muted: true });
    await hear(view('ended', { end: 'hung_up' }));
    expect([gate.isOpen, gate.isActive, awake(), tray.at(-1)]).toEqual([false, false, [], null]);
  });

  it('is muted by a key from anywhere, which is free again afterwards', async () => {
    const { hear, keys, done } = world();
    await hear(view('ringing'));
    expect(keys.press(MUTE_KEY)).toBe(false);
    await hear(view('active'));
    expect([keys.press(MUTE_KEY), done]).toEqual([true, ['toggle_microphone k']]);
    await hear(view('ended', { end: 'hung_up' }));
    expect(keys.press(MUTE_KEY)).toBe(false);
  });

  it('goes on without the key where another application has it', async () => {
    const { hear, keys, gate, logger } = world();
    keys.whole.register(MUTE_KEY, () => undefined);
    await hear(view('active'));
    expect([gate.isActive, logger.of('call.no_mute_key').length]).toEqual([true, 1]);
    await hear(view('ended', { end: 'hung_up' }));
    // What is another one's is left to it.
    expect(keys.press(MUTE_KEY)).toBe(true);
  });

  it('obeys the tray', async () => {
    const { calls, hear, done } = world();
    calls.hangUp();
    calls.toggleMicrophone();
    await hear(view('active'));
    calls.toggleMicrophone();
    calls.hangUp();
    expect(done).toEqual(['toggle_microphone k', 'end k hung_up']);
  });

  it('closes the gate also when another sign fails', async () => {
    const outside = new SystemUi();
    const logger = recordingLogger();
    const gate = createCallGate();
    const system = createCallSystem({
      powerSaveBlocker: createPowerSaveBlocker(outside),
      globalShortcut: new HostGlobalShortcut().whole,
      toggleMicrophone: () => undefined,
      notify: () => () => undefined,
      signs: {
        call: () => {
          throw new Error('Tray is destroyed');
        },
      },
      gate,
      mini: { set: () => undefined },
      texts: () => mainTexts('en'),
      logger,
    });
    const media = callMedia({ connected: false, link: 'connecting' });
    expect(() => system.show({ accountId: 'a', view: view('active'), media })).toThrow();
    expect(gate.isActive).toBe(true);
    expect(() => system.show(null)).toThrow();
    expect(gate).toEqual({ isOpen: false, isActive: false, isLobby: false });
  });

  it('asks before its window closes, and not when the app quits', async () => {
    const { calls, hear, done } = world();
    const state = { isQuitting: false, response: 1 };
    const ask = () =>
      askInCall({
        dialog: { showMessageBox: async () => ({ response: state.response, checkboxChecked: false }) },
        window: () => ({}) as Electron.BrowserWindow,
        texts: () => mainTexts('en'),
        calls: () => calls,
        isQuitting: () => state.isQuitting,
      });
    expect(ask()).toBeNull();
    await hear(view('active'));
    expect(await ask()?.()).toBe(false);
    expect(done).toEqual([]);
    state.response = 0;
    expect(await ask()?.()).toBe(true);
    expect(done).toEqual(['end k hung_up']);
    state.isQuitting = true;
    expect(ask()).toBeNull();
  });
});
