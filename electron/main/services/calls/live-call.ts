/** A call at its beginning, and what is held for one that rings or runs. */
import type { CallView } from '#contract/ipc/call-views.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import type { Result } from '#contract/model/errors.ts';
import type { ServerFrameOf } from '#contract/ws/server-frames.ts';
import { toUserView } from '../../lib/user-view.ts';
import type { Disposer } from '../ports.ts';
import type { SendAgain } from './send-again.ts';
import type { SignalLine } from './signal-line.ts';

/** The call that rings or runs. */
export interface Live {
  view: CallView;
  signals: SignalLine;
  release: Disposer;
  cancelTimer: Disposer;
  accepting: Promise<Result<CallView>> | null;
  /** Sends again what the server may have refused. */
  again: SendAgain;
}

/** A call that this person makes; the server has not named it yet. */
export function outgoingCall(
  { chatId, type }: Pick<CallView, 'chatId' | 'type'>,
  { id, name, avatarUrl }: NonNullable<ChatView['peer']>,
  me: string,
): Omit<CallView, 'key'> {
  return {
    ...{ id: null, chatId, peer: { id, name, avatarUrl }, type, incoming: false, state: 'starting' },
    ...{ ringingSince: null, activeSince: null, polite: me < id, end: null, duration: null },
    withVideo: type === 'video',
  };
}

/**
 * A call that rings here.
 * @param now milliseconds since the epoch
 */
export function incomingCall(
  { id, chatId, type, initiator }: ServerFrameOf<'call:incoming'>['data'],
  { accountId, me }: { accountId: string; me: string },
  now: number,
): Omit<CallView, 'key'> {
  const { name, avatarUrl } = toUserView(initiator, accountId);
  return {
    ...{ id, chatId, peer: { id: initiator.id, name, avatarUrl }, type, incoming: true, state: 'ringing' },
    ...{ ringingSince: now, activeSince: null, polite: me < initiator.id, end: null, duration: null },
    withVideo: false,
  };
}
