/** Keeps the stamps of one process, and knows a message by its text. */
import type { Stamp, StampKind } from './stamp.ts';

/** Undoes what an instrument has changed. */
export type Disposer = () => void;

export type StampDetails = Partial<Pick<Stamp, 'at' | 'op' | 'words' | 'port'>>;

/** Now, as the pages' instrument tells it. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

export class Recorder {
  #stamps: Stamp[] = [];
  #prefix: Buffer | null = null;
  #pattern: RegExp | null = null;

  /** Forgets everything; from now on texts are looked through for `prefix`, digits and a full stop. */
  start(prefix: string): void {
    if (!/^[a-z-]+$/.test(prefix)) throw new Error(`letters and hyphens only, not "${prefix}"`);
    this.#stamps = [];
    this.#prefix = Buffer.from(prefix);
    this.#pattern = new RegExp(`${prefix}(\\d+)\\.`, 'g');
  }

  /** Hands everything over. */
  take(): Stamp[] {
    return this.#stamps.splice(0);
  }

  /** Notes that something happened, now unless `at` says otherwise. */
  add(kind: StampKind, { at = now(), op = '', words = [], port = null }: StampDetails = {}): void {
    this.#stamps.push({ at, kind, op, words, port });
  }

  /** The numbers of the messages whose text stands in it, each once. */
  wordsIn(content: string | Uint8Array): number[] {
    if (!this.#pattern || !this.#prefix) return [];
    if (typeof content === 'string') return numbersIn(content, this.#pattern);
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    // Bytes are looked at before they become text: most have nothing to do with a message.
    return bytes.includes(this.#prefix) ? numbersIn(bytes.toString('latin1'), this.#pattern) : [];
  }

  /** True while texts are looked through. */
  get isLooking(): boolean {
    return this.#pattern !== null;
  }
}

function numbersIn(text: string, pattern: RegExp): number[] {
  return [...new Set(Array.from(text.matchAll(pattern), ([, digits]) => Number(digits)))];
}
