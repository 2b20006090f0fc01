/**
 * The outbox's second home: a file beside the database with one line for each message that was written, each later word
 * of the person on it, and each that came to its end. The database is the truth as far as it reaches; at a start, what it
 * lost is read from here. A line that was cut off by a crash is skipped.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where in the conversation a message was written: after the newest one of the server's. */
interface Anchor {
  id: string | null;
  at: number;
  tie: string;
}

/** What the person last wanted to be sent. */
export interface Wording {
  text: string;
  /**
   * How many words the person has had on it since it was written. Journal and database both count: the one that knows
   * more of them knows the last one.
   */
  revision: number;
}

export interface WrittenLine extends Wording {
  kind: 'written';
  account: string;
  localId: string;
  chatId: string;
  replyTo: string | null;
  files: string[];
  anchor: Anchor;
  writtenAt: number;
}

export type JournalLine =
  | WrittenLine
  | { kind: 'left'; localId: string; anchor: Anchor }
  /** The person had another word on it: changed its text, or asked for the same one to be sent again. */
  | ({ kind: 'changed'; localId: string } & Wording)
  /** `serverId` null: taken back or given up. */
  | { kind: 'ended'; localId: string; serverId: string | null };

/** Without these a message would be lost, or sent in other words than the last, should the database be lost. */
export function mustLast(line: JournalLine): boolean {
  switch (line.kind) {
    case 'written':
    case 'changed':
      return true;
    case 'left':
      return false;
    case 'ended':
      // A stored one is in the history too; one that was taken back is nowhere else.
      return line.serverId === null;
  }
}

/** What a journal says: messages without an end, oldest first, and what became of the others. */
export interface JournalContents {
  open: WrittenLine[];
  /** The last wording of every message that it has heard of, but those that were taken back, by local id. */
  wordings: Map<string, Wording>;
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
  const wordings = new Map<string, Wording>();
  const stored: JournalContents['stored'] = [];
  const gone = new Set<string>();
  let skipped = 0;
  const note = (line: WrittenLine): void => {
    open.set(line.localId, line);
    wordings.set(line.localId, { text: line.text, revision: line.revision });
  };
  for (const raw of text.split('\n')) {
    if (raw === '') continue;
    const line = parseLine(raw);
    if (!line) {
      skipped += 1;
      continue;
    }
    const known = open.get(line.localId);
    if (line.kind === 'written') note(line);
    else if (line.kind === 'left' && known) open.set(line.localId, { ...known, anchor: line.anchor });
    else if (line.kind === 'changed' && known)
      note({ ...known, text: line.text, revision: Math.max(known.revision, line.revision) });
    else if (line.kind === 'ended') {
      open.delete(line.localId);
      if (line.serverId === null) gone.add(line.localId);
      else stored.push({ localId: line.localId, serverId: line.serverId });
    }
  }
  for (const localId of gone) wordings.delete(localId);
  return { open: [...open.values()], wordings, stored, gone: [...gone], skipped };
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

/** Lines of earlier versions do not count: to them the database knows the last word, as it did then. */
function wordingOf({ text, revision = 0 }: Fields): Wording | null {
  return isText(text) && isNumber(revision) ? { text, revision } : null;
}

function writtenOf(line: Fields, localId: string): WrittenLine | null {
  const { account, chatId, replyTo, files, writtenAt } = line;
  const [wording, anchor] = [wordingOf(line), anchorOf(line['anchor'])];
  const fits = isText(account) && isText(chatId) && isTextOrNull(replyTo) && isNumber(writtenAt);
  if (!fits || !wording || !anchor || !Array.isArray(files) || !files.every(isText)) return null;
  return { kind: 'written', account, localId, chatId, replyTo, files, anchor, writtenAt, ...wording };
}

function lineOf(line: unknown): JournalLine | null {
  if (!isFields(line)) return null;
  const { kind, localId, serverId } = line;
  if (!isText(localId)) return null;
  if (kind === 'written') return writtenOf(line, localId);
  if (kind === 'changed') {
    const wording = wordingOf(line);
    return wording && { kind, localId, ...wording };
  }
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
  /** Null when closed. */
  #fd: number | null;
  #isTorn = false;

  /** @param folder the account's folder, which exists. */
  constructor(folder: string) {
    this.#path = join(folder, 'outbox.journal');
    this.#fd = openSync(this.#path, 'a', 0o600);
  }

  /** What it says now. */
  read(): JournalContents {
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
    this.#isTorn ||= text !== '' && !text.endsWith('\n');
    return readJournal(text);
  }

  /** Adds lines; `durable` waits until they are on the disk. */
  append(lines: readonly JournalLine[], durable: boolean): void {
    if (lines.length === 0) return;
    if (this.#fd === null) throw new Error('the journal is closed');
    const text = textOf(lines);
    // After a write that ended midway, in this run or the last: what stands there must not swallow the next line.
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
    // Windows renames nothing over an open file.
    this.close();
    renameSync(fresh, this.#path);
    this.#fd = openSync(this.#path, 'a', 0o600);
    this.#isTorn = false;
  }

  /** Closes the file; once more does nothing. */
  close(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }
}
