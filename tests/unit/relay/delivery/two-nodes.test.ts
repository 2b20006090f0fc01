/** The suite itself, on two nodes: a bus of this test joins them, by a directory they share and a wire that takes a turn. */
import { createListeners } from '../../../../relay/listeners.ts';
import { createLocalBus } from '../../../../relay/delivery/local.ts';
import { createHub } from '../../../../relay/delivery/local-hub.ts';
import type { Audience, Bus, Receipt } from '../../../../relay/delivery/ports.ts';
import { describeBus, type BusNode } from './bus-suite.ts';

interface Packet {
  userIds: readonly string[];
  text: string;
  receipt: Receipt | undefined;
  audience: Audience | undefined;
}

function joined(count: number): BusNode[] {
  /** The nodes each user is connected to. */
  const directory = new Map<string, Set<number>>();
  const arrivals = Array.from({ length: count }, () => createListeners<[packet: Packet]>());
  const invalidations = Array.from({ length: count }, () => createListeners<[userId: string]>());

  return arrivals.map((inbox, self): BusNode => {
    const hub = createHub(10);
    const local = createLocalBus(hub);
    const changes = createListeners<[userId: string, online: boolean]>();
    local.onInvalidate((userId) => invalidations[self]?.tell(userId));
    inbox.add(({ userIds, text, receipt, audience }) => local.publish(userIds, () => text, receipt, audience));
    local.onChange((userId, online) => {
      const nodes = directory.get(userId) ?? new Set();
      const before = nodes.size;
      if (online) nodes.add(self);
      else nodes.delete(self);
      if (nodes.size > 0) directory.set(userId, nodes);
      else directory.delete(userId);
      if (before === 0 || nodes.size === 0) changes.tell(userId, online);
    });
    const bus: Bus = {
      publish(userIds, compose, receipt, audience) {
        if (!userIds.some((userId) => directory.has(userId))) return;
        const packet = { userIds, text: compose(), receipt, audience };
        for (const to of arrivals) setImmediate(() => to.tell(packet));
      },
      online: async (userIds) => new Set(userIds.filter((userId) => directory.has(userId))),
      mayReach: (userId) => directory.has(userId),
      count: async () => directory.size,
      onChange: changes.add,
      onReceipt: (listener) => local.onReceipt(listener),
      invalidate(userId) {
        local.invalidate(userId);
        invalidations.forEach((to, index) => {
          if (index !== self) setImmediate(() => to.tell(userId));
        });
      },
      onInvalidate: (listener) => invalidations[self]?.add(listener) ?? (() => undefined),
    };
    return { hub, bus };
  });
}

describeBus('a bus between two nodes', async () => {
  const [here, there] = joined(2);
  if (!here || !there) throw new Error('two nodes are needed');
  return { here, there, settle: () => new Promise((resolve) => setImmediate(resolve)), close: () => Promise.resolve() };
});
