/** The page's state of one chat's messages: the window, and pending requests. */
import type { AppError } from '#contract/model/errors.ts';
import type { MessageWindow } from './window.ts';

/** An end of the window: idle, loading, or failed until the next attempt. */
export type EdgeState = { status: 'idle' } | { status: 'loading' } | { status: 'failed'; error: AppError };

export interface ChatMessages {
  /** Null until the first page has arrived. */
  readonly window: MessageWindow | null;
  /** `loading` and `failed` refer to a page that replaces the window. */
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: AppError | null;
  readonly older: EdgeState;
  readonly newer: EdgeState;
  /** Counts window replacements: a screen positioned in the old one must find its place again. */
  readonly version: number;
}

export const IDLE: EdgeState = { status: 'idle' };

/** A chat that has not been loaded yet. */
export const UNREAD_CHAT: ChatMessages = {
  window: null,
  phase: 'loading',
  error: null,
  older: IDLE,
  newer: IDLE,
  version: 0,
};

/**
 * The reading position in a chat: at its end, or a row and its offset in pixels below the top. `near` is the key of the
 * message at that row or the first one below it: a page around it contains the row.
 */
export type ReadingPlace = { at: 'end' } | { at: 'row'; key: string; offset: number; near: string };

/** Where to open a chat. */
export type OpenTarget =
  | { at: 'latest' }
  | { at: 'unread' }
  | { at: 'message'; messageId: string }
  | { at: 'date'; time: number }
  /** The previous reading position, by the key of a locally stored message. */
  | { at: 'place'; key: string };
