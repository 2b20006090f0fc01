/**
 * The audio engine: the current source and the one that follows it, each in a deck of its own, joined by the splicer.
 * No timer is on the way to the next source: the audio thread says when it is time, also while the page is hidden.
 */
import { createDeck } from './deck.ts';
import { createGraph, type Graph } from './graph.ts';
import { watchOutputs } from './outputs.ts';
import { reasonOf } from './reason.ts';
import type { Side, SplicerNews } from './splicer.ts';
import { Track, type TrackEvent, type TrackHands } from './track.ts';
import type { AudioEngine, AudioEvent, AudioSource } from './types.ts';

/** Seconds before the end at which the next source is started: its decoder needs a moment, on a busy computer a long one. */
const LEAD = 0.8;
/** Milliseconds after the end in which a source that has been started must begin to sound. */
const LATE_MS = 400;

/** Creates the engine; `hear` is told what happens. */
export async function createAudioEngine(hear: (event: AudioEvent) => void): Promise<AudioEngine> {
  const graph: Graph = await createGraph(heard);
  let current: Track | null = null;
  let next: Track | null = null;
  let side: Side = 0;
  /** The splicer's numbers for the two: a new one for each start and for each follower. */
  let number = 0;
  let nextNumber = 0;
  let numbers = 0;
  let overlap = 0;
  let rate = 1;
  let wanted = false;
  /** The next source has been started. */
  let started = false;
  /** Seconds by which the output is behind the element. */
  let delay = 0;
  let late: ReturnType<typeof setTimeout> | null = null;

  const other = (): Side => (side === 0 ? 1 : 0);
  const hands: TrackHands = {
    makeDeck: createDeck,
    reasonOf,
    placesOf: async (address) => (await import('./mp3-places.ts')).readPlaces(address),
    edgesOf: async (address) => (await import('./lengths/mp3-edges.ts')).readEdges(address),
    lengthOf: async (address, played) => (await import('./lengths/lengths.ts')).readLength(address, played),
    attach(track) {
      graph.attach(track === current ? side : other(), track.element, track.source.gain);
    },
    tell: (track, event) => {
      if (track === current) happened(track, event);
      else if (track === next) happenedNext(event);
    },
  };

  /** Samples that the element has yet to deliver. */
  const left = (track: Track): number => (Math.max(0, track.duration - track.position) / rate) * graph.sampleRate;

  function happened(track: Track, event: TrackEvent): void {
    switch (event.kind) {
      case 'loaded':
        return tellLength(track);
      case 'playing':
        if (wanted) hear({ kind: 'playing' });
        return;
      case 'waiting':
        if (wanted) hear({ kind: 'waiting' });
        return;
      case 'moved':
        graph.order({ kind: 'left', id: number, left: left(track) });
        return hear({ kind: 'position', at: Math.max(0, track.position - delay * rate) });
      case 'over':
        return over();
      case 'paused':
        if (wanted) interrupt();
        return;
      case 'failed':
        stopTracks();
        return hear({ kind: 'failed', reason: event.reason, prepared: false });
    }
  }

  function tellLength(track: Track): void {
    // Stretched, it has another number of samples.
    const exact = rate === 1 ? track.exactDuration : null;
    const samples = exact === null ? null : Math.round(exact * graph.sampleRate);
    graph.order({ kind: 'length', id: number, samples, soft: track.softness });
    if (track.source.duration <= 0 && Number.isFinite(track.duration))
      hear({ kind: 'length', seconds: track.duration });
  }

  function tellSkip(): void {
    if (next === null || nextNumber === 0) return;
    // Stretched, nobody knows how many they are.
    const samples = rate === 1 ? Math.round(next.added * graph.sampleRate) : 0;
    graph.order({ kind: 'skip', next: nextNumber, samples });
  }

  function happenedNext(event: TrackEvent): void {
    if (event.kind === 'loaded') tellSkip();
    // Silence at its begin is a part of it.
    if (event.kind === 'moved' && started && (next?.position ?? 0) > LEAD)
      graph.order({ kind: 'begun', next: nextNumber });
    if (event.kind !== 'failed') return;
    cancelNext();
    hear({ kind: 'failed', reason: event.reason, prepared: true });
  }

  function over(): void {
    graph.order({ kind: 'over', id: number });
    if (late !== null) clearTimeout(late);
    // The audio thread answers at once unless the next source has nothing to give.
    late = setTimeout(() => graph.order({ kind: 'begun', next: nextNumber }), delay * 1000 + LATE_MS);
  }

  function heard(news: SplicerNews): void {
    switch (news.kind) {
      case 'near':
        if (news.next !== nextNumber) return;
        started = next !== null;
        if (wanted) next?.play();
        return;
      case 'joined':
        // A start of ours that came after it has put it right already.
        if (news.from !== number) return;
        return next !== null && news.id === nextNumber ? joined(news.delay / graph.sampleRate) : stay();
      case 'full':
        if (news.next === nextNumber) next?.pause();
        return;
      case 'drained':
        if (news.id === number && current?.isOver === true && next === null) hear({ kind: 'ended' });
    }
  }

  /** It went on to a source that had just been taken back: the current one again, which is at its end. */
  function stay(): void {
    if (current === null) return;
    start(current, false);
    if (next !== null) follow();
    if (current.isOver) over();
  }

  function start(track: Track, whole: boolean): void {
    numbers += 1;
    number = numbers;
    graph.order({ kind: 'start', id: number, side, left: left(track), whole });
  }

  function joined(behind: number): void {
    if (next === null) return;
    clearLate();
    current?.free();
    current = next;
    number = nextNumber;
    next = null;
    started = false;
    side = other();
    delay = behind;
    graph.order({ kind: 'left', id: number, left: left(current) });
    if (wanted) current.play();
    hear({ kind: 'joined' });
    tellLength(current);
    if (current.isOver) over();
  }

  function clearLate(): void {
    if (late !== null) clearTimeout(late);
    late = null;
  }

  function cancelNext(): void {
    next?.free();
    next = null;
    started = false;
    nextNumber = 0;
    graph.order({ kind: 'alone', id: number });
  }

  function follow(): void {
    const fade = Math.round(overlap * graph.sampleRate);
    numbers += 1;
    nextNumber = numbers;
    graph.order({
      kind: 'follow',
      id: number,
      next: nextNumber,
      lead: Math.max(Math.round(LEAD * graph.sampleRate), fade),
      fade,
    });
    tellSkip();
  }

  function stopTracks(): void {
    clearLate();
    cancelNext();
    current?.free();
    current = null;
    graph.run(false);
  }

  function interrupt(): void {
    wanted = false;
    current?.pause();
    next?.pause();
    graph.run(false);
    hear({ kind: 'interrupted' });
  }

  watchOutputs(() => {
    if (wanted) interrupt();
  });

  return {
    load(source: AudioSource, from = 0) {
      clearLate();
      cancelNext();
      current?.free();
      delay = 0;
      wanted = false;
      const track = new Track(source, from, rate, hands);
      current = track;
      graph.attach(side, track.element, source.gain);
      start(track, from === 0);
    },
    play() {
      wanted = true;
      graph.run(true);
      current?.play();
      if (started) next?.play();
    },
    pause() {
      wanted = false;
      graph.run(false);
      current?.pause();
      next?.pause();
    },
    seek(seconds) {
      if (current === null) return;
      clearLate();
      delay = 0;
      current.seek(seconds);
      start(current, false);
      hear({ kind: 'position', at: seconds });
      if (next === null) return;
      if (started) {
        next.pause();
        next.seek(0);
      }
      started = false;
      follow();
    },
    volume: (level) => graph.volume(level),
    rate(now) {
      rate = now;
      current?.rate(now);
      next?.rate(now);
      tellSkip();
      if (now !== 1) graph.order({ kind: 'length', id: number, samples: null });
    },
    prepare(source, seconds = 0) {
      cancelNext();
      if (source === null || current === null) return;
      overlap = seconds;
      next = new Track(source, 0, rate, hands);
      graph.attach(other(), next.element, source.gain);
      follow();
    },
    unload() {
      wanted = false;
      stopTracks();
    },
  };
}
