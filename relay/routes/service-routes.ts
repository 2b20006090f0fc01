import type { Capability } from '#contract/api/capabilities.ts';
import type { Serve } from '../http/serve.ts';
import type { EventLog } from '../services/event-log.ts';
import type { Receipts } from '../services/receipts.ts';
import type { ViewsFor } from '../services/views.ts';

interface NodeServices {
  /** The extensions offered. */
  capabilities: readonly Capability[];
  version: string;
  has: (capability: Capability) => boolean;
  log: EventLog;
  receipts: Receipts;
  viewsFor: ViewsFor;
  epoch: string;
}

/** What the node supports, and what a client missed while it was offline. */
export function serviceRoutes(
  serve: Serve,
  { capabilities, version, has, log, receipts, viewsFor, epoch }: NodeServices,
): void {
  serve('capabilities', () => ({
    status: 200,
    body: { server: 'relay' as const, version, capabilities: [...capabilities] },
  }));

  if (!has('sync')) return;
  serve('sync', async ({ user, query }) => {
    const since = await log.after(user.id, query.since, viewsFor(user.id));
    if (!since) return { status: 200, body: { reset: true, seq: (await log.current(user.id)) ?? 0, epoch } };
    await receipts.receivedAll(user.id);
    return { status: 200, list: 'events', items: since.events, rest: since.rest };
  });
}
