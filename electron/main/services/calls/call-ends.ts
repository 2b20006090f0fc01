/** What the server's words about the end of a call mean here. */
import type { Call } from '#contract/api/call.ts';
import type { CallEnd, CallView } from '#contract/ipc/call-views.ts';
import type { CallEvent } from '#contract/model/call-state.ts';
import type { AppError } from '#contract/model/errors.ts';
import type { ServerFrameOf } from '#contract/ws/server-frames.ts';
import { beganAt, recordOf } from '../../lib/call-records.ts';

type Ended = ServerFrameOf<'call:ended'>['data'];

/** The end of a call that the server did not take. */
export function refusedAs({ code }: AppError): CallEnd {
  if (code === 'busy' || code === 'call_busy') return 'busy';
  const isFar = ['offline', 'server_unreachable', 'server_timeout', 'server_closing', 'tls_failed'].includes(code);
  return isFar ? 'unreachable' : 'failed';
}

/** @param at milliseconds since the epoch. */
export function endedEvent(data: Pick<Ended, 'status' | 'reason' | 'duration'>, at: number): CallEvent {
  const { status, reason = null, duration = null } = data;
  return {
    kind: 'ended',
    status: status === 'ringing' || status === 'active' ? 'ended' : status,
    ...{ reason, duration, at },
  };
}

/** A call that this person missed while nobody heard of it; null for any other. */
export function missedView(call: Call, me: string, peer: CallView['peer'], key: string): CallView | null {
  const record = recordOf(call, me, peer);
  if (!record?.incoming || record.end !== 'missed') return null;
  return {
    ...{ key, id: call.id, chatId: call.chatId, peer, type: call.type, incoming: true, state: 'ended' },
    ...{ ringingSince: beganAt(call), activeSince: null, polite: me < peer.id, end: 'missed', duration: null },
    withVideo: false,
  };
}
