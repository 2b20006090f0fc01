/**
 * The outbox's second home: a file beside the database with one line for each message that was written and each that
 * came to its end. The database is the truth; only when it is damaged are the unsent messages read from here. A line
 * that was cut off by a crash is skipped.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Written = z.object({
  kind: z.literal('written'),
  account: z.string(),
  localId: z.string(),
  chatId: z.string(),
  text: z.string(),
  replyTo: z.string().nullable(),
  files: z.array(z.string()),
  anchor: z.object({ id: z.string().nullable(), at: z.number(), tie: z.string() }),
  writtenAt: z.number(),
});
const Line = z.discriminatedUnion('kind', [
  Written,
  z.object({ kind: z.literal('left'), localId: z.string(), anchor: Written.shape.anchor }),
  z.object({ kind: z.literal('changed'), localId: z.string(), text: z.string() }),
  /** `serverId` null: taken back or given up. */
  z.object({ kind: z.literal('ended'), localId: z.string(), serverId: z.string().nullable() }),
]);
export type JournalLine = z.infer<typeof Line>;
export type WrittenLine = z.infer<typeof Written>;

/** What a journal says: messages without an end, oldest first, and the server's ids of those that were stored. */
export interface JournalContents {
  open: WrittenLine[];
  stored: { localId: string; serverId: string }[];
  /** Lines that could not be read. */
  skipped: number;
}

/** Reads the lines of a journal. Pure. */
export function readJournal(text: string): JournalContents {
  const open = new Map<string, WrittenLine>();
  const stored: JournalContents['stored'] = [];
  let skipped = 0;
  for (const raw of text.split('\n')) {
    if (raw === '') continue;
    const line = parseLine(raw);
    if (!line) {
      skipped += 1;
      continue;
    }
    const known = open.get(line.localId);
    if (line.kind === 'written') open.set(line.localId, line);
    else if (line.kind === 'left' && known) open.set(line.localId, { ...known, anchor: line.anchor });
    else if (line.kind === 'changed' && known) open.set(line.localId, { ...known, text: line.text });
    else if (line.kind === 'ended') {
      open.delete(line.localId);
      if (line.serverId !== null) stored.push({ localId: line.localId, serverId: line.serverId });
    }
  }
  return { open: [...open.values()], stored, skipped };
}

function parseLine(raw: string): JournalLine | null {
  try {
    const parsed = Line.safeParse(JSON.parse(raw));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Ended messages that are still told of in a fresh journal, so that a rescue can tell them from unsent ones. */
const KEEP_STORED = 1000;

/** The file, open for as long as the store is. */
export class Journal {
  readonly #path: string;
  #fd: number;

  /** @param folder the account's folder, which exists. */
  constructor(folder: string) {
    this.#path = join(folder, 'outbox.journal');
    this.#fd = openSync(this.#path, 'a', 0o600);
  }

  /** What it says now. */
  read(): JournalContents {
    return existsSync(this.#path)
      ? readJournal(readFileSync(this.#path, 'utf8'))
      : { open: [], stored: [], skipped: 0 };
  }

  /** Adds lines; `durable` waits until they are on the disk. */
  append(lines: readonly JournalLine[], durable: boolean): void {
    if (lines.length === 0) return;
    writeSync(this.#fd, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    if (durable) fdatasyncSync(this.#fd);
  }

  /** Begins anew with what is still open and the newest of what was stored. */
  rewrite(contents: Omit<JournalContents, 'skipped'>): void {
    const fresh = `${this.#path}.new`;
    const fd = openSync(fresh, 'w', 0o600);
    const lines: JournalLine[] = [
      ...contents.stored.slice(-KEEP_STORED).map((one) => ({ kind: 'ended' as const, ...one })),
      ...contents.open,
    ];
    writeSync(fd, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    fdatasyncSync(fd);
    closeSync(fd);
    closeSync(this.#fd);
    renameSync(fresh, this.#path);
    this.#fd = openSync(this.#path, 'a', 0o600);
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd);
  }
}
