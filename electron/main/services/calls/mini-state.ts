/**
 * Whether the small window of a call is open. Pure: events in, state out.
 *
 * It is open in a call that this side takes part in: when it was asked for, or while the main window is away (minimised or
 * hidden) and the user wants it then. Whoever closes it is left alone until the main window goes away the next time.
 */
export interface MiniState {
  /** The call that runs, or that this side has made; null: none. */
  readonly key: string | null;
  /** The main window cannot be seen. */
  readonly away: boolean;
  readonly wish: 'asked' | 'closed' | null;
}

export type MiniEvent =
  | { kind: 'call'; key: string | null }
  | { kind: 'main'; away: boolean }
  /** The main window asked for it. */
  | { kind: 'asked' }
  /** Its user closed it. */
  | { kind: 'closed' }
  /** Its user went back to the main window. */
  | { kind: 'returned' };

export const NO_MINI: MiniState = { key: null, away: false, wish: null };

/** The next state. */
export function nextMini(state: MiniState, event: MiniEvent): MiniState {
  switch (event.kind) {
    case 'call':
      // What was wished for one call is not meant for the next one.
      return event.key === state.key ? state : { ...state, key: event.key, wish: null };
    case 'main': {
      if (event.away === state.away) return state;
      const wish = event.away && state.wish === 'closed' ? null : state.wish;
      return { ...state, away: event.away, wish };
    }
    case 'asked':
      return state.key === null ? state : { ...state, wish: 'asked' };
    case 'closed':
      return state.key === null ? state : { ...state, wish: 'closed' };
    case 'returned':
      // The main window is on its way; it may be a moment until the system says so.
      return { ...state, wish: null, away: false };
  }
}

/** True when the window is to be open. @param byItself the user wants it when the main window goes away */
export function isMiniOpen({ key, away, wish }: MiniState, byItself: boolean): boolean {
  if (key === null || wish === 'closed') return false;
  return wish === 'asked' || (away && byItself);
}
