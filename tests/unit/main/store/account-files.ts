/** An account's files in a folder of the test's own, opened the way the store's thread opens them. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReaderOperations, WriterOperations } from '../../../../electron/main/services/store/operations.ts';
import { problemOf } from '../../../../electron/main/lib/store-problem.ts';
import type { StoreProblem } from '../../../../electron/main/lib/store-problem.ts';
import type { WorkerReply, WorkerSetup } from '../../../../electron/main/services/store/protocol.ts';
import { DATABASE_NAME, startThread, type Thread } from '../../../../electron/main/services/store/thread.ts';
import { CHAT, history, ME, message, NOW, OTHER } from './open-store.ts';

type Operations = WriterOperations & ReaderOperations;
type Input<K extends keyof Operations> = Parameters<Operations[K]>[0];
type Output<K extends keyof Operations> = ReturnType<Operations[K]>;

/** Asks a thread as main does; a failed operation throws. */
export function ask<K extends keyof Operations>(thread: Thread, name: K, input: Input<K>): Output<K> {
  const reply: WorkerReply = thread.answer({ id: 1, name, input });
  if (reply.kind === 'value') return reply.value as Output<K>;
  throw new Error(reply.kind === 'error' ? reply.message : reply.kind);
}

/** The folder and the threads that were started on it. */
export class AccountFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'relay-files-'));
  readonly database = join(this.folder, DATABASE_NAME);
  readonly journal = join(this.folder, 'outbox.journal');
  readonly logged: string[] = [];
  readonly #open = new Set<Thread>();

  /** @param like files to begin with, as they lie on the disk at this moment. */
  constructor(like?: AccountFiles) {
    if (like) cpSync(like.folder, this.folder, { recursive: true });
  }

  start(more: Partial<WorkerSetup> = {}): Thread {
    const setup: WorkerSetup = {
      role: 'writer',
      folder: this.folder,
      account: 'account',
      me: ME,
      useFts: true,
      quarantine: false,
      now: NOW,
      ...more,
    };
    const thread = startThread(setup, (_level, event) => void this.logged.push(event));
    this.#open.add(thread);
    return thread;
  }

  /** What kept a thread from starting, as main hears of it; null when nothing did. */
  tryToStart(more: Partial<WorkerSetup> = {}): StoreProblem | null {
    try {
      this.end(this.start(more));
      return null;
    } catch (error) {
      return problemOf(error);
    }
  }

  /** Ends a thread as the program's end does. */
  end(thread: Thread): void {
    if (this.#open.delete(thread)) thread.close();
  }

  /** Looks into the database, or changes it, beside the store. */
  sql<T>(work: (db: DatabaseSync) => T, path = this.database): T {
    const db = new DatabaseSync(path);
    try {
      return work(db);
    } finally {
      db.close();
    }
  }

  /** The main files that were set aside, oldest first. */
  quarantine(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.startsWith(`${DATABASE_NAME}.damaged-`) && !/-(wal|shm)$/.test(name))
      .sort()
      .map((name) => join(this.folder, name));
  }

  remove(): void {
    for (const thread of this.#open) this.end(thread);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The files as a crash leaves them, without the write-ahead log. */
export function loseLog(like: AccountFiles): AccountFiles {
  const lost = new AccountFiles(like);
  for (const suffix of ['-wal', '-shm']) rmSync(`${lost.database}${suffix}`, { force: true });
  return lost;
}

export const SECOND_CHAT = 'chat2';
export const MUTED_UNTIL = NOW + 3_600_000;

/** A message that waits, as it must leave in the end. */
export interface Unsent {
  localId: string;
  chatId: string;
  content: string;
  replyTo: string | null;
  files: string[];
}

const REPLIED = message(3).id;

/** What a filled account has not sent: per chat in the order of writing. */
export const UNSENT: readonly Unsent[] = [
  { localId: 'under-way', chatId: CHAT, content: 'did it leave?', replyTo: null, files: [] },
  { localId: 'reply', chatId: CHAT, content: 'an answer', replyTo: REPLIED, files: [] },
  { localId: 'edited', chatId: CHAT, content: 'again', replyTo: null, files: [] },
  { localId: 'with-files', chatId: SECOND_CHAT, content: '', replyTo: null, files: ['f1', 'f2'] },
  { localId: 'last', chatId: SECOND_CHAT, content: 'Ёлка 👍', replyTo: null, files: [] },
];
/** The server's id of the message that was acknowledged. */
export const ACKNOWLEDGED = message(900).id;

/** The chats as the server tells of them. */
export function tellChats(thread: Thread): void {
  const users = [ME, OTHER].map((id) => ({ id, username: id, firstName: id, lastName: 'X' }));
  const chats = [CHAT, SECOND_CHAT].map((id) => ({
    id,
    participants: users,
    createdAt: new Date(NOW).toISOString(),
  }));
  ask(thread, 'applyChats', { chats, justMade: true, now: NOW });
}

/** A page of history that brings the acknowledged message, as a server without keys tells it. */
export function tellHistory(thread: Thread): void {
  ask(thread, 'applyHistory', {
    chatId: CHAT,
    messages: [message(900, { content: 'again', senderId: ME })],
    beside: null,
    reachesStart: false,
    quietly: false,
    keepReactions: [],
    now: NOW,
  });
}

export function write(thread: Thread, { localId, chatId, content, replyTo, files }: Unsent, now = NOW): void {
  ask(thread, 'enqueue', { localId, chatId, text: content, replyTo, files, state: 'queued', now });
}

/** A conversation, a message of each fate, pins, mutes and drafts. */
export function fill(thread: Thread): void {
  tellChats(thread);
  const padding = 'words that take their room '.repeat(12);
  ask(thread, 'applyHistory', {
    chatId: CHAT,
    messages: history(1, 300).map((one, n) => ({ ...one, content: `${padding}${n}` })),
    beside: null,
    reachesStart: true,
    quietly: false,
    keepReactions: [],
    now: NOW,
  });
  const more = (localId: string, content: string): Unsent => ({
    localId,
    chatId: CHAT,
    content,
    replyTo: null,
    files: [],
  });
  write(thread, more('acknowledged', 'again'));
  write(thread, more('canceled', 'never mind'));
  for (const one of UNSENT) write(thread, one.localId === 'edited' ? { ...one, content: 'once more' } : one);
  ask(thread, 'cancel', { localId: 'canceled', now: NOW });
  // The same words as the one that is stored next, and written before it was: only its id tells the two apart.
  ask(thread, 'edit', { localId: 'edited', text: 'again', now: NOW });
  ask(thread, 'beginAttempt', { localId: 'acknowledged', now: NOW });
  ask(thread, 'acknowledge', {
    localId: 'acknowledged',
    message: message(900, { content: 'again', senderId: ME }),
    now: NOW,
  });
  ask(thread, 'beginAttempt', { localId: 'under-way', now: NOW });
  ask(thread, 'organise', { chatId: SECOND_CHAT, pinned: true, markedUnread: true, now: NOW });
  ask(thread, 'organise', { chatId: CHAT, archived: true, muted: { until: MUTED_UNTIL }, now: NOW });
  ask(thread, 'saveDraft', { chatId: CHAT, text: 'half a thou', replyTo: REPLIED, now: NOW });
  ask(thread, 'saveDraft', { chatId: SECOND_CHAT, text: 'черновик', replyTo: null, now: NOW });
}

/** What waits in the conversations, as a page shows it. */
export function waiting(thread: Thread): Pick<Unsent, 'localId' | 'chatId' | 'content' | 'replyTo'>[] {
  return [CHAT, SECOND_CHAT].flatMap((chatId) =>
    (ask(thread, 'page', { chatId, anchor: { at: 'latest' }, limit: 50 })?.items ?? [])
      .filter(({ id }) => id === null)
      .map((item) => ({
        localId: item.localId ?? '',
        chatId,
        content: item.text,
        replyTo: item.quote?.id ?? null,
      })),
  );
}

export const WAITING = UNSENT.map(({ localId, chatId, content, replyTo }) => ({ localId, chatId, content, replyTo }));

/** Sends everything that waits, as after a start: the next of each chat in turn. What left, in its order. */
export function sendAll(thread: Thread): Unsent[] {
  ask(thread, 'recoverOutbox', { now: NOW, settleMs: 0 });
  const sent: Unsent[] = [];
  for (let n = 1000; ; n += 1) {
    const [head] = ask(thread, 'outboxHeads', {});
    if (!head) break;
    const { localId } = head;
    // An unanswered one goes again once the history has not shown it.
    if (head.state === 'unknown') {
      ask(thread, 'reconcile', { localId, now: NOW });
      ask(thread, 'endAttempt', { localId, end: 'may_resend', nextAt: NOW, problem: null, now: NOW });
    }
    const { outgoing } = ask(thread, 'beginAttempt', { localId, now: NOW });
    if (!outgoing) throw new Error(`${localId} (${head.state}) does not leave`);
    const { chatId, content, replyTo, files } = outgoing;
    sent.push({ localId, chatId, content, replyTo, files });
    const answer = message(n, { chatId, content, senderId: ME, replyToId: replyTo, clientId: localId });
    ask(thread, 'acknowledge', { localId, message: answer, now: NOW });
  }
  return sent.sort((a, b) => (a.chatId < b.chatId ? -1 : a.chatId > b.chatId ? 1 : 0));
}
