import type { Serve } from '../http/serve.ts';
import type { RelayNode } from '../node.ts';

/** What the node can do, and what happened while somebody was away. */
export function serviceRoutes(serve: Serve, node: RelayNode): void {
  const { capabilities, version, has, log, progress, viewsFor } = node;

  serve('capabilities', () => ({
    status: 200,
    body: { server: 'relay' as const, version, capabilities: [...capabilities] },
  }));

  if (!has('sync')) return;
  serve('sync', async ({ user, query }) => {
    const body = log.after(user.id, query.since, viewsFor(user.id));
    if (!body.reset) await progress.receivedAll(user.id);
    return { status: 200, body };
  });
}
