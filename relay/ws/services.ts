import type { Capability } from '#contract/api/capabilities.ts';
import type { Hub } from '../delivery/ports.ts';
import type { RelayLimits } from '../limits.ts';
import type { Accounts } from '../services/accounts.ts';
import type { Budgets } from '../services/budgets.ts';
import type { CallSignals } from '../services/call-signals.ts';
import type { Calls } from '../services/calls.ts';
import type { EventLog } from '../services/event-log.ts';
import type { Messaging } from '../services/messaging.ts';
import type { Receipts } from '../services/receipts.ts';
import type { Typing } from '../services/typing.ts';
import type { Turns } from '../turns.ts';

/** The services the sockets need. */
export interface SocketServices {
  limits: RelayLimits;
  /** The extensions offered. */
  capabilities: readonly Capability[];
  has: (capability: Capability) => boolean;
  epoch: string;
  /** The connections of this node. */
  hub: Pick<Hub, 'add' | 'remove'>;
  accounts: Accounts;
  budgets: Budgets;
  log: EventLog;
  messaging: Messaging;
  receipts: Receipts;
  typing: Typing;
  calls: Pick<Calls, 'connected'>;
  callSignals: CallSignals;
  turns: Turns;
}
