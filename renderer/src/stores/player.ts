/**
 * The one player of the application: music and sound from chats, over all accounts. The queue decides what comes, the
 * engine makes it heard, main keeps it over restarts. Everything else (the library, chats, calls) uses `play`,
 * `playNext`, `playLater`, `toggle`, `isCurrent`, `playing`, `current`, and `duck` and `unduck`.
 */
import { defineStore } from 'pinia';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { PlayableView, PlayerMemory, QueueEntry } from '#contract/ipc/music-views.ts';
import type { AppEvent } from '#contract/ipc/push.ts';
import { mediaAddress } from '#contract/model/media-address.ts';
import {
  currentEntry,
  EMPTY_QUEUE,
  following,
  nextQueue,
  playingEntries,
  preceding,
  recalledQueue,
  type PlayQueue,
  type QueueEvent,
} from '#contract/model/play-queue.ts';
import type { AudioEvent, AudioProblem, AudioSource } from '../engines/audio/types.ts';
import { useAccountsStore } from './accounts.ts';
import { ask } from './bridge-call.ts';
import { hookMusic } from './call-music.ts';
import { createEdits, entriesOf } from './player/edits.ts';
import { createKeeper } from './player/keeper.ts';
import { createLazyEngine } from './player/lazy-engine.ts';
import { createListening } from './player/listening.ts';
import { createMix, type DuckReason } from './player/mix.ts';
import { showToSystem } from './player/session.ts';
import { createSleepTimer, type Sleep } from './player/sleep.ts';
import { createUpcoming } from './player/upcoming.ts';
import { useVoiceStore } from './voice.ts';

/** A track that was passed over. */
export interface Skipped {
  item: PlayableView;
  reason: AudioProblem;
  /** Nothing else could be played either. */
  last: boolean;
}

/** Seconds after which "previous" goes to the begin of the current track. */
const RESTART_AFTER = 3;

export const usePlayerStore = defineStore('player', () => {
  const accounts = useAccountsStore();
  const voice = useVoiceStore();

  const queue = shallowRef<PlayQueue>(EMPTY_QUEUE);
  const entry = computed<QueueEntry | null>(() => currentEntry(queue.value));
  const current = computed<PlayableView | null>(() => entry.value?.item ?? null);
  const listed = computed(() => playingEntries(queue.value));
  /** Someone wants to hear it; `held`: a call has the floor until it is over. */
  const wanted = ref(false);
  const held = ref(false);
  const playing = computed(() => wanted.value && !held.value);
  const waiting = ref(false);
  /** Seconds. */
  const at = ref(0);
  /** As the engine measured it, where the server did not. */
  const measured = ref(0);
  const duration = computed(() => current.value?.duration || measured.value);
  const mix = createMix();
  const { volume, muted, speed, musicSpeed, crossfade, levelling, ducks } = mix;
  const rate = computed(() => mix.rateOf(current.value));
  const skipped = shallowRef<Skipped | null>(null);
  const party = shallowRef<PlayerMemory['party']>(null);
  const timer = createSleepTimer(() => pause());
  const { sleep } = timer;
  /** What of it is on the screen: the bar alone, the queue beside it, or the full view. */
  const shown = ref<'bar' | 'queue' | 'full'>('bar');

  /** The key of what the engine has. */
  let loaded: string | null = null;
  let recalled = false;
  const listening = createListening();

  const memory = (): PlayerMemory => ({
    queue: [...queue.value.entries],
    order: queue.value.order && [...queue.value.order],
    current: queue.value.current,
    position: at.value,
    repeat: queue.value.repeat,
    party: party.value,
    ...mix.kept(),
  });
  const keeper = createKeeper(memory);

  const { run, ifThere } = createLazyEngine(hear, () => {
    wanted.value = false;
    loaded = null;
  });

  /** An address that is not ours leads nowhere, and the track is passed over. */
  const sourceOf = (item: PlayableView): AudioSource => ({
    address: mediaAddress(item.url) ?? '',
    duration: item.duration,
    gain: mix.gainOf(item),
    mimeType: item.mimeType,
  });

  /** Changes the queue; another current entry begins. */
  function change(event: QueueEvent): void {
    const before = queue.value;
    queue.value = nextQueue(before, event, Math.random);
    if (queue.value === before) return;
    keeper.soon();
    if (queue.value.current !== before.current) begin();
    else prepareNext();
  }

  /** Starts the current entry from a second on if someone wants to hear it; otherwise it waits for that. */
  function begin(from = 0): void {
    at.value = from;
    measured.value = 0;
    waiting.value = false;
    upcoming.take();
    listening.begin(current.value);
    const now = entry.value;
    if (now === null || !playing.value) {
      if (now === null) wanted.value = false;
      if (loaded !== null) run((own) => own.unload());
      loaded = null;
      return;
    }
    loaded = now.key;
    const source = sourceOf(now.item);
    waiting.value = true;
    run((own) => {
      own.volume(mix.level.value);
      own.rate(mix.rateOf(now.item));
      own.load(source, from);
      own.play();
    });
  }

  const upcoming = createUpcoming((next, overlap) => {
    const source = next && sourceOf(next.item);
    run((own) => own.prepare(source, overlap));
  });

  function prepareNext(): void {
    const now = entry.value;
    if (now === null || loaded !== now.key) return;
    upcoming.prepare({
      queue: queue.value,
      left: (duration.value || Infinity) - at.value,
      overlap: mix.overlapOf(now.item, upcoming.after(queue.value)?.item ?? null, duration.value),
      last: sleep.value?.kind === 'track',
    });
  }

  function hear(event: AudioEvent): void {
    switch (event.kind) {
      case 'playing':
        waiting.value = false;
        return;
      case 'waiting':
        waiting.value = true;
        return;
      case 'interrupted':
        return pause();
      case 'length':
        measured.value = event.seconds;
        return;
      case 'position':
        return moved(event.at);
      case 'joined':
        return joined();
      case 'ended':
        return ended();
      case 'failed':
        return failed(event.reason, event.prepared);
    }
  }

  function moved(position: number): void {
    if (current.value === null || loaded !== queue.value.current) return;
    at.value = duration.value > 0 ? Math.min(position, duration.value) : position;
    if (playing.value) keeper.place();
    prepareNext();
    listening.at(position, upcoming.after(queue.value)?.item ?? null);
  }

  function joined(): void {
    const next = upcoming.take();
    if (next === null) return;
    loaded = next;
    queue.value = nextQueue(queue.value, { kind: 'go', key: next }, Math.random);
    at.value = 0;
    measured.value = 0;
    listening.begin(current.value);
    keeper.soon();
  }

  function ended(): void {
    upcoming.take();
    const sleeping = sleep.value?.kind === 'track';
    if (sleeping) setSleep(null);
    const next = following(queue.value, 'ended');
    if (sleeping || next === null) wanted.value = false;
    if (next === null || next === queue.value.current) begin();
    else change({ kind: 'ended' });
  }

  function failed(reason: AudioProblem, wasPrepared: boolean): void {
    const key = wasPrepared ? upcoming.take() : loaded;
    const item = queue.value.entries.find((one) => one.key === key)?.item;
    if (key === null || item === undefined) return;
    const before = queue.value.current;
    const after = nextQueue(queue.value, { kind: 'failed', key }, Math.random);
    const last = key === before && after.current === before;
    skipped.value = { item, reason, last };
    if (last) wanted.value = false;
    change({ kind: 'failed', key });
    // Nothing else is left: the next press tries again.
    if (last) begin(at.value);
  }

  function resume(): void {
    if (entry.value === null) return;
    [wanted.value, held.value] = [true, false];
    if (queue.value.failed.length > 0) queue.value = nextQueue(queue.value, { kind: 'retry' }, Math.random);
    if (loaded === entry.value.key) run((own) => own.play());
    else begin(at.value);
  }

  function pause(): void {
    if (!wanted.value) return;
    [wanted.value, held.value, waiting.value] = [false, false, false];
    if (loaded !== null) run((own) => own.pause());
    keeper.place(true);
  }

  const toggle = (): void => (playing.value ? pause() : resume());

  function seek(seconds: number): void {
    if (current.value === null || !Number.isFinite(seconds)) return;
    at.value = Math.min(Math.max(0, seconds), duration.value || seconds);
    const to = at.value;
    if (loaded !== null) run((own) => own.seek(to));
    keeper.place(true);
  }

  /** Makes it the current entry; it plays as before, or with `aloud` in any case. */
  function go(key: string, aloud = true): void {
    if (aloud) [wanted.value, held.value] = [true, false];
    if (queue.value.current === key) begin();
    else change({ kind: 'go', key });
  }

  function next(): void {
    const key = following(queue.value, 'next');
    if (key !== null) go(key, false);
  }

  function previous(): void {
    const key = preceding(queue.value);
    if (key === null || at.value > RESTART_AFTER) seek(0);
    else go(key, false);
  }

  /** Plays a list from an index on; the rest of it follows. */
  function play(items: readonly PlayableView[], startAt = 0): void {
    if (items.length === 0) return;
    [wanted.value, held.value] = [true, false];
    change({ kind: 'play', entries: entriesOf(items), startAt });
  }

  /** Plays one sound at once; what was queued follows it. One that is in the queue already is gone to. */
  function playNow(item: PlayableView): void {
    const known = queue.value.entries.find(
      (one) => one.item.fileId === item.fileId && one.item.accountId === item.accountId,
    );
    if (known) return go(known.key);
    if (queue.value.current === null) return play([item]);
    const entries = entriesOf([item]);
    change({ kind: 'playNext', entries });
    for (const { key } of entries) go(key);
  }

  function isCurrent(accountId: string, fileId: string): boolean {
    return current.value?.fileId === fileId && current.value.accountId === accountId;
  }

  function duck(reason: DuckReason): void {
    ducks.add(reason);
    if (reason !== 'call' || !playing.value) return;
    held.value = true;
    if (loaded !== null) run((own) => own.pause());
  }

  function unduck(reason: DuckReason): void {
    ducks.delete(reason);
    if (reason !== 'call' || !held.value) return;
    held.value = false;
    resume();
  }

  function setSleep(next: Sleep | null): void {
    timer.set(next);
    prepareNext();
  }

  watch(mix.level, (now) => ifThere((own) => own.volume(now)));
  watch([volume, muted, speed, musicSpeed, crossfade, levelling, party], () => keeper.soon());
  watch(crossfade, () => prepareNext());
  watch(rate, (now) => ifThere((own) => own.rate(now)));
  // Recordings and voice messages are played by a player of their own, beside the music.
  watch(
    () => voice.playing,
    (now) => (now ? duck : unduck)('voice'),
  );
  hookMusic({
    onRing: (ringing) => (ringing ? duck : unduck)('ring'),
    onCall: (running) => (running ? duck : unduck)('call'),
  });
  // An account that is closed takes its tracks along.
  watch(
    () => accounts.open.map(({ id }) => id),
    (accountIds) => change({ kind: 'keepAccounts', accountIds }),
  );
  // Nothing is left to look at.
  watch(current, (now) => {
    if (now === null) shown.value = 'bar';
  });
  showToSystem(
    { current, playing, at, duration, rate },
    {
      ...{ play: resume, pause, next, previous, seek },
      stop() {
        pause();
        seek(0);
      },
      seekBy: (seconds) => seek(at.value + seconds),
    },
  );

  /** As it was left; nothing plays by itself. Something played since then stays. */
  async function recall(): Promise<void> {
    if (recalled) return;
    recalled = true;
    const result = await ask((bridge) => bridge.player.recall({}));
    if (!result.ok || result.value === null || queue.value.entries.length > 0) return;
    const kept = result.value;
    mix.recall(kept);
    queue.value = recalledQueue(kept);
    party.value = kept.party;
    at.value = queue.value.current === kept.current ? kept.position : 0;
    listening.begin(current.value);
  }

  function apply(event: AppEvent): void {
    if (event.kind === 'player:command') ({ toggle, next, previous })[event.command]();
  }

  onScopeDispose(() => {
    keeper.stop();
    timer.set(null);
    ifThere((own) => own.unload());
  });

  return {
    queue,
    entry,
    current,
    /** The queue in the order of playing. */
    upcoming: listed,
    ...{ playing, waiting, at, duration },
    /** Of whichever account; its store follows it. */
    party,
    ...{ volume, muted, speed, musicSpeed, crossfade, levelling },
    skipped,
    sleep,
    shown,
    shuffle: computed(() => queue.value.order !== null),
    repeat: computed(() => queue.value.repeat),
    hasNext: computed(() => following(queue.value, 'next') !== null),
    apply,
    recall,
    ...createEdits(change),
    play,
    playNow,
    /** True for the track that plays, is paused, or is about to start. */
    isCurrent,
    toggle,
    resume,
    pause,
    seek,
    go,
    next,
    previous,
    setSleep,
    duck,
    unduck,
  };
});
