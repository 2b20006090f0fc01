/**
 * The outbox's second copy: a file beside the database with one record for each message written, each later change by
 * the user, and each message that came to its end. The database is authoritative as far as it reaches; at a start, what
 * it lost is read from here. A record that was cut off by a crash is skipped.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readStagedUpload, type StagedUpload } from '../staged-upload.ts';

/** Where in the conversation a message was written: after the newest message of the server. */
interface Anchor {
  id: string | null;
  at: number;
  tie: string;
}

/** What the user last wanted to be sent. */
export interface Wording {
  text: string;
  /**
   * How often the user has changed or resent it since it was written. Journal and database both count: the one with the
   * higher number has the last wording.
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
  /** Files that it waits for. */
  uploads: StagedUpload[];
  anchor: Anchor;
  writtenAt: number;
}

export type JournalLine =
  | WrittenLine
  /** `files`: the server's ids of all of its files. */
  | { kind: 'left'; localId: string; anchor: Anchor; files: string[] }
  /** The user changed its text, or asked for the same text to be sent again. */
  | ({ kind: 'changed'; localId: string } & Wording)
  /** `serverId` null: withdrawn or discarded. */
  | { kind: 'ended'; localId: string; serverId: string | null };

/** True for records without which a message would be lost, or sent in outdated wording, if the database were lost. */
export function mustLast(line: JournalLine): boolean {
  switch (line.kind) {
    case 'written':
    case 'changed':
      return true;
    case 'left':
      // Without them the files would be sent anew, and the same key would come with others.
      return line.files.length > 0;
    case 'ended':
      // A stored message is in the history too; a withdrawn one is recorded nowhere else.
      return line.serverId === null;
  }
}

/** The contents of a journal: messages without an end, oldest first, and what became of the others. */
export interface JournalContents {
  open: WrittenLine[];
  /** The last wording of every message in it, except withdrawn ones, by local id. */
  wordings: Map<string, Wording>;
  /** The server's ids of stored messages. */
  stored: { localId: string; serverId: string }[];
  /** Local ids of withdrawn or discarded messages. */
  gone: string[];
  /** Number of unreadable records. */
  skipped: number;
}

/** Parses the records of a journal. Pure. */
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
    else if (line.kind === 'left' && known) open.set(line.localId, { ...known, ...leftWith(line, known) });
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

/** What is known of a message that has left: its files are the server's by then. */
function leftWith(line: Extract<JournalLine, { kind: 'left' }>, known: WrittenLine): Partial<WrittenLine> {
  const { anchor, files } = line;
  return files.length > 0 && known.uploads.length > 0 ? { anchor, files, uploads: [] } : { anchor };
}

type Fields = Readonly<Record<string, unknown>>;

// By hand and not by the schema library: the store's thread starts before anything is shown, and loads nothing else.
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function anchorOf(value: unknown): Anchor | null {
  if (!isFields(value)) return null;
  const { id, at, tie } = value;
  return isTextOrNull(id) && isNumber(at) && isText(tie) ? { id, at, tie } : null;
}

/** Records of earlier versions have no revision: for them the database has the last wording, as it did then. */
function wordingOf({ text, revision = 0 }: Fields): Wording | null {
  return isText(text) && isNumber(revision) ? { text, revision } : null;
}

function writtenOf(line: Fields, localId: string): WrittenLine | null {
  const { account, chatId, replyTo, files, uploads = [], writtenAt } = line;
  const [wording, anchor] = [wordingOf(line), anchorOf(line['anchor'])];
  const fits = isText(account) && isText(chatId) && isTextOrNull(replyTo) && isNumber(writtenAt);
  if (!fits || !wording || !anchor || !isTexts(files) || !Array.isArray(uploads)) return null;
  const staged = uploads.flatMap((upload) => readStagedUpload(upload) ?? []);
  // Half of its files are not what was written.
  if (staged.length !== uploads.length) return null;
  return { kind: 'written', account, localId, chatId, replyTo, files, uploads: staged, anchor, writtenAt, ...wording };
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
  const { files = [] } = line;
  return anchor && isTexts(files) ? { kind: 'left', localId, anchor, files } : null;
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

/** Ended messages kept in a rewritten journal, so that a rescue can tell them from unsent ones. */
const KEEP_ENDED = 1000;

/** The file, open while the store is. */
export class Journal {
  readonly #path: string;
  /** Null when closed. */
  #fd: number | null;
  #isTorn = false;

  /** @param folder the account's folder, which must exist. */
  constructor(folder: string) {
    this.#path = join(folder, 'outbox.journal');
    this.#fd = openSync(this.#path, 'a', 0o600);
  }

  /** Reads the current contents. */
  read(): JournalContents {
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : '';
    this.#isTorn ||= text !== '' && !text.endsWith('\n');
    return readJournal(text);
  }

  /** Appends records; `durable` waits until they are on the disk. */
  append(lines: readonly JournalLine[], durable: boolean): void {
    if (lines.length === 0) return;
    if (this.#fd === null) throw new Error('the journal is closed');
    const text = textOf(lines);
    // After a write that ended midway, in this run or the last: the torn record must not swallow the next one.
    const whole = this.#isTorn ? `\n${text}` : text;
    this.#isTorn = true;
    writeAll(this.#fd, whole);
    this.#isTorn = false;
    if (durable) fdatasyncSync(this.#fd);
  }

  /** Starts over with what is still open and the newest of what has ended. */
  rewrite(contents: Pick<JournalContents, 'open' | 'stored'> & Partial<Pick<JournalContents, 'gone'>>): void {
    const fresh = `${this.#path}.new`;
    const fd = openSync(fresh, 'w', 0o600);
    const lines: JournalLine[] = [
      ...contents.stored.slice(-KEEP_ENDED).map((entry) => ({ kind: 'ended' as const, ...entry })),
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
    // Windows cannot rename over an open file.
    this.close();
    renameSync(fresh, this.#path);
    this.#fd = openSync(this.#path, 'a', 0o600);
    this.#isTorn = false;
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) closeSync(fd);
  }
}
