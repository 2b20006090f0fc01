/**
 * The states of a call as one side sees it: starting -> ringing -> active -> ended, and from each state to `ended`, which
 * is final. Pure: the caller has the clock, the server and the socket.
 */
import type { CallEnd, CallView } from '../ipc/call-views.ts';

/** Everything that can happen to a call. Times are milliseconds since the epoch. */
export type CallEvent =
  /** The server has taken the call and rings. */
  | { kind: 'started'; id: string; at: number }
  /** The other side's call rang in the same chat: this side is in that one now. */
  | { kind: 'joined'; id: string; at: number; type: CallView['type'] }
  /** The server did not take it. */
  | { kind: 'refused'; end: CallEnd }
  /** The other side's device answered. */
  | { kind: 'answered'; at: number }
  /** This side answered, and the server agreed. */
  | { kind: 'accepted'; at: number; withVideo: boolean }
  | { kind: 'declined' }
  /** This side ends it. @see endedHere */
  | { kind: 'hung_up'; end: CallEnd; at: number }
  /** The server says that it is over. */
  | {
      kind: 'ended';
      status: 'ended' | 'rejected' | 'cancelled' | 'missed';
      reason: 'busy' | 'elsewhere' | null;
      at: number;
      duration: number | null;
    }
  /** Time passes. */
  | { kind: 'time'; now: number };

/** Milliseconds that a call rings; the server's word comes a little earlier, or not at all. */
export const RING_MS = 60_000;
/** Milliseconds for which the server's word is waited for after that. */
export const RING_GRACE_MS = 3_000;

function over(call: CallView, end: CallEnd, duration: number | null = null): CallView {
  return { ...call, state: 'ended', end, duration };
}

/** Seconds talked until a moment; null when nobody answered. */
function talked({ activeSince }: CallView, at: number): number | null {
  return activeSince === null ? null : Math.max(0, Math.round((at - activeSince) / 1000));
}

/** What the end of a call that was not answered is called on this side. */
function unanswered(call: CallView, status: 'ended' | 'rejected' | 'cancelled' | 'missed'): CallEnd {
  switch (status) {
    case 'rejected':
      return call.incoming ? 'elsewhere' : 'rejected';
    case 'cancelled':
      return call.incoming ? 'missed' : 'cancelled';
    case 'missed':
      return 'missed';
    case 'ended':
      // Another device answered, and may have hung up since.
      return 'elsewhere';
  }
}

/** How a call that this side ends before it was answered is called. */
function endedHere(call: CallView, wanted: CallEnd): CallEnd {
  if (call.state === 'active' || wanted !== 'hung_up') return wanted;
  return call.incoming ? 'rejected' : 'cancelled';
}

/** Whether a call rings on this side, and waits for its user. */
export function ringsHere(call: CallView): boolean {
  return call.state === 'ringing' && call.incoming;
}

/** The call after an event. Total: what cannot happen in a state leaves it unchanged (the same object). */
export function nextCall(call: CallView, event: CallEvent): CallView {
  if (call.state === 'ended') return call;
  switch (event.kind) {
    case 'started':
      if (call.state !== 'starting') return call;
      return { ...call, state: 'ringing', id: event.id, ringingSince: event.at };
    case 'joined':
      if (call.state !== 'starting') return call;
      return {
        ...call,
        ...{ state: 'active', id: event.id, type: event.type, incoming: true },
        ...{ ringingSince: event.at, activeSince: event.at, withVideo: event.type === 'video' },
      };
    case 'refused':
      return call.state === 'starting' ? over(call, event.end) : call;
    case 'answered':
      if (call.state !== 'ringing' || call.incoming) return call;
      return { ...call, state: 'active', activeSince: event.at };
    case 'accepted':
      if (!ringsHere(call)) return call;
      return { ...call, state: 'active', activeSince: event.at, withVideo: event.withVideo };
    case 'declined':
      return ringsHere(call) ? over(call, 'rejected') : call;
    case 'hung_up':
      return over(call, endedHere(call, event.end), talked(call, event.at));
    case 'ended':
      if (event.reason === 'elsewhere') return over(call, 'elsewhere');
      if (event.reason === 'busy' && !call.incoming) return over(call, 'busy');
      if (call.state === 'active') return over(call, 'hung_up', event.duration ?? talked(call, event.at));
      return over(call, unanswered(call, event.status));
    case 'time': {
      const rings = call.state === 'ringing' && call.ringingSince !== null;
      return rings && event.now - (call.ringingSince ?? event.now) >= RING_MS + RING_GRACE_MS
        ? over(call, 'missed')
        : call;
    }
  }
}
