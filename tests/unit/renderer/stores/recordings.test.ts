// @vitest-environment happy-dom
/** Voice messages from the click to the message, with an engine of the test. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import type { Recorder, RecorderEvent, RecordingResult } from '../../../../renderer/src/engines/recorder.ts';
import { useAccountStores } from '../../../../renderer/src/stores/account/account-store.ts';
import { useRecordingsStore } from '../../../../renderer/src/stores/account/recordings.ts';
import { useUploadsStore } from '../../../../renderer/src/stores/account/uploads.ts';
import { ACCOUNT, installBridge, uploadView } from '../bridge-double.ts';
import { stored } from '../conversation/message.ts';

interface Fake extends Recorder {
  hear(event: RecorderEvent): void;
  calls: string[];
}
const engines = vi.hoisted(() => ({ made: [] as unknown[] }));
vi.mock('../../../../renderer/src/engines/recorder.ts', async (original) => ({
  ...(await original<object>()),
  createRecorder: (hear: (event: RecorderEvent) => void) => {
    const calls: string[] = [];
    const call = (name: string) => () => void calls.push(name);
    const engine: Fake = {
      ...{ hear, calls, start: () => Promise.resolve(), pause: call('pause'), resume: call('resume') },
      cancel: call('cancel'),
      finish() {
        calls.push('finish');
        hear({ kind: 'done', result: RESULT, problem: null });
      },
    };
    engines.made.push(engine);
    return engine;
  },
}));

const RESULT: RecordingResult = {
  blob: new Blob(['sound'], { type: 'audio/mp4' }),
  mimeType: 'audio/mp4',
  seconds: 3,
  peaks: [0.5],
};
const last = (): Fake => engines.made.at(-1) as Fake;
const store = () => useRecordingsStore(ACCOUNT);
let revoked: string[] = [];
let staging: unknown[] = [];
let sending: unknown[] = [];
let removed: string[] = [];
let answer: Result<MessageView>;

beforeEach(() => {
  setActivePinia(createPinia());
  engines.made = [];
  [revoked, staging, sending, removed] = [[], [], [], []];
  answer = ok(stored(1));
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:recording');
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
  installBridge({
    files: {
      stageBytes(input) {
        staging.push(input);
        return Promise.resolve(ok({ uploadId: 'v', upload: uploadView('v', { chatId: 'a', voice: true }) }));
      },
      remove: ({ uploadId }) => (removed.push(uploadId), Promise.resolve(ok(null))),
    },
    messages: { send: (input) => (sending.push(input), Promise.resolve(answer)) },
  });
});
afterEach(() => vi.restoreAllMocks());

function record(chatId = 'a'): Fake {
  store().start(chatId);
  const engine = last();
  engine.hear({ kind: 'recording' });
  engine.hear({ kind: 'level', level: 0.4, seconds: 1 });
  return engine;
}

describe('a voice message', () => {
  test('shows what the engine says', () => {
    store().start('a');
    expect(store().of('a')?.phase).toBe('asking');
    const engine = last();
    engine.hear({ kind: 'recording' });
    for (let at = 0; at < 300; at++) engine.hear({ kind: 'level', level: at / 300, seconds: at / 20 });
    expect(store().of('a')).toMatchObject({ phase: 'recording', seconds: 299 / 20 });
    expect(store().of('a')?.peaks).toHaveLength(256);
    expect(store().of('a')?.peaks.at(-1)).toBe(299 / 300);
    store().pause('a');
    engine.hear({ kind: 'paused' });
    store().resume('a');
    expect([engine.calls, store().of('a')?.phase]).toEqual([['pause', 'resume'], 'paused']);
  });

  test('can be listened to before it is sent, also when the microphone was unplugged', () => {
    const engine = record();
    engine.hear({ kind: 'done', result: RESULT, problem: 'unplugged' });
    expect(store().of('a')).toMatchObject({
      ...{ phase: 'ready', problem: 'unplugged', peaks: [0.5], seconds: 3 },
      sound: { url: 'blob:recording', seconds: 3, chatId: 'a', accountId: ACCOUNT },
    });
  });

  test('is sent as a message of its own, and is gone then', async () => {
    record();
    expect(await store().send('a', 'quoted')).toEqual(answer);
    expect(staging).toMatchObject([{ chatId: 'a', mimeType: 'audio/mp4', voice: true, size: 5, last: true }]);
    expect(sending).toEqual([{ accountId: ACCOUNT, chatId: 'a', text: '', replyTo: 'quoted', uploads: ['v'] }]);
    expect(store().of('a')).toBeNull();
    expect(revoked).toEqual(['blob:recording']);
    // Main's list may still have it without its message.
    useUploadsStore(ACCOUNT).apply({
      kind: 'uploads',
      revision: 1,
      chatId: 'a',
      uploads: [uploadView('v', { chatId: 'a' })],
    });
    expect(useUploadsStore(ACCOUNT).composing('a')).toEqual([]);
  });

  test('that is not taken stays, with the reason, and its file is taken back', async () => {
    record();
    answer = fail('storage_failed', 'full');
    expect(await store().send('a', null)).toEqual(answer);
    expect(store().of('a')).toMatchObject({ phase: 'ready', refusal: 'storage_failed', result: RESULT });
    expect(removed).toEqual(['v']);
    answer = ok(stored(2));
    expect((await store().send('a', null)).ok).toBe(true);
  });

  test('is not sent while nothing was recorded', async () => {
    store().start('a');
    expect((await store().send('a', null)).ok).toBe(false);
    expect(staging).toEqual([]);
  });

  test('that failed while it was to be sent is not', async () => {
    const engine = record();
    engine.finish = () => engine.hear({ kind: 'failed', problem: 'failed' });
    expect((await store().send('a', null)).ok).toBe(false);
    expect(store().of('a')).toMatchObject({ phase: 'failed', problem: 'failed' });
  });
});

describe('leaving', () => {
  test('the chat ends the recording and keeps it', () => {
    const engine = record();
    store().finish('a');
    expect(engine.calls).toEqual(['finish']);
    expect(store().of('a')?.phase).toBe('ready');
  });

  test('the question unanswered forgets it', () => {
    store().start('a');
    store().finish('a');
    expect([last().calls, store().of('a')]).toEqual([['cancel'], null]);
  });

  test('for another chat keeps the first one', () => {
    record('a');
    record('b');
    expect([store().of('a')?.phase, store().of('b')?.phase]).toEqual(['ready', 'recording']);
  });

  test('discarding silences the engine for good', () => {
    const engine = record();
    store().discard('a');
    engine.hear({ kind: 'level', level: 1, seconds: 9 });
    expect([engine.calls, store().of('a')]).toEqual([['cancel'], null]);
    store().start('a');
    engine.hear({ kind: 'failed', problem: 'busy' });
    expect(store().of('a')).toMatchObject({ phase: 'asking', problem: null });
  });

  test('the account turns the microphone off', async () => {
    const engine = record();
    useAccountStores().dispose(ACCOUNT);
    await flushPromises();
    expect(engine.calls).toEqual(['cancel']);
  });
});
