/** One's own calls as the history shows them. */
import type { Call } from '#contract/api/call.ts';
import type { CallEnd, CallRecordView, CallView } from '#contract/ipc/call-views.ts';

function endOf(call: Call, incoming: boolean): CallEnd {
  switch (call.status) {
    case 'rejected':
      if (call.reason === 'busy') return incoming ? 'missed' : 'busy';
      return 'rejected';
    case 'cancelled':
      return incoming ? 'missed' : 'cancelled';
    case 'missed':
      return 'missed';
    case 'ended':
    case 'active':
    case 'ringing':
      return 'hung_up';
  }
}

/** When it began to ring, milliseconds since the epoch; null when the server does not say. */
export function beganAt(call: Pick<Call, 'createdAt' | 'startedAt' | 'endedAt'>): number | null {
  const at = Date.parse(call.createdAt ?? call.startedAt ?? call.endedAt ?? '');
  return Number.isFinite(at) ? at : null;
}

/** A call that is over; null for one that is not, and for one without a time. */
export function recordOf(call: Call, me: string, peer: CallView['peer']): CallRecordView | null {
  const at = beganAt(call);
  if (at === null || call.status === 'ringing' || call.status === 'active') return null;
  const incoming = call.initiator.id !== me;
  const { id, chatId, type } = call;
  return { id, chatId, peer, type, incoming, end: endOf(call, incoming), at, duration: call.duration ?? null };
}
