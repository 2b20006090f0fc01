/** The bus of a node that runs alone: everybody who is connected at all is connected here. */
import { createListeners } from '../listeners.ts';
import type { Bus, Hub, Receipt } from './ports.ts';

export function createLocalBus(hub: Hub): Bus {
  const receipts = createListeners<[userId: string, receipt: Receipt]>();
  const invalidations = createListeners<[userId: string]>();

  return {
    publish(userIds, compose, receipt, audience) {
      const here = userIds.filter((userId) => hub.has(userId));
      if (here.length === 0) return;
      const text = compose();
      for (const userId of here) {
        hub.send(userId, text, receipt && (() => receipts.tell(userId, receipt)), audience);
      }
    },
    online: (userIds) => Promise.resolve(new Set(userIds.filter((userId) => hub.has(userId)))),
    mayReach: (userId) => hub.has(userId),
    count: () => Promise.resolve(hub.size),
    onChange: (listener) => hub.onChange(listener),
    onReceipt: receipts.add,
    invalidate: invalidations.tell,
    onInvalidate: invalidations.add,
  };
}
