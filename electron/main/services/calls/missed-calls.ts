/** Calls that never were the current one: told as missed, each once. */
import type { Call } from '#contract/api/call.ts';
import type { CallView } from '#contract/ipc/call-views.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { toUserView } from '../../lib/user-view.ts';
import type { AccountSink, Clock, Logger } from '../ports.ts';
import { missedView } from './call-ends.ts';
import type { RecentIds } from './recent-ids.ts';

export interface MissedCallsOptions {
  accountId: string;
  me: string;
  clock: Clock;
  logger: Logger;
  push: AccountSink;
  chat: (chatId: string) => Promise<ChatView | null>;
  newKey: () => string;
  /** Calls that are over, by their ids. */
  over: RecentIds;
}

/** Calls refused because of another one, per minute: more is no person who calls. */
const MOST_BUSY = 10;
const MINUTE = 60_000;

export class MissedCalls {
  readonly #options: MissedCallsOptions;
  #busyAt: number[] = [];

  constructor(options: MissedCallsOptions) {
    this.#options = options;
  }

  /** It rings while another call runs. @returns false when there were too many of them: nothing is told. */
  behindAnother(view: Omit<CallView, 'key'>): boolean {
    const { push, newKey, logger, clock } = this.#options;
    this.#busyAt = this.#busyAt.filter((at) => at > clock.monotonic() - MINUTE);
    if (this.#busyAt.length >= MOST_BUSY) {
      logger.warn('call.too_many');
      return false;
    }
    this.#busyAt.push(clock.monotonic());
    push.emit({ kind: 'call', call: { ...view, key: newKey(), state: 'ended', end: 'missed' } });
    return true;
  }

  /** The server lists it. @param isOld from before this run: known to the history, and no news. */
  async listed(call: Call, isOld: boolean): Promise<void> {
    const { me, accountId, chat, newKey, push, over } = this.#options;
    if (over.has(call.id) || call.status === 'ringing' || call.status === 'active') return;
    over.add(call.id);
    if (isOld || call.initiator.id === me) return;
    const { id, name, avatarUrl } = (await chat(call.chatId))?.peer ?? toUserView(call.initiator, accountId);
    const view = missedView(call, me, { id, name, avatarUrl }, newKey());
    if (view) push.emit({ kind: 'call', call: view });
  }
}
