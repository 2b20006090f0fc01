/**
 * The states of an update. `off` is final for this run, and so is `ready`: what was fetched is installed at the next quit,
 * and nothing else is asked for until then. `idle` and `failed` wait for the next check; `checking` and `downloading`
 * are the two steps of a round, which ends in `idle`, `ready` or `failed`. An event that does not fit its state is late,
 * and changes nothing. Pure.
 */
import { never } from '#contract/model/errors.ts';
import type { UpdateView } from '#contract/ipc/update-views.ts';
import type { UpdateOff, UpdateProblem } from '#contract/model/updates.ts';

export type UpdateEvent =
  | { kind: 'off'; why: UpdateOff }
  | { kind: 'check' }
  /** There is nothing newer. `at`: wall time, milliseconds since the epoch. */
  | { kind: 'current'; at: number }
  | { kind: 'found'; version: string }
  /** Bytes of the file so far, and of the whole. */
  | { kind: 'progress'; bytes: number; total: number }
  | { kind: 'downloaded' }
  | { kind: 'failed'; why: UpdateProblem; at: number }
  /** The round was given up, to be begun anew. */
  | { kind: 'put_off' };

/** As it is at the start. */
export const NO_UPDATE: UpdateView = { phase: 'idle', checkedAt: null };

/** The state after an event; the same object if nothing changed. */
export function afterUpdateEvent(state: UpdateView, event: UpdateEvent): UpdateView {
  const { phase } = state;
  const inRound = phase === 'checking' || phase === 'downloading';
  switch (event.kind) {
    case 'off':
      return phase === 'idle' || phase === 'failed' ? { phase: 'off', why: event.why } : state;
    case 'check':
      return phase === 'idle' || phase === 'failed' ? { phase: 'checking' } : state;
    case 'current':
      return phase === 'checking' ? { phase: 'idle', checkedAt: event.at } : state;
    case 'found':
      return phase === 'checking' ? { phase: 'downloading', version: event.version, percent: 0 } : state;
    case 'progress': {
      if (phase !== 'downloading') return state;
      const share = event.total > 0 ? event.bytes / event.total : 0;
      const percent = Math.min(100, Math.max(0, Math.floor(share * 100)));
      // Backwards only by a server that corrects itself: a bar does not run back.
      return percent > state.percent ? { ...state, percent } : state;
    }
    case 'downloaded':
      return phase === 'downloading' ? { phase: 'ready', version: state.version } : state;
    case 'failed':
      return inRound ? { phase: 'failed', why: event.why, at: event.at } : state;
    case 'put_off':
      return inRound ? NO_UPDATE : state;
    default:
      return never(event);
  }
}
