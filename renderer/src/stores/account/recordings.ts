/**
 * Voice messages being made, one per chat: recorded, listened to, sent or discarded. Asking, then recording and paused in
 * turn, then ready (the microphone is off), then sending; failed at any time, with the reason. They live in memory only.
 */
import { onScopeDispose, shallowReactive } from 'vue';
import { fail, type ErrorCode, type Result } from '#contract/model/errors.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import {
  BROWSER_RECORDER,
  createRecorder,
  type Recorder,
  type RecorderEvent,
  type RecorderProblem,
  type RecordingResult,
} from '../../engines/recorder.ts';
import { useVoiceStore, type Sound } from '../voice.ts';
import { defineAccountStore } from './account-store.ts';
import { useMessageCommands } from './messages/commands.ts';
import { useUploadsStore } from './uploads.ts';

export interface Recording {
  readonly phase: 'asking' | 'recording' | 'paused' | 'ready' | 'sending' | 'failed';
  /** Recorded so far. */
  readonly seconds: number;
  /** Loudness from 0 to 1, oldest first: the last moments while it is recorded, all of it once it is ready. */
  readonly peaks: readonly number[];
  /** Set once it is ready. */
  readonly result: RecordingResult | null;
  /** Why it failed or ended early. */
  readonly problem: RecorderProblem | null;
  /** Why it could not be sent. */
  readonly refusal: ErrorCode | null;
  /** For listening before sending; set once it is ready. */
  readonly sound: Sound | null;
}

/** Moments of loudness kept while recording: more than fit on the screen. */
const LIVE_PEAKS = 256;

const FRESH: Recording = {
  phase: 'asking',
  seconds: 0,
  peaks: [],
  result: null,
  problem: null,
  refusal: null,
  sound: null,
};

export const useRecordingsStore = defineAccountStore('recordings', (accountId) => {
  const voice = useVoiceStore();
  const uploads = useUploadsStore(accountId);
  const commands = useMessageCommands(accountId);
  const recordings = shallowReactive(new Map<string, Recording>());
  const engines = new Map<string, Recorder>();
  /** Who waits for the end of a recording, by chat. */
  const waiting = new Map<string, () => void>();
  let made = 0;

  function patch(chatId: string, change: Partial<Recording>): void {
    const before = recordings.get(chatId);
    if (before) recordings.set(chatId, { ...before, ...change });
  }

  function hear(chatId: string, event: RecorderEvent): void {
    const before = recordings.get(chatId);
    if (!before) return;
    if (event.kind === 'done' || event.kind === 'failed') {
      engines.delete(chatId);
      queueMicrotask(() => settle(chatId));
    }
    switch (event.kind) {
      case 'recording':
      case 'paused':
        return patch(chatId, { phase: event.kind });
      case 'level':
        return patch(chatId, { seconds: event.seconds, peaks: [...before.peaks.slice(1 - LIVE_PEAKS), event.level] });
      case 'done':
        return patch(chatId, {
          phase: 'ready',
          result: event.result,
          seconds: event.result.seconds,
          peaks: event.result.peaks,
          problem: event.problem,
          sound: soundOf(chatId, event.result),
        });
      case 'failed':
        return patch(chatId, { phase: 'failed', problem: event.problem });
    }
  }

  function soundOf(chatId: string, { blob, seconds }: RecordingResult): Sound {
    made += 1;
    const url = URL.createObjectURL(blob);
    return { accountId, chatId, messageKey: null, id: `recording-${String(made)}`, url, seconds, voice: false };
  }

  function settle(chatId: string): void {
    waiting.get(chatId)?.();
    waiting.delete(chatId);
  }

  /** Ends a recording and turns the microphone off; what was recorded is kept. */
  function finish(chatId: string): void {
    const { phase } = recordings.get(chatId) ?? {};
    // There is nothing yet: the answer to the question does not matter any more.
    if (phase === 'asking') discard(chatId);
    else engines.get(chatId)?.finish();
  }

  function discard(chatId: string): void {
    const sound = recordings.get(chatId)?.sound;
    engines.get(chatId)?.cancel();
    engines.delete(chatId);
    recordings.delete(chatId);
    settle(chatId);
    if (!sound) return;
    voice.stopIf(({ id, accountId: of }) => id === sound.id && of === accountId);
    URL.revokeObjectURL(sound.url);
  }

  /** Starts recording in a chat, in answer to a click. One that is running in another chat ends. */
  function start(chatId: string): void {
    for (const other of engines.keys()) if (other !== chatId) finish(other);
    discard(chatId);
    voice.pause();
    recordings.set(chatId, FRESH);
    const engine = createRecorder((event) => {
      // One that was discarded has nothing to say.
      if (engines.get(chatId) === engine) hear(chatId, event);
    }, BROWSER_RECORDER);
    engines.set(chatId, engine);
    void engine.start();
  }

  /** Sends it as a message of its own, ending it first if it is running. On failure it stays, with the reason. */
  async function send(chatId: string, replyTo: string | null): Promise<Result<MessageView>> {
    const engine = engines.get(chatId);
    if (engine && recordings.get(chatId)?.phase !== 'asking') {
      const ended = new Promise<void>((resolve) => waiting.set(chatId, resolve));
      engine.finish();
      await ended;
    }
    const { result, phase } = recordings.get(chatId) ?? {};
    if (!result || phase !== 'ready') return fail('too_late', 'there is no recording to send');
    patch(chatId, { phase: 'sending', refusal: null });
    uploads.speak(chatId, true);
    const { blob, mimeType } = result;
    // Main gives it the name by which every device recognises a voice message.
    const staged = await uploads.stageBlob(chatId, { blob, name: 'voice', mimeType, voice: true });
    const sent = staged.ok ? await commands.send({ chatId, text: '', replyTo, uploads: [staged.value.id] }) : staged;
    if (staged.ok) uploads.leave([staged.value.id]);
    if (sent.ok) discard(chatId);
    else {
      if (staged.ok) await uploads.remove(staged.value.id);
      patch(chatId, { phase: 'ready', refusal: sent.error.code });
    }
    uploads.speak(chatId, false);
    return sent;
  }

  onScopeDispose(() => {
    for (const chatId of [...recordings.keys()]) discard(chatId);
  });

  return {
    of: (chatId: string): Recording | null => recordings.get(chatId) ?? null,
    start,
    pause: (chatId: string) => engines.get(chatId)?.pause(),
    resume: (chatId: string) => engines.get(chatId)?.resume(),
    finish,
    discard,
    send,
  };
});
