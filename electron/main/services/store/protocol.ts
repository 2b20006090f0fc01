/** The messages between main and the store's threads. */
import type { StoreProblem } from '../../lib/store-problem.ts';
import type { ChatView, MessageView, UnreadView } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';

/** What a thread is started with. */
export interface WorkerSetup {
  role: 'writer' | 'reader';
  /** The folder of the account's files. */
  folder: string;
  account: string;
  me: string;
  /** False only in tests of the fallback: behave as if SQLite had been built without FTS5. */
  useFts: boolean;
  /** The database was found damaged while it was open: quarantine it first. */
  quarantine: boolean;
  now: number;
}

/** The first message to a thread. */
export interface WorkerStart {
  setup: WorkerSetup;
}

/** A call; the reply has the same number. */
export interface WorkerRequest {
  id: number;
  name: string;
  input: unknown;
}

export type WorkerReply =
  | { kind: 'ready'; opened: StoreOpened }
  | { kind: 'failed_to_open'; problem: StoreProblem; message: string }
  | { kind: 'value'; id: number; value: unknown }
  | { kind: 'error'; id: number; problem: StoreProblem; message: string }
  | { kind: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; event: string; fields: Record<string, unknown> };

export type WorkerLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  event: string,
  fields?: Record<string, unknown>,
) => void;

/** What happened at opening. */
export interface StoreOpened {
  /** The database was damaged, quarantined and recreated. */
  rebuilt: boolean;
  /** Unsent messages recovered from the journal. */
  rescued: number;
  /** The search index has every message; false while it is being built. */
  indexed: boolean;
}

/** What an operation changed, ready for the page. */
export interface ChangeSet {
  messages: { chatId: string; upserts: MessageView[]; removed: string[] }[];
  chats: ChatView[];
  stale: string[];
  unread: UnreadView | null;
  /** Messages that failed permanently in this operation. */
  failed: { localId: string; code: ErrorCode }[];
  /** Chats whose uploads changed. */
  uploads: string[];
}

/** The operations as main calls them: each one a promise. */
export type Remote<T> = {
  readonly [K in keyof T]: T[K] extends (input: infer I) => infer O ? (input: I) => Promise<O> : never;
};
