/**
 * Records the microphone. Idle, then asking (the system may show a question), then recording and paused in turn, then
 * done with a result, or failed with a reason. A microphone that is unplugged ends the recording with what there is.
 */

import { deviceProblem, type DeviceProblem } from './device-problem.ts';

/** Why there is no (further) recording; `unplugged` still has a result. */
export type RecorderProblem = DeviceProblem | 'unplugged' | 'unsupported';

export interface RecordingResult {
  blob: Blob;
  mimeType: string;
  /** Seconds without the pauses. */
  seconds: number;
  /** Loudness from 0 to 1, one per LEVEL_MS. */
  peaks: number[];
}

export type RecorderEvent =
  | { kind: 'recording' }
  | { kind: 'paused' }
  /** `level`: loudness from 0 to 1 at this moment; `seconds` recorded so far. */
  | { kind: 'level'; level: number; seconds: number }
  | { kind: 'done'; result: RecordingResult; problem: RecorderProblem | null }
  | { kind: 'failed'; problem: RecorderProblem };

export interface Recorder {
  /** Asks for the microphone; call only in answer to a click. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends the recording: `done` follows. */
  finish(): void;
  /** Ends it without a result, also while the question is on the screen. Releases the microphone. */
  cancel(): void;
}

/** What the browser provides. */
export interface RecorderParts {
  microphone(): Promise<MediaStream>;
  supports(mimeType: string): boolean;
  record(stream: MediaStream, options: MediaRecorderOptions): MediaRecorder;
  /** The current loudness of a stream, 0 to 1, until it is closed. */
  meter(stream: MediaStream): { level(): number; close(): void };
  /** A monotonic clock in milliseconds. */
  now(): number;
}

/** In order of preference: WebM states no duration, so it cannot be sought in before the server has measured it. */
export const VOICE_TYPES = ['audio/mp4;codecs=opus', 'audio/webm;codecs=opus', 'audio/webm'] as const;
const BITS_PER_SECOND = 32_000;
/** Milliseconds between two levels. */
export const LEVEL_MS = 50;
/** The longest recording in seconds: it stays well below the size that main takes from the page. */
export const LONGEST_SECONDS = 60 * 60;

/** The reason behind an exception of `getUserMedia` or the recorder, by its name. */
export function recorderProblem(error: unknown): RecorderProblem {
  const isUnsupported = (error instanceof Error || error instanceof DOMException) && error.name === 'NotSupportedError';
  return isUnsupported ? 'unsupported' : deviceProblem(error);
}

interface Session {
  stream: MediaStream;
  recorder: MediaRecorder;
  meter: { level(): number; close(): void };
  chunks: Blob[];
  peaks: number[];
  /** Milliseconds recorded before the current stretch, and when that began; null while paused. */
  before: number;
  since: number | null;
  problem: RecorderProblem | null;
  timer: ReturnType<typeof setInterval>;
}

/** Creates an engine for one recording; a second one needs another engine. */
export function createRecorder(hear: (event: RecorderEvent) => void, parts: RecorderParts): Recorder {
  let session: Session | null = null;
  let ended = false;

  function secondsOf({ before, since }: Session): number {
    return (before + (since === null ? 0 : parts.now() - since)) / 1000;
  }

  /** Releases the microphone: its light goes out. */
  function release(stream: MediaStream): void {
    for (const track of stream.getTracks()) track.stop();
  }

  function close(): Session | null {
    const closed = session;
    session = null;
    ended = true;
    if (!closed) return null;
    clearInterval(closed.timer);
    closed.meter.close();
    release(closed.stream);
    return closed;
  }

  function stretchEnds(of: Session): void {
    if (of.since !== null) of.before += parts.now() - of.since;
    of.since = null;
  }

  function done(): void {
    const closed = close();
    if (!closed) return;
    stretchEnds(closed);
    const { chunks, peaks, problem, recorder } = closed;
    const mimeType = recorder.mimeType.split(';')[0] || 'audio/mp4';
    const blob = new Blob(chunks, { type: mimeType });
    if (blob.size === 0) hear({ kind: 'failed', problem: problem ?? 'failed' });
    else hear({ kind: 'done', result: { blob, mimeType, seconds: secondsOf(closed), peaks }, problem });
  }

  function finish(problem: RecorderProblem | null = null): void {
    if (!session) return;
    session.problem ??= problem;
    stretchEnds(session);
    // `stop` delivers the last chunk first; a recorder that has stopped by itself has already announced its end.
    if (session.recorder.state !== 'inactive') session.recorder.stop();
  }

  function listen(stream: MediaStream, mimeType: string): void {
    const recorder = parts.record(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    const meter = parts.meter(stream);
    const own: Session = {
      stream,
      recorder,
      meter,
      chunks: [],
      peaks: [],
      before: 0,
      since: parts.now(),
      problem: null,
      timer: setInterval(measure, LEVEL_MS),
    };
    session = own;
    recorder.addEventListener('dataavailable', ({ data }) => {
      if (data.size > 0) own.chunks.push(data);
    });
    recorder.addEventListener('stop', () => done());
    recorder.addEventListener('error', () => finish('failed'));
    for (const track of stream.getAudioTracks()) track.addEventListener('ended', () => finish('unplugged'));
    // Once a second, so that a failure loses little.
    recorder.start(1000);
    hear({ kind: 'recording' });
  }

  function measure(): void {
    if (!session || session.since === null) return;
    const level = Math.min(1, Math.max(0, session.meter.level()));
    session.peaks.push(level);
    const seconds = secondsOf(session);
    hear({ kind: 'level', level, seconds });
    if (seconds >= LONGEST_SECONDS) finish();
  }

  async function start(): Promise<void> {
    const mimeType = VOICE_TYPES.find((type) => parts.supports(type));
    if (mimeType === undefined) {
      ended = true;
      hear({ kind: 'failed', problem: 'unsupported' });
      return;
    }
    try {
      const stream = await parts.microphone();
      // Cancelled while the question was on the screen.
      if (ended) release(stream);
      else {
        try {
          listen(stream, mimeType);
        } catch (error) {
          release(stream);
          throw error;
        }
      }
    } catch (error) {
      if (ended) return;
      close();
      hear({ kind: 'failed', problem: recorderProblem(error) });
    }
  }

  return {
    start,
    pause() {
      if (session?.recorder.state !== 'recording') return;
      session.recorder.pause();
      stretchEnds(session);
      hear({ kind: 'paused' });
    },
    resume() {
      if (session?.recorder.state !== 'paused') return;
      session.recorder.resume();
      session.since = parts.now();
      hear({ kind: 'recording' });
    },
    finish: () => finish(),
    cancel() {
      const closed = close();
      if (closed && closed.recorder.state !== 'inactive') closed.recorder.stop();
    },
  };
}

/** The loudness of a stream by its samples: the root mean square, on a scale that speech fills. */
function meterOf(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return loudness(Math.sqrt(mean));
    },
    close: () => void context.close(),
  };
}

/** A root mean square as loudness from 0 to 1: -54 dB is silence, -12 dB is loud. */
export function loudness(rootMeanSquare: number): number {
  if (rootMeanSquare <= 0) return 0;
  const decibels = 20 * Math.log10(rootMeanSquare);
  return Math.min(1, Math.max(0, (decibels + 54) / 42));
}

/** The browser's own microphone and recorder. */
export const BROWSER_RECORDER: RecorderParts = {
  microphone: () =>
    navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    }),
  supports: (mimeType) => typeof MediaRecorder === 'function' && MediaRecorder.isTypeSupported(mimeType),
  record: (stream, options) => new MediaRecorder(stream, options),
  meter: meterOf,
  now: () => performance.now(),
};
