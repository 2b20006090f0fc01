// @vitest-environment happy-dom
/** The player's store with an engine that plays nothing and is told what a real one would tell. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, disposePinia, setActivePinia, type Pinia } from 'pinia';
import { nextTick } from 'vue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PlayableView, PlayerMemory } from '#contract/ipc/music-views.ts';
import { ok } from '#contract/model/errors.ts';
import type { AudioEngine, AudioEvent, AudioSource } from '../../../../renderer/src/engines/audio/types.ts';
import { useAccountsStore } from '../../../../renderer/src/stores/accounts.ts';
import { tellMusic } from '../../../../renderer/src/stores/call-music.ts';
import { usePlayerStore } from '../../../../renderer/src/stores/player.ts';
import { useVoiceStore } from '../../../../renderer/src/stores/voice.ts';
import { ACCOUNT, accountsView, accountView, installBridge } from '../bridge-double.ts';

const fake = vi.hoisted(() => ({
  calls: [] as string[],
  levels: [] as number[],
  rates: [] as number[],
  hear: (_event: unknown): void => undefined,
}));
vi.mock('../../../../renderer/src/engines/audio/engine.ts', () => ({
  createAudioEngine: (hear: (event: AudioEvent) => void): Promise<AudioEngine> => {
    fake.hear = hear as (event: unknown) => void;
    const name = (source: AudioSource | null): string => source?.address.replace('./media/', '') ?? 'nothing';
    const engine: AudioEngine = {
      load: (source, at = 0) => void fake.calls.push(`load ${name(source)}${at > 0 ? ` at ${String(at)}` : ''}`),
      play: () => void fake.calls.push('play'),
      pause: () => void fake.calls.push('pause'),
      seek: (seconds) => void fake.calls.push(`seek ${String(seconds)}`),
      volume: (level) => void fake.levels.push(Number(level.toFixed(4))),
      rate: (rate) => void fake.rates.push(rate),
      prepare: (source, overlap = 0) => void fake.calls.push(`prepare ${name(source)} over ${String(overlap)}`),
      unload: () => void fake.calls.push('unload'),
    };
    return Promise.resolve(engine);
  },
}));

const hear = (event: AudioEvent): void => fake.hear(event);
const calls = (): string[] => fake.calls.splice(0);
const store = () => usePlayerStore();

const track = (id: string, more: Partial<PlayableView> = {}): PlayableView => ({
  ...{ accountId: ACCOUNT, fileId: id, source: 'library', title: id.toUpperCase(), artist: 'Band', album: null },
  ...{ albumKey: null, trackNumber: null, duration: 100, mimeType: 'audio/flac', url: `/media/${id}` },
  ...{ coverUrl: null, gain: null, from: null },
  ...more,
});
const abc = (): PlayableView[] => ['a', 'b', 'c'].map((id) => track(id));

const told: string[] = [];
let kept: PlayerMemory | null = null;
let places: number[] = [];

let pinia: Pinia;
// A player that is left behind would still keep its queue.
afterEach(() => disposePinia(pinia));

beforeEach(() => {
  vi.useRealTimers();
  pinia = createPinia();
  setActivePinia(pinia);
  fake.calls = [];
  fake.levels = [];
  fake.rates = [];
  told.length = 0;
  places = [];
  const done = (): Promise<ReturnType<typeof ok<null>>> => Promise.resolve(ok(null));
  installBridge({
    player: {
      recall: () => Promise.resolve(ok(kept)),
      keep: ({ memory }) => ((kept = memory), done()),
      keepPlace: ({ position }) => (places.push(position), done()),
      tell: ({ now }) => (
        told.push(now === null ? 'nothing' : `${now.title} ${now.playing ? 'plays' : 'waits'}`),
        done()
      ),
      prefetch: ({ id }) => (told.push(`fetch ${id}`), done()),
    },
    music: { played: ({ id }) => (told.push(`played ${id}`), done()) },
  });
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([accountView()]) });
  kept = null;
});

// What it has yet to keep must not reach the next test.
afterEach(() => store().$dispose());

/** Plays "abc" from an index on, and the engine is there. */
async function start(at = 0, items = abc()): Promise<void> {
  store().play(items, at);
  // The engine is a part of its own that has to be fetched.
  await vi.waitFor(() => expect(fake.calls).toContain('play'));
  hear({ kind: 'playing' });
  await flushPromises();
}

describe('a list', () => {
  test('plays from where it was asked to, one track after the other', async () => {
    await start(1);
    expect(calls()).toEqual(['load b', 'play']);
    expect([store().playing, store().current?.title, store().waiting]).toEqual([true, 'B', false]);
    expect([store().isCurrent(ACCOUNT, 'b'), store().isCurrent(ACCOUNT, 'a'), store().isCurrent('other', 'b')]).toEqual(
      [true, false, false],
    );
    hear({ kind: 'position', at: 50 });
    expect(calls()).toEqual([]);
    hear({ kind: 'position', at: 85 });
    hear({ kind: 'position', at: 86 });
    expect(calls()).toEqual(['prepare c over 0']);
    hear({ kind: 'joined' });
    // The engine went on by itself: nothing is loaded again.
    expect(calls()).toEqual([]);
    expect([store().current?.title, store().at, store().playing]).toEqual(['C', 0, true]);
    hear({ kind: 'position', at: 99 });
    hear({ kind: 'ended' });
    expect([store().playing, store().at, calls()]).toEqual([false, 0, ['unload']]);
    store().toggle();
    expect(calls()).toEqual(['load c', 'play']);
  });

  test('that repeats one track prepares that track', async () => {
    await start(0);
    store().setRepeat('one');
    calls();
    hear({ kind: 'position', at: 90 });
    expect(calls()).toEqual(['prepare a over 0']);
    hear({ kind: 'joined' });
    expect([store().current?.title, store().at]).toEqual(['A', 0]);
  });

  test('changed near the end prepares what follows now', async () => {
    await start(0);
    hear({ kind: 'position', at: 90 });
    calls();
    store().playNext([track('x')]);
    expect(calls()).toEqual(['prepare x over 0']);
    store().remove([store().upcoming[1]?.key ?? '']);
    expect(calls()).toEqual(['prepare b over 0']);
    store().setSleep({ kind: 'track' });
    expect(calls()).toEqual(['prepare nothing over 0']);
    hear({ kind: 'ended' });
    expect([store().playing, store().current?.title, store().sleep]).toEqual([false, 'B', null]);
  });

  test('fades over, but not within an album', async () => {
    const album = { albumKey: 'k' };
    await start(0, [
      track('a', { ...album, trackNumber: 1 }),
      track('b', { ...album, trackNumber: 2 }),
      track('c', { ...album, trackNumber: 7 }),
    ]);
    store().crossfade = 4;
    await nextTick();
    calls();
    hear({ kind: 'position', at: 90 });
    expect(calls()).toEqual(['prepare b over 0']);
    hear({ kind: 'joined' });
    hear({ kind: 'position', at: 90 });
    expect(calls()).toEqual(['prepare c over 4']);
  });

  test('is gone when it is cleared', async () => {
    await start(0);
    calls();
    store().clear();
    await flushPromises();
    expect([calls(), store().current, store().playing, told.at(-1)]).toEqual([['unload'], null, false, 'nothing']);
  });
});

test('one sound from a chat plays at once, and the queue goes on after it', async () => {
  await start(1);
  calls();
  store().playNow(track('x', { source: 'attachment' }));
  expect(calls()).toEqual(['load x', 'play']);
  expect(store().upcoming.map(({ item }) => item.fileId)).toEqual(['a', 'b', 'x', 'c']);
  store().playNow(track('a'));
  expect([calls(), store().upcoming.length]).toEqual([['load a', 'play'], 4]);
  store().clear();
  calls();
  store().playNow(track('x'));
  expect(calls()).toEqual(['load x', 'play']);
});

describe('what cannot be played', () => {
  test('is passed over with a word, and the others play', async () => {
    await start(0);
    calls();
    hear({ kind: 'failed', reason: 'codec', prepared: false });
    expect(calls()).toEqual(['load b', 'play']);
    expect(store().skipped).toMatchObject({ item: { title: 'A' }, reason: 'codec', last: false });
    expect(store().playing).toBe(true);
  });

  test('is known before its turn when it was prepared', async () => {
    await start(0);
    hear({ kind: 'position', at: 90 });
    calls();
    hear({ kind: 'failed', reason: 'gone', prepared: true });
    expect(store().skipped).toMatchObject({ item: { title: 'B' }, reason: 'gone', last: false });
    expect(calls()).toEqual(['prepare c over 0']);
    expect(store().current?.title).toBe('A');
  });

  test('is tried once each, also when everything repeats; the next press tries again', async () => {
    await start(0);
    store().setRepeat('all');
    calls();
    for (let turn = 0; turn < 3; turn += 1) hear({ kind: 'failed', reason: 'load', prepared: false });
    expect(calls()).toEqual(['load b', 'play', 'load c', 'play', 'unload']);
    expect([store().playing, store().skipped?.last]).toEqual([false, true]);
    store().toggle();
    expect(calls()).toEqual(['load c', 'play']);
  });
});

describe('previous and next', () => {
  test('previous goes to the begin first, and to the track before in the first seconds', async () => {
    await start(1);
    hear({ kind: 'position', at: 10 });
    calls();
    store().previous();
    expect(calls()).toEqual(['seek 0']);
    store().previous();
    expect(calls()).toEqual(['load a', 'play']);
  });

  test('come from the tray as well', async () => {
    await start(0);
    calls();
    store().apply({ kind: 'player:command', command: 'next' });
    store().apply({ kind: 'player:command', command: 'toggle' });
    store().apply({ kind: 'player:command', command: 'previous' });
    expect(calls()).toEqual(['load b', 'play', 'pause', 'unload']);
    expect(store().current?.title).toBe('A');
  });
});

describe('over a restart', () => {
  const memory = (): PlayerMemory => ({
    ...{ queue: abc().map((item) => ({ key: item.fileId, item })), order: null, current: 'b', position: 42 },
    ...{
      repeat: 'all',
      volume: 0.5,
      muted: false,
      speed: 1,
      party: null,
      musicSpeed: 1,
      crossfade: 2,
      levelling: false,
    },
  });

  test('it is as it was, silent until it is asked', async () => {
    kept = memory();
    await store().recall();
    expect([store().current?.title, store().at, store().repeat, store().playing]).toEqual(['B', 42, 'all', false]);
    expect(calls()).toEqual([]);
    store().seek(50);
    store().toggle();
    await vi.waitFor(() => expect(fake.calls).toEqual(['load b at 50', 'play']));
    expect(fake.levels.at(-1)).toBe(0.25);
  });

  test('a window that closes before anything came back leaves the place as it was', async () => {
    store();
    window.dispatchEvent(new Event('pagehide'));
    expect(places).toEqual([]);
    kept = memory();
    await store().recall();
    window.dispatchEvent(new Event('pagehide'));
    expect(places).toEqual([42]);
  });

  test('something played in the meantime stays', async () => {
    kept = memory();
    const recalled = store().recall();
    store().play([track('x')], 0);
    await recalled;
    expect(store().current?.title).toBe('X');
  });

  test('changes are kept soon, and the place now and then', async () => {
    vi.useFakeTimers();
    store().play(abc(), 0);
    store().setShuffle(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(kept?.order).toHaveLength(3);
    expect(kept?.order?.[0]).toBe(store().queue.current);
    hear({ kind: 'position', at: 1 });
    hear({ kind: 'position', at: 2 });
    expect(places).toEqual([1]);
    await vi.advanceTimersByTimeAsync(6000);
    hear({ kind: 'position', at: 7 });
    expect(places).toEqual([1, 7]);
    store().pause();
    expect(places).toEqual([1, 7, 7]);
  });
});

describe('beside other sound', () => {
  test('a voice message lowers the music and gives it back', async () => {
    await start(0);
    const full = fake.levels.at(-1) ?? 0;
    useVoiceStore().$patch({ playing: true });
    await nextTick();
    expect(fake.levels.at(-1)).toBeLessThan(full / 4);
    useVoiceStore().$patch({ playing: false });
    await nextTick();
    expect(fake.levels.at(-1)).toBe(full);
    expect(calls()).toEqual(['load a', 'play']);
  });

  test('a call pauses it and lets it go on', async () => {
    await start(0);
    calls();
    store().duck('call');
    expect([calls(), store().playing]).toEqual([['pause'], false]);
    store().unduck('call');
    expect([calls(), store().playing]).toEqual([['play'], true]);
  });

  test('paused before or during a call it stays so', async () => {
    await start(0);
    store().pause();
    store().duck('call');
    store().unduck('call');
    expect(store().playing).toBe(false);
    store().resume();
    store().duck('call');
    store().pause();
    calls();
    store().unduck('call');
    expect([calls(), store().playing]).toEqual([[], false]);
  });

  test('a call lowers it while it rings here, pauses it while it runs, and gives it back', async () => {
    await start();
    calls();
    const loud = fake.levels.at(-1) ?? Number.NaN;
    tellMusic(true, false);
    await nextTick();
    expect([store().playing, fake.levels.at(-1)]).toEqual([true, Number((loud * 0.15).toFixed(4))]);
    tellMusic(false, true);
    await nextTick();
    expect([store().playing, calls()]).toEqual([false, ['pause']]);
    tellMusic(false, false);
    await nextTick();
    expect([store().playing, calls(), fake.levels.at(-1)]).toEqual([true, ['play'], loud]);
  });

  test('a device that was taken away pauses it', async () => {
    await start(0);
    hear({ kind: 'interrupted' });
    expect(store().playing).toBe(false);
  });
});

test('main hears what plays, that enough was heard, and what should be fetched; a voice message is none of that', async () => {
  await start(0);
  expect(told).toEqual(['A plays']);
  for (let second = 0; second <= 60; second += 1) hear({ kind: 'position', at: second });
  expect(told).toEqual(['A plays', 'fetch b', 'played a']);
  store().play([track('note', { source: 'voice', duration: 2 })], 0);
  await flushPromises();
  for (const second of [0, 1, 2]) hear({ kind: 'position', at: second });
  expect(told).toEqual(['A plays', 'fetch b', 'played a', 'nothing']);
});

test('music and speech each keep a speed of their own', async () => {
  store().play([track('a'), track('v', { source: 'voice' })], 0);
  await vi.waitFor(() => expect(fake.rates).toEqual([1]));
  store().musicSpeed = 1.25;
  await nextTick();
  expect(fake.rates.splice(0)).toEqual([1, 1.25]);
  store().next();
  await nextTick();
  expect(new Set(fake.rates.splice(0))).toEqual(new Set([1]));
  store().previous();
  await nextTick();
  expect(fake.rates.at(-1)).toBe(1.25);
  await vi.waitFor(() => expect(kept).toMatchObject({ speed: 1, musicSpeed: 1.25 }));
});

test('a seek is not heard, and counts for nothing', async () => {
  await start(0);
  for (const second of [0, 1, 80, 81, 99]) hear({ kind: 'position', at: second });
  expect(told).not.toContain('played a');
});

test('a length that the server does not know comes from the engine', async () => {
  await start(0, [track('a', { duration: 0 })]);
  hear({ kind: 'position', at: 3 });
  expect([store().at, store().duration]).toEqual([3, 0]);
  hear({ kind: 'length', seconds: 12 });
  expect(store().duration).toBe(12);
});

test('the tracks of an account that was closed leave', async () => {
  const other = 'https://other.example.org me';
  const both = accountsView([accountView(other), accountView()]);
  useAccountsStore().apply({ kind: 'accounts', accounts: both });
  await start(0, [track('a', { accountId: other }), track('b')]);
  calls();
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([accountView()]) });
  await nextTick();
  expect([store().current?.title, calls()]).toEqual(['B', ['load b', 'play']]);
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([]) });
  await nextTick();
  expect(store().current).toBeNull();
});

test('the sleep timer pauses when its time has come', async () => {
  vi.useFakeTimers();
  store().play(abc(), 0);
  await vi.advanceTimersByTimeAsync(10);
  store().setSleep({ kind: 'time', at: Date.now() + 60_000 });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(store().playing).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  expect([store().playing, store().sleep]).toEqual([false, null]);
});

test('an address that is not main’s leads nowhere', async () => {
  store().play([track('a', { url: 'https://example.org/x' })], 0);
  await vi.waitFor(() => expect(fake.calls[0]).toBe('load '));
});
