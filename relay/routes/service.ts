import type { Serve } from '../http/serve.ts';
import type { RelayNode } from '../node.ts';

/** What the node can do, and what happened while somebody was away. */
export function serviceRoutes(serve: Serve, node: RelayNode): void {
  const { capabilities, version, has, log, progress, viewsFor, epoch } = node;

  serve('capabilities', () => ({
    status: 200,
    body: { server: 'relay' as const, version, capabilities: [...capabilities] },
  }));

  if (!has('sync')) return;
  serve('sync', async ({ user, query }) => {
    const since = log.after(user.id, query.since, viewsFor(user.id));
    if (!since) return { status: 200, body: { reset: true, seq: log.current(user.id) ?? 0, epoch } };
    await progress.receivedAll(user.id);
    return { status: 200, list: 'events', items: since.events, rest: since.rest };
  });
}
