import { expect, it } from 'vitest';
import { createLocalBus } from '../../../../relay/delivery/local.ts';
import { createHub } from '../../../../relay/delivery/local-hub.ts';
import type { Connection } from '../../../../relay/delivery/ports.ts';
import { describeBus } from './bus-suite.ts';

describeBus('the bus of a node that runs alone', async () => {
  const hub = createHub(10);
  const node = { hub, bus: createLocalBus(hub) };
  return { here: node, there: node, settle: () => Promise.resolve(), close: () => Promise.resolve() };
});

it('a hub takes so many connections of a user, and one more when one has gone', () => {
  const hub = createHub(2);
  const connection = (): Connection => ({ send: () => undefined, close: () => undefined });
  const first = connection();
  expect([hub.add('anna', first), hub.add('anna', connection()), hub.add('anna', connection())]).toEqual([
    true,
    true,
    false,
  ]);
  expect([hub.size, hub.add('boris', connection())]).toEqual([1, true]);
  hub.remove('anna', first);
  expect(hub.add('anna', connection())).toBe(true);
});
