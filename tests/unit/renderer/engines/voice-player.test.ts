// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, test } from 'vitest';
import { createVoicePlayer, type VoiceEvent, type VoicePlayer } from '../../../../renderer/src/engines/voice-player.ts';

/** What of an audio element the player uses. */
class Sound extends EventTarget {
  src = '';
  preload = '';
  currentTime = 0;
  duration = Number.NaN;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  readyState = 0;
  ended = false;
  error: { code: number } | null = null;
  refuse: DOMException | null = null;
  calls: string[] = [];
  play(): Promise<void> {
    this.calls.push('play');
    return this.refuse ? Promise.reject(this.refuse) : Promise.resolve();
  }
  pause(): void {
    this.calls.push('pause');
  }
  load(): void {
    this.calls.push('load');
  }
  hasAttribute(): boolean {
    return this.src !== '';
  }
  removeAttribute(): void {
    this.src = '';
  }
  loaded(duration: number): void {
    this.readyState = 1;
    this.duration = duration;
    this.dispatchEvent(new Event('durationchange'));
    this.dispatchEvent(new Event('loadedmetadata'));
  }
}

let sound: Sound;
let heard: VoiceEvent[];
let player: VoicePlayer;
beforeEach(() => {
  sound = new Sound();
  heard = [];
  player = createVoicePlayer(
    (event) => heard.push(event),
    () => sound as unknown as HTMLAudioElement,
  );
});

test('says what the element does, and takes an end for no pause', () => {
  player.load('./media/a');
  player.play();
  expect([sound.src, sound.calls]).toEqual(['./media/a', ['play']]);
  sound.loaded(12.5);
  sound.dispatchEvent(new Event('play'));
  sound.currentTime = 3;
  sound.dispatchEvent(new Event('timeupdate'));
  sound.dispatchEvent(new Event('pause'));
  sound.ended = true;
  sound.dispatchEvent(new Event('pause'));
  sound.dispatchEvent(new Event('ended'));
  expect(heard).toEqual([
    { kind: 'length', seconds: 12.5 },
    { kind: 'playing' },
    { kind: 'time', at: 3 },
    { kind: 'paused' },
    { kind: 'ended' },
  ]);
});

test('a length that is not known is not told', () => {
  player.load('./media/a');
  sound.loaded(Number.POSITIVE_INFINITY);
  expect(heard).toEqual([]);
});

test('a place is kept until the sound can be sought in', () => {
  player.load('./media/a');
  player.seek(7);
  expect(sound.currentTime).toBe(0);
  sound.loaded(20);
  expect(sound.currentTime).toBe(7);
  player.seek(-3);
  expect(sound.currentTime).toBe(0);
  expect(heard.filter(({ kind }) => kind === 'time')).toEqual([
    { kind: 'time', at: 7 },
    { kind: 'time', at: 0 },
  ]);
});

test('a place in one sound is none in the next', () => {
  player.load('./media/a');
  player.seek(7);
  player.load('./media/b');
  sound.loaded(20);
  expect(sound.currentTime).toBe(0);
});

test('the speed outlives the sound', () => {
  player.load('./media/a');
  player.speed(1.5);
  expect(sound.playbackRate).toBe(1.5);
  sound.playbackRate = 1;
  player.load('./media/b');
  expect([sound.playbackRate, sound.defaultPlaybackRate]).toEqual([1.5, 1.5]);
});

describe('a failure', () => {
  it.each([
    [2, 'load'],
    [3, 'codec'],
    [4, 'codec'],
  ])('code %i', (code, reason) => {
    player.load('./media/a');
    sound.error = { code };
    sound.dispatchEvent(new Event('error'));
    expect(heard).toEqual([{ kind: 'failed', reason }]);
  });

  test('letting go of the sound is none', () => {
    player.load('./media/a');
    player.unload();
    sound.dispatchEvent(new Event('error'));
    expect(heard).toEqual([]);
    expect(sound.calls).toEqual(['pause', 'load']);
  });

  it.each([
    ['AbortError', []],
    ['NotSupportedError', []],
    ['NotAllowedError', [{ kind: 'failed', reason: 'load' }]],
  ])('play refused with %s', async (name, expected) => {
    sound.refuse = new DOMException('', name);
    player.load('./media/a');
    player.play();
    await Promise.resolve();
    await Promise.resolve();
    expect(heard).toEqual(expected);
  });
});
