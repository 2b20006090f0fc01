/**
 * Stamps at both ends of the store's threads: a call posted, begun, done, its answer heard. The thread's own two times
 * travel beside its answer, in a member that the application does not read.
 */
import { parentPort, Worker, type MessagePort } from 'node:worker_threads';
import { around } from './around.ts';
import { now, type Disposer, type Recorder } from './recorder.ts';

interface Call {
  id: number;
  name: string;
  input: unknown;
}

interface Span {
  begun: number;
  done: number;
}

interface Answer {
  kind: string;
  id: number;
  benchSpan?: Span;
}

interface Asked {
  op: string;
  words: number[];
}

const SPAN = 'benchSpan';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCall(value: unknown): value is Call {
  return isObject(value) && typeof value.id === 'number' && typeof value.name === 'string';
}

function isAnswer(value: unknown): value is Answer {
  return isObject(value) && typeof value.id === 'number' && typeof value.kind === 'string';
}

/** A message is known by its text when it is written, and afterwards by the name that was given to it then. */
class LocalNames {
  readonly #words = new Map<string, number[]>();

  wordsOf(input: unknown, recorder: Recorder): number[] {
    const words = recorder.isLooking ? recorder.wordsIn(JSON.stringify(input) ?? '') : [];
    const localId = isObject(input) && typeof input.localId === 'string' ? input.localId : null;
    if (localId === null) return words;
    if (words.length > 0) this.#words.set(localId, words);
    return this.#words.get(localId) ?? [];
  }
}

/** Main's end. */
export function tapStoreCalls(recorder: Recorder): Disposer {
  const names = new LocalNames();
  const open = new WeakMap<Worker, Map<number, Asked>>();
  const undos = [
    around(Worker.prototype, 'postMessage', (worker, args, post) => {
      const [call] = args;
      if (isCall(call)) {
        const asked = { op: call.name, words: names.wordsOf(call.input, recorder) };
        const calls = open.get(worker) ?? new Map<number, Asked>();
        open.set(worker, calls.set(call.id, asked));
        recorder.add('store:asked', asked);
      }
      return post();
    }),
    around(Worker.prototype, 'emit', (worker, args, emit) => {
      const [event, message] = args;
      if (event === 'message' && isAnswer(message)) hear(recorder, open.get(worker), message);
      else if (event === 'message' && isObject(message) && message.kind === 'ready') {
        recorder.add('step', { op: 'store ready' });
      }
      return emit();
    }),
  ];
  return () => undos.forEach((undo) => undo());
}

function hear(recorder: Recorder, calls: Map<number, Asked> | undefined, answer: Answer): void {
  const asked = calls?.get(answer.id);
  if (!asked) return;
  calls?.delete(answer.id);
  if (answer.benchSpan) {
    recorder.add('store:begun', { ...asked, at: answer.benchSpan.begun });
    recorder.add('store:done', { ...asked, at: answer.benchSpan.done });
  }
  recorder.add('store:answered', asked);
}

/** The thread's end: to be loaded before the thread's own code. */
export function tapStoreThread(port: MessagePort | null = parentPort): void {
  if (!port) throw new Error('this is no thread');
  const begun = new Map<number, number>();
  around(port, 'on', (_port, args, on) => {
    const [event, listener] = args;
    if (event === 'message' && typeof listener === 'function') {
      args[1] = (message: unknown): void => {
        if (isCall(message)) begun.set(message.id, now());
        (listener as (message: unknown) => void)(message);
      };
    }
    return on();
  });
  around(port, 'postMessage', (_port, args, post) => {
    const [answer] = args;
    const since = isAnswer(answer) ? begun.get(answer.id) : undefined;
    if (isAnswer(answer) && since !== undefined) {
      begun.delete(answer.id);
      args[0] = { ...answer, [SPAN]: { begun: since, done: now() } satisfies Span };
    }
    return post();
  });
}
