/**
 * The connection as the screen shows it. `idle`: signed out. `connecting`, `waiting` (for the next try) and `offline`
 * (this computer has no network) come from the socket; `syncing` and `live` from what was read since it opened;
 * `waiting_auth` takes precedence: without a token nothing else matters.
 */
import type { ConnectionView } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import type { SocketState } from '../ports.ts';

/** What the phase is derived from. */
export interface ConnectionParts {
  account: 'none' | 'expired' | 'ready';
  socket: { state: SocketState; nextTryAt: number | null; reason: ErrorCode | null } | null;
  isLive: boolean;
}

/** Derives the view. Pure. */
export function connectionView({ account, socket, isLive }: ConnectionParts): ConnectionView {
  if (account === 'none' || !socket) return { phase: 'idle', retryAt: null, reason: null };
  if (account === 'expired') return { phase: 'waiting_auth', retryAt: null, reason: 'unauthenticated' };
  const { state, nextTryAt, reason } = socket;
  if (state === 'open') return { phase: isLive ? 'live' : 'syncing', retryAt: null, reason: null };
  if (reason === 'offline') return { phase: 'offline', retryAt: nextTryAt, reason };
  if (state === 'connecting' || nextTryAt === null) return { phase: 'connecting', retryAt: null, reason };
  return { phase: 'waiting', retryAt: nextTryAt, reason };
}

/** True when the two look the same. */
export function sameConnection(a: ConnectionView, b: ConnectionView): boolean {
  return a.phase === b.phase && a.retryAt === b.retryAt && a.reason === b.reason;
}
