import type { MessageDetails } from '#contract/ipc/views.ts';
import type { StoreContext } from '../../context.ts';
import { sendState } from '../../views.ts';
import { findJob } from './rows.ts';

/** Times, attempts and the next attempt of one message; null when it is not here. */
export function details(context: StoreContext, input: { key: string }): MessageDetails | null {
  const found = context.sql.get<{
    row: number;
    key: string;
    id: string | null;
    local_id: string | null;
    mine: number;
    state: string | null;
    created_at: number;
  }>(
    'SELECT row, key, id, local_id, mine, state, created_at FROM messages WHERE key = ? OR id = ?',
    input.key,
    input.key,
  );
  if (!found) return null;
  const job = found.local_id === null ? undefined : findJob(context, found.local_id);
  const history = context.sql
    .all<{ state: string; at: number }>('SELECT state, at FROM state_times WHERE row = ? ORDER BY at, state', found.row)
    .flatMap(({ state, at }) => {
      const known = sendState(state);
      return known ? [{ state: known, at }] : [];
    });
  const state = found.mine === 1 ? sendState(found.state) : null;
  const isWaiting = state === 'queued' || state === 'unknown';
  return {
    key: found.key,
    id: found.id,
    state,
    history,
    attempts: job?.attempt ?? 0,
    nextTryAt: isWaiting ? (job?.next_at ?? null) : null,
  };
}
