// @vitest-environment happy-dom
/** Calls from the button to the end, with devices and a connection of the test. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallSignalView, CallView } from '#contract/ipc/call-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { hookMusic, tellMusic } from '../../../../renderer/src/stores/call-music.ts';
import type * as Listening from '../../../../renderer/src/stores/together/together.ts';
import { useSettingsStore } from '../../../../renderer/src/stores/settings.ts';
import { useCallsStore } from '../../../../renderer/src/stores/calls.ts';
import { ACCOUNT, accountsView, accountView, installBridge } from '../bridge-double.ts';
import { callView, fakePeer, world, type FakePeer } from './doubles.ts';

vi.mock('../../../../renderer/src/engines/peer/peer.ts', () => ({
  createPeer: (options: never, _parts: unknown, hear: never) => fakePeer(options, hear),
}));
vi.mock('../../../../renderer/src/engines/peer/fallback-tracks.ts', () => ({ createFallbackTracks: () => ({}) }));
vi.mock('../../../../renderer/src/engines/small-picture.ts', () => ({
  createSmallPicture: () => ({ show: (track: unknown) => void world.small.push(track), close: () => undefined }),
}));
vi.mock('../../../../renderer/src/engines/ring.ts', () => ({
  createRing: () => ({
    play: (sound: string | null) => void world.rings.push(sound),
    end: () => void world.rings.push('end'),
  }),
}));
vi.mock('../../../../renderer/src/engines/call-media.ts', async (original) => ({
  ...(await original<object>()),
  openMicrophone: (id: string) => world.answer('microphone', id),
  openCamera: (id: string) => world.answer('camera', id),
  openScreen: () => world.answer('screen'),
  listDevices: () => Promise.resolve(world.devices),
  anotherMicrophone: () => Promise.resolve(world.another),
  watchDevices(changed: () => void) {
    world.plugged = changed;
    return () => (world.plugged = () => undefined);
  },
  createLoudspeaker: () => ({
    play: () => undefined,
    volume: () => undefined,
    device: () => Promise.resolve(),
    close: () => undefined,
  }),
}));

const loud: [number, boolean][] = [];
vi.mock('../../../../renderer/src/stores/together/together.ts', async (original) => {
  const real = await original<typeof Listening>();
  return {
    createTogether(parts: Listening.TogetherParts): Listening.Together {
      const made = real.createTogether(parts);
      return { ...made, loud: (volume, spoken) => (loud.push([volume, spoken]), made.loud(volume, spoken)) };
    },
  };
});

const OTHER = 'https://relay.example.org other';
const OFFER: CallSignalView = { kind: 'offer', description: { type: 'offer', sdp: 'v=0' } };
let sent: [string, unknown][] = [];
let startAnswer: Result<CallView>;
let endAnswer: Result<null>;
let acceptAnswer: Promise<Result<CallView>> | null;

const store = () => useCallsStore();
const settings = () => useSettingsStore();
const push = (call: CallView, accountId = ACCOUNT) => store().applyOf(accountId)({ kind: 'call', call });
const peer = (): FakePeer => {
  const last = world.peers.at(-1);
  if (!last) throw new Error('there is no connection');
  return last;
};
const media = () => {
  const { session } = store();
  if (!session) throw new Error('there is no session');
  return session.media;
};

// Loaded with the first call: not what these tests wait for.
beforeAll(async () => {
  await import('../../../../renderer/src/stores/call-session.ts');
  await import('../../../../renderer/src/engines/ring.ts');
});
beforeEach(() => {
  tellMusic(false, false);
  setActivePinia(createPinia());
  world.reset();
  sent = [];
  startAnswer = ok(callView('a', { state: 'ringing' }));
  endAnswer = ok(null);
  acceptAnswer = null;
  const note =
    <T>(name: string, answer: () => Result<T>) =>
    (input: unknown) => {
      sent.push([name, input]);
      return Promise.resolve(answer());
    };
  installBridge({
    settings: {
      update(patch) {
        sent.push(['settings', patch]);
        return Promise.resolve(ok({ ...settings().settings, ...patch }));
      },
    },
    calls: {
      start: note('start', () => startAnswer),
      accept: (input) => {
        sent.push(['accept', input]);
        return acceptAnswer ?? Promise.resolve(ok(callView('a', { incoming: true, state: 'active' })));
      },
      decline: note('decline', () => ok(null)),
      end: note('end', () => endAnswer),
      signal: note('signal', () => ok(null)),
      media: note('media', () => ok(null)),
      iceServers: note('iceServers', () => ok([])),
    },
  });
});
afterEach(() => vi.restoreAllMocks());

describe('calling', () => {
  test('opens the microphone, makes the offer, and follows the call', async () => {
    expect(await store().start(ACCOUNT, 'chat', 'audio')).toBeNull();
    await flushPromises();
    expect(sent[0]).toEqual(['start', { accountId: ACCOUNT, chatId: 'chat', type: 'audio' }]);
    expect(peer().options).toEqual({ polite: false, caller: true, video: false, relayOnly: false });
    expect(world.asked).toEqual(['microphone']);
    expect(world.rings).toEqual(['outgoing']);
    push(callView('a', { state: 'active', activeSince: 5 }));
    await flushPromises();
    expect(peer().calls).toContain('accepted');
    expect(world.rings.at(-1)).toBeNull();
  });

  test('passes signals on in both directions', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    peer().hear({ kind: 'signal', signal: { kind: 'candidate', candidate: { candidate: 'x' } } });
    expect(sent.filter(([name]) => name === 'signal')).toEqual([
      ['signal', { accountId: ACCOUNT, key: 'a', signal: { kind: 'candidate', candidate: { candidate: 'x' } } }],
    ]);
    store().applyOf(ACCOUNT)({ kind: 'call:signal', key: 'a', signal: OFFER });
    expect(peer().received).toEqual([OFFER]);
  });

  test('says why it could not begin, and opens nothing', async () => {
    startAnswer = fail('call_busy', 'busy');
    expect(await store().start(ACCOUNT, 'chat', 'audio')).toBe('call_busy');
    await flushPromises();
    expect(store().current).toBeNull();
    expect(world.asked).toEqual([]);
  });

  test('asks main for no second call while one runs', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    expect(await store().start(ACCOUNT, 'another chat', 'audio')).toBe('call_busy');
    expect(await store().start(ACCOUNT, 'chat', 'audio')).toBeNull();
    expect(sent.filter(([name]) => name === 'start')).toHaveLength(1);
    expect(store().showWishes).toBe(2);
  });
});

describe('being called', () => {
  const ring = () => push(callView('a', { incoming: true, polite: true }));

  test('rings, and opens no device before it is accepted', async () => {
    ring();
    await flushPromises();
    expect(store().current).toBeNull();
    expect(store().ringing.map(({ call }) => call.key)).toEqual(['a']);
    expect([world.asked, world.rings]).toEqual([[], ['incoming']]);
  });

  test('accepting without video opens no camera; signals that came before are not lost', async () => {
    push(callView('a', { incoming: true, type: 'video' }));
    store().applyOf(ACCOUNT)({ kind: 'call:signal', key: 'a', signal: OFFER });
    const [own] = store().ringing;
    if (!own) throw new Error('nothing rings');
    expect(await store().accept(own, false)).toBeNull();
    await flushPromises();
    expect(sent[0]).toEqual(['accept', { accountId: ACCOUNT, key: 'a', withVideo: false }]);
    expect(world.asked).toEqual(['microphone']);
    expect(peer().options.caller).toBe(false);
    expect(peer().received).toEqual([OFFER]);
    expect(world.rings.at(-1)).toBeNull();
  });

  test('prepares its connection while it rings, and keeps it when it is accepted', async () => {
    ring();
    await flushPromises();
    expect([world.peers.length, world.asked, store().session]).toEqual([1, [], null]);
    // A relay that breaks its word: what it passes on before the call is accepted must not be answered.
    store().applyOf(ACCOUNT)({ kind: 'call:signal', key: 'a', signal: OFFER });
    expect([peer().calls, peer().received]).toEqual([[], []]);
    push(callView('a', { incoming: true, polite: true, state: 'active', activeSince: 5 }));
    expect(media().link).toBe('waiting');
    await flushPromises();
    expect([world.peers.length, world.asked, peer().received]).toEqual([1, ['microphone'], [OFFER]]);
    expect(peer().calls).toContain('accepted');
    expect(peer().calls).not.toContain('close');
  });

  test('the devices open with the press, and are free again when the call cannot be accepted', async () => {
    let answer: (result: Result<CallView>) => void = () => undefined;
    acceptAnswer = new Promise((resolve) => (answer = resolve));
    push(callView('a', { incoming: true, type: 'video' }));
    await flushPromises();
    const [own] = store().ringing;
    if (!own) throw new Error('nothing rings');
    const accepted = store().accept(own, true);
    await flushPromises();
    expect([world.asked, world.live(), store().session]).toEqual([['microphone', 'camera'], 2, null]);
    answer(fail('server_timeout', 'no answer'));
    expect(await accepted).toBe('server_timeout');
    expect([world.live(), peer().calls.at(-1)]).toEqual([0, 'close']);
    await flushPromises();
    // It still rings: prepared anew, without devices.
    expect([world.peers.length, world.live()]).toEqual([2, 0]);
  });

  test('a ring that ends leaves nothing', async () => {
    ring();
    await flushPromises();
    push(callView('a', { incoming: true, state: 'ended', end: 'missed' }));
    expect([world.peers.length, peer().calls, world.asked]).toEqual([1, ['close'], []]);
  });

  test('who hides their address while it rings uses relays alone', async () => {
    ring();
    await flushPromises();
    expect(peer().options.relayOnly).toBe(false);
    await settings().update({ callRelayOnly: true });
    push(callView('a', { incoming: true, polite: true, state: 'active', activeSince: 5 }));
    await flushPromises();
    expect(world.peers.map(({ options, calls }) => [options.relayOnly, calls.includes('close')])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  test('a ring that was put aside is silent and still there', async () => {
    ring();
    await flushPromises();
    store().putAside('a');
    await flushPromises();
    expect(world.rings.at(-1)).toBeNull();
    expect(store().ringing).toHaveLength(1);
  });

  test('an event that the answer has overtaken does not take the call back', async () => {
    ring();
    push(callView('a', { incoming: true, state: 'active' }));
    await flushPromises();
    ring();
    expect(store().current?.call.state).toBe('active');
    expect(peer().calls).not.toContain('close');
  });

  test('accepting a second call hangs up the first one', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    push(callView('b', { incoming: true }), OTHER);
    const [own] = store().ringing;
    if (!own) throw new Error('nothing rings');
    await store().accept(own, false);
    expect(sent.filter(([name]) => name === 'end' || name === 'accept').map(([name]) => name)).toEqual([
      'end',
      'accept',
    ]);
    expect(world.live()).toBe(0);
  });
});

describe('the end', () => {
  test('frees the devices with the event itself, and nothing brings the call back', async () => {
    await store().start(ACCOUNT, 'chat', 'video');
    startAnswer = ok(callView('a', { type: 'video' }));
    await flushPromises();
    expect(world.live()).toBeGreaterThan(0);
    push(callView('a', { state: 'ended', end: 'hung_up', duration: 3 }));
    expect(world.live()).toBe(0);
    expect(store().session).toBeNull();
    expect(peer().calls.at(-1)).toBe('close');
    push(callView('a', { state: 'active' }));
    store().applyOf(ACCOUNT)({ kind: 'call:signal', key: 'a', signal: OFFER });
    await flushPromises();
    expect(store().current).toBeNull();
    expect(world.peers).toHaveLength(1);
    expect(store().takeEnded()?.call.end).toBe('hung_up');
    expect(store().takeEnded()).toBeNull();
  });

  test('hanging up frees the devices before main has answered', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    const done = store().hangUp();
    expect(world.live()).toBe(0);
    expect(await done).toBeNull();
    expect(sent.at(-1)).toEqual(['end', { accountId: ACCOUNT, key: 'a', reason: 'cancelled' }]);
  });

  test('when main cannot end it, it is over here all the same', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    endAnswer = fail('not_found', 'no such call');
    expect(await store().hangUp()).toBe('not_found');
    expect(store().current).toBeNull();
  });

  test('a microphone that opens after the end is let go', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await vi.waitFor(() => expect(world.asked).toEqual(['microphone']));
    push(callView('a', { state: 'ended', end: 'rejected' }));
    await flushPromises();
    expect(world.live()).toBe(0);
  });

  test('a connection that is given up ends the call as failed', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    peer().hear({ kind: 'gave_up' });
    await flushPromises();
    expect(sent.at(-1)).toEqual(['end', { accountId: ACCOUNT, key: 'a', reason: 'failed' }]);
  });

  test('the calls of a closed account are gone, those of others stay', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    push(callView('b', { incoming: true }), OTHER);
    await flushPromises();
    store().apply({ kind: 'accounts', accounts: accountsView([accountView(OTHER)]) });
    expect([store().current, store().ringing.length, world.live()]).toEqual([null, 1, 0]);
  });

  test('a snapshot without the call ends it', async () => {
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    store().restore(ACCOUNT, null);
    expect([store().current, world.live()]).toEqual([null, 0]);
  });
});

describe('devices', () => {
  async function running(type: 'audio' | 'video' = 'audio'): Promise<void> {
    startAnswer = ok(callView('a', { type, state: 'active' }));
    await store().start(ACCOUNT, 'chat', type);
    await flushPromises();
    peer().hear({ kind: 'link', link: 'connected' });
  }

  test.each(['none', 'denied', 'busy', 'failed'] as const)(
    'no microphone (%s): the call goes on in silence',
    async (why) => {
      world.problems.microphone = why;
      await running();
      expect(store().current?.call.state).toBe('active');
      expect(media().problems.microphone).toBe(why);
      expect(peer().sent.get('voice')).toBeNull();
      expect(peer().calls.at(-1)).toBe('tell {"muted":true,"camera":false,"sharing":false}');
    },
  );

  test('a camera that fails leaves the call as it is', async () => {
    world.problems.camera = 'busy';
    await running('video');
    expect(media().problems).toEqual({ microphone: null, camera: 'busy', screen: null });
    expect([media().camera, world.live()]).toEqual([false, 1]);
  });

  test('the camera goes on and off within the call; off means that it is free', async () => {
    await running();
    await store().session?.setCamera(true);
    expect([media().camera, world.live()]).toEqual([true, 2]);
    await store().session?.setCamera(false);
    expect([media().camera, world.live(), peer().sent.get('camera')]).toEqual([false, 1, null]);
    expect(sent.at(-1)?.[1]).toMatchObject({ camera: false, connected: true });
  });

  test('off again before the camera has opened: it is not on', async () => {
    await running();
    const opening = store().session?.setCamera(true);
    await store().session?.setCamera(false);
    await opening;
    expect([media().camera, world.live()]).toEqual([false, 1]);
  });

  test('mute silences the track, and another microphone stays muted', async () => {
    await running();
    store().session?.mute(true);
    expect(world.tracks[0]?.enabled).toBe(false);
    await store().session?.choose('microphone', 'usb');
    expect(world.asked.at(-1)).toBe('microphone usb');
    expect(world.tracks.map(({ live, enabled }) => [live, enabled])).toEqual([
      [false, false],
      [true, false],
    ]);
  });

  test('what was chosen is kept by its id and name, and used by the next call', async () => {
    world.devices = { ...world.devices, microphones: [{ id: 'usb', label: 'Desk microphone' }] };
    await running();
    await store().session?.choose('microphone', 'usb');
    const kept = { microphone: { id: 'usb', label: 'Desk microphone' }, camera: null, speaker: null };
    expect(sent.filter(([name]) => name === 'settings')).toEqual([['settings', { callDevices: kept }]]);
    push(callView('a', { state: 'ended', end: 'hung_up' }));
    startAnswer = ok(callView('b', { state: 'active' }));
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    expect(world.asked).toEqual(['microphone', 'microphone usb', 'microphone usb']);
    expect(media().choice.microphone).toBe('usb');
  });

  test('what is loud enough in one call is in the next one, and is kept once for a whole move of the slider', async () => {
    await running();
    expect(media().volumes).toEqual({ voice: 1, share: 1, music: 0.8 });
    for (const value of [0.7, 0.6, 0.5]) store().session?.setVolume('voice', value);
    expect(sent.filter(([name]) => name === 'settings')).toEqual([]);
    push(callView('a', { state: 'ended', end: 'hung_up' }));
    const kept = { voice: 0.5, share: 1, music: 0.8 };
    expect(sent.filter(([name]) => name === 'settings')).toEqual([['settings', { callVolumes: kept }]]);
    startAnswer = ok(callView('b', { state: 'active' }));
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    expect(media().volumes).toEqual(kept);
  });

  test('who hides their address uses relays alone', async () => {
    await settings().update({ callRelayOnly: true });
    await running();
    expect([peer().options.relayOnly, media().relayOnly]).toEqual([true, true]);
  });

  test('main hears how the call is, and only what has changed', async () => {
    await running();
    const told = () => sent.filter(([name]) => name === 'media');
    peer().hear({ kind: 'link', link: 'reconnecting' });
    expect(told().at(-1)?.[1]).toMatchObject({ link: 'reconnecting', connected: false, quality: null });
    peer().hear({ kind: 'quality', quality: 'fair' });
    peer().hear({ kind: 'remote', state: { muted: true, camera: false, sharing: false } });
    expect(told().at(-1)?.[1]).toMatchObject({ quality: 'fair', theirsMuted: true, together: null });
    const before = told().length;
    peer().hear({ kind: 'quality', quality: 'fair' });
    expect(told()).toHaveLength(before);
  });

  test('the small window asks for a screen to share: the call is shown, and the wish is fulfilled once', async () => {
    await running();
    const shown = store().showWishes;
    store().applyOf(ACCOUNT)({ kind: 'call:command', key: 'a', command: 'toggle_share' });
    expect([store().showWishes, store().takeShareWish(), store().takeShareWish()]).toEqual([shown + 1, true, false]);
    await store().session?.share({ focus: 'text', sound: false });
    store().applyOf(ACCOUNT)({ kind: 'call:command', key: 'a', command: 'toggle_share' });
    expect([media().sharing, store().takeShareWish()]).toEqual([null, false]);
  });

  test('a call that was talked in leaves a recap until it is put away or the next one begins', async () => {
    await running();
    for (const quality of ['good', 'good', 'fair'] as const) peer().hear({ kind: 'quality', quality });
    push(callView('a', { state: 'ended', end: 'hung_up', duration: 65 }));
    expect(store().recap).toMatchObject({
      call: { duration: 65 },
      log: { curve: ['good', 'good', 'fair'], tracks: [] },
    });
    expect(store().concerns).toBe(true);
    push(callView('b', { incoming: true, state: 'ringing' }));
    expect(store().recap).toBeNull();
    push(callView('b', { incoming: true, state: 'ended', end: 'missed' }));
    expect(store().recap).toBeNull();
  });

  test('a microphone that was unplugged is still the chosen one in the next call', async () => {
    world.devices = { ...world.devices, microphones: [{ id: 'usb', label: 'Desk microphone' }] };
    await running();
    await store().session?.choose('microphone', 'usb');
    world.tracks.find(({ kind, live }) => kind === 'audio' && live)?.unplug();
    await flushPromises();
    expect(media().choice.microphone).toBe('');
    expect(settings().settings.callDevices.microphone?.id).toBe('usb');
  });

  test('an unplugged microphone is replaced by the system’s choice, and sharing goes on', async () => {
    await running();
    await store().session?.choose('microphone', 'usb');
    await store().session?.share({ focus: 'text', sound: false });
    world.tracks.find(({ kind, live }) => kind === 'audio' && live)?.unplug();
    await flushPromises();
    expect(world.asked.at(-1)).toBe('microphone');
    expect([media().sharing, media().problems.microphone]).toEqual(['text', null]);
  });

  test('a microphone that the system chooses in a call is taken, and stays muted', async () => {
    await running();
    store().session?.mute(true);
    world.another = 'usb';
    world.plugged();
    await flushPromises();
    expect(world.asked.at(-1)).toBe('microphone usb');
    expect(media().choice.microphone).toBe('');
    expect(world.tracks.map(({ live, enabled }) => [live, enabled])).toEqual([
      [false, false],
      [true, false],
    ]);
    expect(peer().sent.get('voice')).toBe(world.tracks[1]);
  });

  test('a microphone that was chosen in the app stays, whatever the system chooses', async () => {
    await running();
    await store().session?.choose('microphone', 'desk');
    const asked = world.asked.length;
    world.another = 'usb';
    world.plugged();
    await flushPromises();
    expect(world.asked).toHaveLength(asked);
  });

  test('an unplugged microphone without another one is said in words', async () => {
    await running();
    world.problems.microphone = 'none';
    world.tracks[0]?.unplug();
    await flushPromises();
    expect(media().problems.microphone).toBe('unplugged');
    expect(store().current).not.toBeNull();
  });

  test('a shared window that is closed ends the sharing', async () => {
    await running();
    await store().session?.share({ focus: 'motion', sound: true });
    expect(media().sharing).toBe('motion');
    world.tracks.at(-1)?.unplug();
    expect([media().sharing, peer().sent.get('share')]).toEqual([null, null]);
  });

  test('the commands of tray and keys do what the buttons do', async () => {
    await running();
    const command = (name: 'toggle_microphone' | 'toggle_camera' | 'hang_up' | 'show', key = 'a') =>
      store().applyOf(ACCOUNT)({ kind: 'call:command', key, command: name });
    command('toggle_microphone', 'another call');
    expect(media().muted).toBe(false);
    command('toggle_microphone');
    expect(media().muted).toBe(true);
    command('toggle_camera');
    await flushPromises();
    expect(media().camera).toBe(true);
    store().applyOf(ACCOUNT)({ kind: 'call:network', key: 'a' });
    expect(peer().calls).toContain('network');
    command('hang_up');
    expect(world.live()).toBe(0);
  });
});

describe('listening together', () => {
  beforeEach(async () => {
    startAnswer = ok(callView('a', { state: 'active' }));
    await store().start(ACCOUNT, 'chat', 'audio');
    await flushPromises();
    peer().hear({ kind: 'link', link: 'connected' });
    loud.splice(0);
  });

  test('the music has a volume of its own, and is softer while the other side speaks', () => {
    store().session?.setVolume('voice', 0.1);
    expect(loud).toEqual([]);
    store().session?.setVolume('music', 0.5);
    peer().hear({ kind: 'level', level: 0.4 });
    for (let n = 0; n < 5; n += 1) peer().hear({ kind: 'level', level: 0 });
    expect([loud[0], loud[1], loud.at(-1)]).toEqual([
      [0.5, false],
      [0.5, true],
      [0.5, false],
    ]);
    expect(media().volumes).toEqual({ voice: 0.1, share: 1, music: 0.5 });
  });

  test('what comes over the channel reaches it, and what it says goes there', () => {
    peer().hear({ kind: 'channel' });
    expect(peer().texts.map((text) => (JSON.parse(text) as { kind: string }).kind)).toEqual(['ping', 'together']);
    peer().hear({ kind: 'message', data: '{"kind":"ping","id":7,"sent":1}' });
    expect(JSON.parse(peer().texts.at(-1) ?? '')).toMatchObject({ kind: 'pong', id: 7 });
    push(callView('a', { state: 'ended', end: 'hung_up' }));
    const told = peer().texts.length;
    peer().hear({ kind: 'message', data: '{"kind":"ping","id":8,"sent":1}' });
    expect(peer().texts).toHaveLength(told);
  });
});

test('the music hears of a ring and of a call, once each', async () => {
  const heard: string[] = [];
  hookMusic({
    onRing: (on) => void heard.push(`ring ${String(on)}`),
    onCall: (on) => void heard.push(`call ${String(on)}`),
  });
  push(callView('a', { incoming: true }));
  await flushPromises();
  push(callView('a', { incoming: true, state: 'active' }));
  await flushPromises();
  push(callView('a', { incoming: true, state: 'ended', end: 'hung_up' }));
  await flushPromises();
  expect(heard).toEqual(['ring true', 'ring false', 'call true', 'call false']);
});
