// @vitest-environment happy-dom
/** A recording against a microphone of the test: what comes out, and that the microphone is always let go. */
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import {
  createRecorder,
  LEVEL_MS,
  LONGEST_SECONDS,
  loudness,
  recorderProblem,
  type Recorder,
  type RecorderEvent,
  type RecorderParts,
} from '../../../../renderer/src/engines/recorder.ts';

class Track extends EventTarget {
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
}

/** As Chromium's: the last chunk comes before the end. */
class FakeRecorder extends EventTarget {
  state: 'inactive' | 'recording' | 'paused' = 'inactive';
  readonly mimeType: string;
  readonly options: MediaRecorderOptions;
  constructor(options: MediaRecorderOptions) {
    super();
    this.options = options;
    this.mimeType = options.mimeType ?? '';
  }
  start(): void {
    this.state = 'recording';
  }
  pause(): void {
    this.state = 'paused';
  }
  resume(): void {
    this.state = 'recording';
  }
  give(text: string): void {
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }));
  }
  stop(): void {
    this.state = 'inactive';
    queueMicrotask(() => {
      this.give('end');
      this.dispatchEvent(new Event('stop'));
    });
  }
}

let track: Track;
let made: FakeRecorder | null;
let meterOpen: number;
let level: number;
let events: RecorderEvent[];
let supported: string[];
let microphone: () => Promise<MediaStream>;
let recorder: Recorder;

const kinds = (): string[] => events.filter(({ kind }) => kind !== 'level').map(({ kind }) => kind);

beforeEach(() => {
  vi.useFakeTimers();
  track = new Track();
  made = null;
  meterOpen = 0;
  level = 0.5;
  events = [];
  supported = ['audio/mp4;codecs=opus', 'audio/webm;codecs=opus'];
  const stream = { getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream;
  microphone = () => Promise.resolve(stream);
  const parts: RecorderParts = {
    microphone: () => microphone(),
    supports: (type) => supported.includes(type),
    record: (_stream, options) => (made = new FakeRecorder(options)) as unknown as MediaRecorder,
    meter: () => {
      meterOpen += 1;
      return { level: () => level, close: () => (meterOpen -= 1) };
    },
    now: () => Date.now(),
  };
  recorder = createRecorder((event) => events.push(event), parts);
});
afterEach(() => {
  vi.useRealTimers();
});

async function finished(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

describe('a recording', () => {
  test('has its sound, its length without the pause, and one peak for each moment', async () => {
    await recorder.start();
    expect(made?.options).toEqual({ mimeType: 'audio/mp4;codecs=opus', audioBitsPerSecond: 32_000 });
    made?.give('one ');
    vi.advanceTimersByTime(1_000);
    recorder.pause();
    vi.advanceTimersByTime(5_000);
    recorder.resume();
    level = 0.25;
    vi.advanceTimersByTime(500);
    recorder.finish();
    await finished();
    expect(kinds()).toEqual(['recording', 'paused', 'recording', 'done']);
    const last = events.at(-1);
    if (last?.kind !== 'done') throw new Error('not done');
    expect(last.problem).toBeNull();
    expect(last.result.seconds).toBeCloseTo(1.5, 2);
    expect(last.result.mimeType).toBe('audio/mp4');
    expect(await last.result.blob.text()).toBe('one end');
    expect(last.result.peaks).toEqual([
      ...new Array<number>(1_000 / LEVEL_MS).fill(0.5),
      ...new Array<number>(500 / LEVEL_MS).fill(0.25),
    ]);
    expect(track.stopped).toBe(true);
    expect(meterOpen).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('says how loud it is while it runs, and nothing while it is paused', async () => {
    await recorder.start();
    level = 3;
    vi.advanceTimersByTime(LEVEL_MS);
    expect(events.at(-1)).toEqual({ kind: 'level', level: 1, seconds: LEVEL_MS / 1000 });
    recorder.pause();
    const count = events.length;
    vi.advanceTimersByTime(10 * LEVEL_MS);
    expect(events).toHaveLength(count);
  });

  test('takes the second type where the first one is missing', async () => {
    supported = ['audio/webm;codecs=opus'];
    await recorder.start();
    recorder.finish();
    await finished();
    expect(events.at(-1)).toMatchObject({ kind: 'done', result: { mimeType: 'audio/webm' } });
  });

  test('ends with what there is when the microphone is unplugged', async () => {
    await recorder.start();
    vi.advanceTimersByTime(200);
    track.dispatchEvent(new Event('ended'));
    await finished();
    expect(events.at(-1)).toMatchObject({ kind: 'done', problem: 'unplugged', result: { seconds: 0.2 } });
    expect(meterOpen).toBe(0);
  });

  test('ends by itself after the longest time', async () => {
    await recorder.start();
    await vi.advanceTimersByTimeAsync(LONGEST_SECONDS * 1000 + LEVEL_MS);
    expect(kinds()).toEqual(['recording', 'done']);
  });

  test('that is cancelled has no result', async () => {
    await recorder.start();
    vi.advanceTimersByTime(200);
    recorder.cancel();
    await finished();
    expect(kinds()).toEqual(['recording']);
    expect([track.stopped, meterOpen, made?.state]).toEqual([true, 0, 'inactive']);
  });
});

describe('without a microphone', () => {
  test('the reason is named, and there is nothing to let go', async () => {
    microphone = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    await recorder.start();
    expect(events).toEqual([{ kind: 'failed', problem: 'denied' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('no type at all is not asked for', async () => {
    supported = [];
    microphone = () => Promise.reject(new Error('asked'));
    await recorder.start();
    expect(events).toEqual([{ kind: 'failed', problem: 'unsupported' }]);
  });

  test('an answer that comes after the cancel lets the microphone go', async () => {
    const answer = Promise.withResolvers<MediaStream>();
    microphone = () => answer.promise;
    const started = recorder.start();
    recorder.cancel();
    answer.resolve({ getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream);
    await started;
    expect(track.stopped).toBe(true);
    expect(events).toEqual([]);
    expect(made).toBeNull();
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'none'],
    ['OverconstrainedError', 'none'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['NotSupportedError', 'unsupported'],
    ['TypeError', 'failed'],
  ])('%s', (name, problem) => {
    expect(recorderProblem(new DOMException('', name))).toBe(problem);
  });
  it('something that is no error at all', () => {
    expect(recorderProblem('NotAllowedError')).toBe('failed');
  });
});

it.each([
  ['silence', 0, 0],
  ['-54 dB', 10 ** (-54 / 20), 0],
  ['-33 dB', 10 ** (-33 / 20), 0.5],
  ['-12 dB', 10 ** (-12 / 20), 1],
  ['louder', 1, 1],
])('loudness of %s', (_name, rms, expected) => {
  expect(loudness(rms)).toBeCloseTo(expected, 6);
});
