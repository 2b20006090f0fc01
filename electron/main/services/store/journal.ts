/**
 * The outbox's second home: a file beside the database with one line for each message that was written and each that
 * came to its end. The database is the truth as far as it reaches; at a start, what it lost is read from here. A line that
 * was cut off by a crash is skipped.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where in the conversation a message was written: after the newest one of the server's. */
interface Anchor {
  id: string | null;
  at: number;
  tie: string;
}

export interface WrittenLine {
  kind: 'written';
  account: string;
  localId: string;
  chatId: string;
  text: string;
  replyTo: string | null;
  files: string[];
  anchor: Anchor;
  writtenAt: number;
}

export type JournalLine =
  | WrittenLine
  | { kind: 'left'; localId: string; anchor: Anchor }
  | { kind: 'changed'; localId: string; text: string }
  /** `serverId` null: taken back or given up. */
  | { kind: 'ended'; localId: string; serverId: string | null };

/** What a journal says: messages without an end, oldest first, and what became of the others. */
export interface JournalContents {
  open: WrittenLine[];
  /** The server's ids of those that were stored. */
  stored: { localId: string; serverId: string }[];
  /** Local ids of those that were taken back or given up. */
  gone: string[];
  /** Lines that could not be read. */
  skipped: number;
}

/** Reads the lines of a journal. Pure. */
export function readJournal(text: string): JournalContents {
  const open = new Map<string, WrittenLine>();
  const stored: JournalContents['stored'] = [];
  const gone = new Set<string>();
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
      if (line.serverId === null) gone.add(line.localId);
      else stored.push({ localId: line.localId, serverId: line.serverId });
    }
  }
  return { open: [...open.values()], stored, gone: [...gone], skipped };
}

type Fields = Readonly<Record<string, unknown>>;

// By hand and not by the schema library: the store's thread is started before anything is shown, and loads nothing else.
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function anchorOf(value: unknown): Anchor | null {
  if (!isFields(value)) return null;
  const { id, at, tie } = value;
  return isTextOrNull(id) && isNumber(at) && isText(tie) ? { id, at, tie } : null;
}

function writtenOf(line: Fields, localId: string): WrittenLine | null {
  const { account, chatId, text, replyTo, files, writtenAt } = line;
  const anchor = anchorOf(line['anchor']);
  const fits = isText(account) && isText(chatId) && isText(text) && isTextOrNull(replyTo) && isNumber(writtenAt);
  if (!fits || !anchor || !Array.isArray(files) || !files.every(isText)) return null;
  return { kind: 'written', account, localId, chatId, text, replyTo, files, anchor, writtenAt };
}

function lineOf(line: unknown): JournalLine | null {
  if (!isFields(line)) return null;
  const { kind, localId, text, serverId } = line;
  if (!isText(localId)) return null;
  if (kind === 'written') return writtenOf(line, localId);
  if (kind === 'changed') return isText(text) ? { kind, localId, text } : null;
  if (kind === 'ended') return isTextOrNull(serverId) ? { kind, localId, serverId } : null;
  const anchor = kind === 'left' ? anchorOf(line['anchor']) : null;
  return anchor ? { kind: 'left', localId, anchor } : null;
}

function parseLine(raw: string): JournalLine | null {
  try {
    return lineOf(JSON.parse(raw));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function textOf(lines: readonly JournalLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** One call may write less than it was given. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** Ended messages that are still told of in a fresh journal, so that a rescue can tell them from unsent ones. */
const KEEP_ENDED = 1000;

/** The file, open for as long as the store is. */
export class Journal {
  readonly #path: string;
  #fd: number;
  #isTorn = false;

  /** @param folder the account's folder, which exists. */
  constructor(folder: string) {
    this.#path = join(folder, 'outbox.journal');
    this.#fd = openSync(this.#path, 'a', 0o600);
  }

  /** What it says now. */
  read(): JournalContents {
    return existsSync(this.#path)
      ? readJournal(readFileSync(this.#path, 'utf8'))
      : { open: [], stored: [], gone: [], skipped: 0 };
  }

  /** Adds lines; `durable` waits until they are on the disk. */
  append(lines: readonly JournalLine[], durable: boolean): void {
    if (lines.length === 0) return;
    const text = textOf(lines);
    // After a write that failed midway: what stands there must not swallow the next line.
    const whole = this.#isTorn ? `\n${text}` : text;
    this.#isTorn = true;
    writeAll(this.#fd, whole);
    this.#isTorn = false;
    if (durable) fdatasyncSync(this.#fd);
  }

  /** Begins anew with what is still open and the newest of what came to an end. */
  rewrite(contents: Pick<JournalContents, 'open' | 'stored'> & Partial<Pick<JournalContents, 'gone'>>): void {
    const fresh = `${this.#path}.new`;
    const fd = openSync(fresh, 'w', 0o600);
    const lines: JournalLine[] = [
      ...contents.stored.slice(-KEEP_ENDED).map((one) => ({ kind: 'ended' as const, ...one })),
      ...(contents.gone ?? [])
        .slice(-KEEP_ENDED)
        .map((localId) => ({ kind: 'ended' as const, localId, serverId: null })),
      ...contents.open,
    ];
    try {
      writeAll(fd, textOf(lines));
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
    closeSync(this.#fd);
    renameSync(fresh, this.#path);
    this.#fd = openSync(this.#path, 'a', 0o600);
    this.#isTorn = false;
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd);
  }
}
