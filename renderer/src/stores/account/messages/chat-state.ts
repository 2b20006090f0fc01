/** What the page knows of one chat's messages: the window, and what is being asked for. */
import type { AppError } from '#contract/model/errors.ts';
import type { MessageWindow } from './window.ts';

/** An end of the window: resting, being read, or failed until somebody tries again. */
export type EdgeState = { status: 'idle' } | { status: 'loading' } | { status: 'failed'; error: AppError };

export interface ChatMessages {
  /** Null until the first page has come. */
  readonly window: MessageWindow | null;
  /** `loading` and `failed` are of a page that replaces the window. */
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: AppError | null;
  readonly older: EdgeState;
  readonly newer: EdgeState;
  /** Counts the pages that replaced the window: a screen that stood in the old one has to find its place again. */
  readonly version: number;
}

export const IDLE: EdgeState = { status: 'idle' };

/** A chat of which nothing was read yet. */
export const UNREAD_CHAT: ChatMessages = {
  window: null,
  phase: 'loading',
  error: null,
  older: IDLE,
  newer: IDLE,
  version: 0,
};

/**
 * Where a reader stood in a chat: at its end, or with a row so many pixels below the top. `near` is the message at that
 * row or the first one below it, by its key: a page around it has the row.
 */
export type ReadingPlace = { at: 'end' } | { at: 'row'; key: string; offset: number; near: string };

/** Where to open a chat. */
export type OpenTarget =
  | { at: 'latest' }
  | { at: 'unread' }
  | { at: 'message'; messageId: string }
  | { at: 'date'; time: number }
  /** Where the reader stood before, by the key of a message that is stored here. */
  | { at: 'place'; key: string };
