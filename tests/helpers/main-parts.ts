/** Parts for tests of main: time that the test moves, a log that it reads, documents on real files, key stores of each mood. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok } from '../../contract/model/errors.ts';
import type {
  Clock,
  FilesSystem,
  JsonDocument,
  Logger,
  RelayApi,
  SecretStore,
  SecretStrength,
} from '../../electron/main/services/ports.ts';

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  #now: number;
  #shift = 0;
  #timers: { at: number; run: () => void }[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now + this.#shift;
  }

  /** Somebody sets the clock: the wall's time jumps by so much, and nothing else does. */
  set(ms: number): void {
    this.#shift += ms;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that have not run yet. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves the time on, running what falls due in its order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
    }
    this.#now = end;
  }
}

export interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  event: string;
  fields: Record<string, unknown>;
}

/** A logger whose lines the test can look at. */
export function recordingLogger(): Logger & { entries: LogEntry[]; of(event: string): LogEntry[] } {
  const entries: LogEntry[] = [];
  const write =
    (level: LogEntry['level']) =>
    (event: string, fields: Record<string, unknown> = {}): void => {
      entries.push({ level, event, fields });
    };
  return {
    entries,
    of: (event) => entries.filter((entry) => entry.event === event),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}

/** A document in a real file of the folder. */
export function fileDocument(folder: string, name: string): JsonDocument & { file: string } {
  const file = join(folder, `${name}.json`);
  return {
    file,
    read() {
      try {
        const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
        return typeof json === 'object' && json !== null ? { ...json } : {};
      } catch {
        return {};
      }
    },
    write(value) {
      try {
        writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
        chmodSync(file, 0o600);
        return ok(null);
      } catch {
        return fail('storage_failed', 'not written');
      }
    },
  };
}

const KEY = 0x5a;

/** What a test changes about its key store while it runs. */
export interface TestSecretStore extends SecretStore {
  mood: SecretStrength;
  renew: boolean;
  /** What was kept cannot be read: `lost` for good, `later` as Electron's "temporarily unavailable". */
  unreadable: 'lost' | 'later' | null;
  /** While it stands, nothing is answered: the system asks the person. */
  asking: Promise<void> | null;
  /** How often it was asked to read and to encrypt. */
  asked: { decrypt: number; encrypt: number };
}

/** A key store of the given mood. What it keeps cannot be read without it: every byte is turned. */
export function secretStore(strength: SecretStrength): TestSecretStore {
  const turn = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ KEY));
  const store: TestSecretStore = {
    mood: strength,
    renew: false,
    unreadable: null,
    asking: null,
    asked: { decrypt: 0, encrypt: 0 },
    async strength() {
      await store.asking;
      return store.mood;
    },
    async encrypt(secret) {
      store.asked.encrypt += 1;
      await store.asking;
      if (store.mood === 'unavailable') return fail('secret_store_failed', 'none');
      return ok(turn(Buffer.from(secret, 'utf8')).toString('base64'));
    },
    async decrypt(kept) {
      store.asked.decrypt += 1;
      await store.asking;
      if (store.mood === 'unavailable') return { state: 'later' };
      if (store.unreadable !== null) return { state: store.unreadable };
      return { state: 'read', secret: turn(Buffer.from(kept, 'base64')).toString('utf8'), renew: store.renew };
    },
  };
  return store;
}

/** The system as far as files need it: asks for places that the test names, and keeps what it was told. */
export interface TestFilesSystem extends FilesSystem {
  marksOfTheWeb: boolean;
  /** What the user answers next; null is a cancel. */
  places: (string | null)[];
  folders: (string | null)[];
  /** The names for which a place was asked. */
  asked: string[];
  shown: string[];
  copied: Uint8Array[];
}

export function filesSystem(downloads: string): TestFilesSystem {
  const system: TestFilesSystem = {
    marksOfTheWeb: false,
    places: [],
    folders: [],
    asked: [],
    shown: [],
    copied: [],
    async askPlace(name) {
      system.asked.push(name);
      return system.places.shift() ?? null;
    },
    async askFolder() {
      return system.folders.shift() ?? null;
    },
    downloadsFolder: () => downloads,
    showInFolder: (path) => void system.shown.push(path),
    async copyImage(bytes) {
      // As Electron: PNG and JPEG, and nothing else.
      const isTaken = bytes[0] === 0x89 || bytes[0] === 0xff;
      if (isTaken) system.copied.push(bytes);
      return isTaken;
    },
  };
  return system;
}

/** For doubles of the REST side whose test sends no files. */
export const NO_TRANSFERS: Pick<RelayApi, 'upload' | 'download'> = {
  upload: async () => ({ ...fail('internal', 'no files here'), effect: 'not_stored' }),
  download: async () => ({ ...fail('internal', 'no files here'), effect: 'not_stored' }),
};

/** A folder of the test's own and its removal. */
export async function ownFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-main-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Waits until `check` holds, looking every few milliseconds; fails with `what` after `timeoutMs`. */
export async function until(what: string, check: () => boolean, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!check()) {
    if (performance.now() > end) throw new Error(`did not happen in ${String(timeoutMs)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
