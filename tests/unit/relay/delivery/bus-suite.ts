/**
 * What every bus must do. An adapter runs through it by `describeBus`: with a node that runs alone `here` and `there` are
 * the same, with several nodes they are two of them, and nothing else differs.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Audience, Bus, Connection, Hub, Receipt } from '../../../../relay/delivery/ports.ts';

export interface BusNode {
  hub: Hub;
  bus: Bus;
}

/** The nodes of one world. */
export interface BusWorld {
  here: BusNode;
  there: BusNode;
  /** Resolves when everything published has arrived, and everybody knows who is connected. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface Socket extends Connection {
  heard: string[];
}

/** @param takes false: the system never accepts what was sent. */
function socket(takes = true, device: string | null = null): Socket {
  const heard: string[] = [];
  return {
    heard,
    send(text, onSent) {
      heard.push(text);
      if (takes) onSent?.();
    },
    close: () => undefined,
    isNamed: (name) => name === device,
  };
}

/** @param open makes the nodes of a test. */
export function describeBus(name: string, open: () => Promise<BusWorld>): void {
  describe(name, () => {
    let world: BusWorld;
    /** The two nodes, or the one. */
    let nodes: BusNode[];
    beforeEach(async () => {
      world = await open();
      nodes = [...new Set([world.here, world.there])];
    });
    afterEach(() => world.close());

    const connect = async (node: BusNode, userId: string, takes = true): Promise<Socket> => {
      const made = socket(takes);
      expect(node.hub.add(userId, made)).toBe(true);
      await world.settle();
      return made;
    };
    const named = async (node: BusNode, userId: string, device: string): Promise<Socket> => {
      const made = socket(true, device);
      node.hub.add(userId, made);
      await world.settle();
      return made;
    };
    const publish = async (node: BusNode, userIds: string[], text: string, receipt?: Receipt): Promise<void> => {
      node.bus.publish(userIds, () => text, receipt);
      await world.settle();
    };

    it('reaches every connection of those who are named, on whichever node, and nobody else', async () => {
      const anna = [await connect(world.here, 'anna'), await connect(world.there, 'anna')];
      const boris = await connect(world.there, 'boris');
      const clara = await connect(world.there, 'clara');
      await publish(world.here, ['anna', 'boris', 'nobody'], 'one');
      await publish(world.there, ['anna'], 'two');
      expect(anna.map(({ heard }) => heard)).toEqual([
        ['one', 'two'],
        ['one', 'two'],
      ]);
      expect([boris.heard, clara.heard]).toEqual([['one'], []]);
    });

    it('reaches only the connections that a frame is for, by their names', async () => {
      const [phone, laptop] = [await named(world.here, 'anna', 'phone'), await named(world.there, 'anna', 'laptop')];
      const unnamed = await connect(world.there, 'anna');
      const send = async (text: string, audience: Audience): Promise<void> => {
        world.here.bus.publish(['anna'], () => text, undefined, audience);
        await world.settle();
      };
      await send('to the laptop', { only: 'laptop' });
      await send('to the others', { except: ['laptop'] });
      await send('to nobody', { only: 'laptop', except: ['laptop'] });
      expect([phone.heard, laptop.heard, unnamed.heard]).toEqual([
        ['to the others'],
        ['to the laptop'],
        ['to the others'],
      ]);
      expect([world.there.hub.hasNamed('anna', 'laptop'), world.here.hub.hasNamed('anna', 'laptop')]).toEqual(
        world.here.hub === world.there.hub ? [true, true] : [true, false],
      );
    });

    it('keeps the order of one node’s frames for a user', async () => {
      const boris = await connect(world.there, 'boris');
      const texts = Array.from({ length: 200 }, (_, index) => String(index));
      for (const text of texts) world.here.bus.publish(['boris'], () => text);
      await world.settle();
      expect(boris.heard).toEqual(texts);
    });

    it('makes no text for those who are not connected, and one for all who are', async () => {
      await connect(world.there, 'boris');
      await connect(world.there, 'clara');
      let made = 0;
      const compose = (): string => String((made += 1));
      world.here.bus.publish(['anna', 'nobody'], compose);
      world.here.bus.publish([], compose);
      await world.settle();
      expect(made).toBe(0);
      world.here.bus.publish(['boris', 'clara', 'anna'], compose);
      expect(made, 'at once: what it reads may change').toBe(1);
      await world.settle();
      expect(made).toBe(1);
    });

    it('keeps nothing for those who come later, and brings nothing to those who have gone', async () => {
      await publish(world.here, ['anna'], 'early');
      const anna = await connect(world.there, 'anna');
      await publish(world.here, ['anna'], 'now');
      world.there.hub.remove('anna', anna);
      await world.settle();
      await publish(world.here, ['anna'], 'late');
      expect(anna.heard).toEqual(['now']);
    });

    it('knows who is connected to any node, for many at once, from every node', async () => {
      const anna = await connect(world.here, 'anna');
      await connect(world.there, 'boris');
      await connect(world.here, 'boris');
      for (const { bus } of nodes) {
        expect(await bus.online(['anna', 'boris', 'clara'])).toEqual(new Set(['anna', 'boris']));
        expect(await bus.online(['clara'])).toEqual(new Set());
        expect(await bus.online([])).toEqual(new Set());
        expect(await bus.count(), 'users, not connections').toBe(2);
      }
      world.here.hub.remove('anna', anna);
      await world.settle();
      for (const { bus } of nodes) {
        expect(await bus.online(['anna', 'boris'])).toEqual(new Set(['boris']));
        expect(await bus.count()).toBe(1);
      }
    });

    it('never says of somebody who is connected that a frame would reach nobody', async () => {
      await connect(world.there, 'anna');
      expect(nodes.map(({ bus }) => bus.mayReach('anna'))).toEqual(nodes.map(() => true));
    });

    it('tells one node of the first connection and of the end of the last one, of none in between', async () => {
      const told: string[] = [];
      for (const { bus } of nodes) bus.onChange((userId, online) => told.push(`${userId} ${online ? 'on' : 'off'}`));
      const first = await connect(world.here, 'anna');
      const second = await connect(world.there, 'anna');
      world.here.hub.remove('anna', first);
      await world.settle();
      expect(told).toEqual(['anna on']);
      world.there.hub.remove('anna', second);
      world.there.hub.remove('anna', second);
      await world.settle();
      expect(told).toEqual(['anna on', 'anna off']);
    });

    it('reports a receipt once for each user, on the node whose connection accepted the frame', async () => {
      const told: [node: number, userId: string, receipt: Receipt][] = [];
      nodes.forEach(({ bus }, index) => bus.onReceipt((userId, receipt) => told.push([index, userId, receipt])));
      await connect(world.there, 'anna');
      await connect(world.there, 'anna');
      await connect(world.there, 'boris');
      const receipt = { chatId: 'chat', upTo: 1_800_000_000_000 };
      await publish(world.here, ['anna', 'boris', 'nobody'], 'text', receipt);
      const index = nodes.indexOf(world.there);
      expect(told).toEqual([
        [index, 'anna', receipt],
        [index, 'boris', receipt],
      ]);
    });

    it('reports none for a frame that nobody accepted, and none for a frame without', async () => {
      const told: string[] = [];
      for (const { bus } of nodes) bus.onReceipt((userId) => told.push(userId));
      const deaf = await connect(world.there, 'anna', false);
      await connect(world.there, 'boris');
      await publish(world.here, ['anna'], 'text', { chatId: 'chat', upTo: 1 });
      await publish(world.here, ['boris'], 'text');
      expect([deaf.heard, told]).toEqual([['text'], []]);
    });

    it('tells every node once that a user has changed, itself before the call returns', async () => {
      const told = nodes.map((): string[] => []);
      nodes.forEach(({ bus }, index) => bus.onInvalidate((userId) => told[index]?.push(userId)));
      world.here.bus.invalidate('anna');
      expect(told[nodes.indexOf(world.here)]).toEqual(['anna']);
      await world.settle();
      expect(told).toEqual(nodes.map(() => ['anna']));
    });

    it('ends each subscription by its own undo', async () => {
      const told: string[] = [];
      const hear = (userId: string): void => void told.push(userId);
      const { bus } = world.there;
      const undo = [bus.onChange(hear), bus.onReceipt(hear), bus.onInvalidate(hear)];
      const kept = bus.onInvalidate(hear);
      for (const end of undo) end();
      await connect(world.there, 'anna');
      await publish(world.here, ['anna'], 'text', { chatId: 'chat', upTo: 1 });
      expect(told).toEqual([]);
      bus.invalidate('boris');
      expect(told).toEqual(['boris']);
      kept();
    });

    it('survives a connection that closes itself while it is written to', async () => {
      const anna = await connect(world.there, 'anna');
      const slow: Connection = {
        send: () => world.there.hub.remove('anna', slow),
        close: () => undefined,
      };
      world.there.hub.add('anna', slow);
      const other = await connect(world.there, 'anna');
      await publish(world.here, ['anna'], 'text');
      expect([anna.heard, other.heard]).toEqual([['text'], ['text']]);
    });
  });
}
