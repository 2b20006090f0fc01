/** How far messages have come: marks that only go forward, and what senders and readers hear of them. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerFrame } from '../../../contract/ws/server-frames.ts';
import { createCore, START, type Core, type CoreOptions } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  afterEach(() => core.close());

  /** Anna writes so many messages, a second apart, while nobody is there. */
  async function written(count: number, options: CoreOptions = {}): Promise<string[]> {
    core = await createCore(adapter, options);
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      ids.push(await core.send(core.anna, `message ${String(n)}`));
      core.pass(1_000);
    }
    await core.settle();
    return ids;
  }
  const at = (n: number) => START + n * 1_000;
  const marks = async (userId: string) => {
    const member = await core.chats.member('chat', userId);
    return [member?.deliveredAt, member?.readAt, member?.unread];
  };
  const statuses = (frames: ServerFrame[]) =>
    frames.flatMap((frame) =>
      frame.type === 'message:status' ? [[frame.data.messageId, frame.data.status, frame.data.upTo]] : [],
    );

  describe('reading', () => {
    it('tells the sender of the newest with all before it, and of some of those one by one', async () => {
      const ids = await written(6);
      const heard = core.connect('anna');
      await core.receipts.readUpTo('boris', 'chat', at(4));
      await core.settle();
      expect(await marks('boris')).toEqual([at(4), at(4), 1]);
      expect(statuses(heard)).toEqual([
        [ids[4], 'read', true],
        [ids[3], 'read', undefined],
        [ids[2], 'read', undefined],
        [ids[1], 'read', undefined],
      ]);
      // Only the first of them is kept for who comes later.
      expect(await core.log.current('anna')).toBe(6 + 1);
    });

    it('tells the reader’s own devices', async () => {
      const ids = await written(3);
      const heard = core.connect('boris');
      await core.receipts.readUpTo('boris', 'chat', at(1));
      await core.settle();
      expect(heard).toMatchObject([
        { type: 'chat:read', data: { chatId: 'chat', messageId: ids[1], unreadCount: 1 }, seq: 4 },
      ]);
    });

    it('never goes back, and what is read already is no news', async () => {
      await written(3);
      await core.receipts.readUpTo('boris', 'chat', at(2));
      await core.settle();
      const [anna, boris] = [core.connect('anna'), core.connect('boris')];
      const { commits } = core.queue;
      await core.receipts.readUpTo('boris', 'chat', at(2));
      await core.receipts.readUpTo('boris', 'chat', at(0));
      await core.settle();
      expect([anna, boris]).toEqual([[], []]);
      expect(core.queue.commits).toBe(commits);
      expect(await marks('boris')).toEqual([at(2), at(2), 0]);
    });

    it('of somebody who is no member does nothing', async () => {
      await written(1);
      const { commits } = core.queue;
      await core.receipts.readUpTo('clara', 'chat', at(0));
      expect(core.queue.commits).toBe(commits);
    });

    it('where only the published words are spoken says neither “up to” nor “read elsewhere”', async () => {
      const ids = await written(2, { extended: false });
      const [anna, boris] = [core.connect('anna'), core.connect('boris')];
      await core.receipts.readUpTo('boris', 'chat', at(1));
      await core.settle();
      expect(statuses(anna)).toEqual([
        [ids[1], 'read', undefined],
        [ids[0], 'read', undefined],
      ]);
      expect(boris).toEqual([]);
    });

    it('by fetching is noted, and fails nobody when the disk does not take it', async () => {
      await written(2);
      await core.receipts.fetchedUpTo('boris', 'chat', at(1));
      expect(await marks('boris')).toEqual([at(1), at(1), 0]);
      await core.database.fill(true);
      core.pass(1_000);
      await core.receipts.fetchedUpTo('boris', 'chat', at(5));
      expect(core.failures.length).toBeGreaterThan(0);
      await expect(core.receipts.readUpTo('boris', 'chat', at(5))).rejects.toThrow();
      await core.database.fill(false);
    });
  });

  describe('delivery', () => {
    it('of what a connection took is noted in one write for a burst, and told once', async () => {
      const ids = await written(3);
      const heard = core.connect('anna');
      const { commits } = core.queue;
      core.receipts.received('boris', 'chat', at(1));
      core.receipts.received('boris', 'chat', at(2));
      core.receipts.received('boris', 'chat', at(0));
      await core.settle();
      expect(core.queue.commits).toBe(commits + 1);
      expect(await marks('boris')).toEqual([at(2), 0, 3]);
      expect(statuses(heard).map(([id, status]) => [id, status])).toEqual([
        [ids[2], 'delivered'],
        [ids[1], 'delivered'],
        [ids[0], 'delivered'],
      ]);
      core.receipts.received('boris', 'chat', at(2) + 1);
      await core.settle();
      expect(core.queue.commits).toBe(commits + 2);
    });

    it('of messages that follow each other quickly is noted at once, then together, and whole when the node stops', async () => {
      await written(4, { shareMs: 1e9 });
      const { commits } = core.queue;
      core.receipts.received('boris', 'chat', at(0));
      await core.settle();
      expect((await marks('boris'))[0]).toBe(at(0));
      core.receipts.received('boris', 'chat', at(1));
      core.receipts.received('boris', 'chat', at(2));
      await core.settle();
      expect((await marks('boris'))[0], 'still waits for more').toBe(at(0));
      core.receipts.close();
      await core.settle();
      expect((await marks('boris'))[0]).toBe(at(2));
      core.receipts.received('boris', 'chat', at(3));
      await core.settle();
      expect((await marks('boris'))[0], 'nothing waits any more').toBe(at(3));
      expect(core.queue.commits).toBe(commits + 3);
    });

    it('of several people and chats in one burst is kept apart', async () => {
      await written(2);
      core.receipts.received('boris', 'chat', at(0));
      core.receipts.received('anna', 'chat', at(1));
      await core.settle();
      expect([(await marks('boris'))[0], (await marks('anna'))[0]]).toEqual([at(0), at(1)]);
    });

    it('that the disk did not take is tried again, nothing forgotten', async () => {
      await written(2);
      await core.database.fill(true);
      core.receipts.received('boris', 'chat', at(1));
      await core.settle();
      expect((await marks('boris'))[0]).toBe(0);
      await core.database.fill(false);
      core.late.retry();
      await core.settle();
      expect((await marks('boris'))[0]).toBe(at(1));
    });

    it('of everything that waits is noted when the person comes', async () => {
      await written(2);
      for (let n = 0; n < 45; n += 1) {
        const other = await core.person(`p${String(n)}`);
        const { value } = await core.messaging.openChat(other, 'boris');
        await core.messaging.send(other, { chatId: value.id, content: 'hi' });
      }
      const { commits } = core.queue;
      await core.receipts.receivedAll('boris');
      expect((await core.chats.undelivered('boris', null, 100)).found).toEqual([]);
      // Twenty chats a write: forty-six of them.
      expect(core.queue.commits - commits).toBe(3);
      await core.receipts.receivedAll('boris');
      expect(core.queue.commits - commits).toBe(3);
    });

    it('of chats that were fetched is noted up to their last message', async () => {
      await written(2);
      const chat = await core.chats.find('chat');
      await core.receipts.receivedChats('boris', chat ? [chat] : []);
      expect(await marks('boris')).toEqual([at(1), 0, 2]);
      const { commits } = core.queue;
      await core.receipts.receivedUpTo('boris', 'chat', at(1));
      await core.receipts.receivedUpTo('clara', 'chat', at(1));
      expect(core.queue.commits).toBe(commits);
    });

    it('of one’s own messages tells nobody', async () => {
      await written(2);
      const heard = core.connect('anna');
      core.receipts.received('anna', 'chat', at(1));
      await core.settle();
      expect(heard).toEqual([]);
    });

    it('of what has been read is no step', async () => {
      await written(2);
      await core.receipts.readUpTo('boris', 'chat', at(1));
      await core.settle();
      const heard = core.connect('anna');
      core.receipts.received('boris', 'chat', at(1));
      await core.settle();
      expect(heard).toEqual([]);
    });
  });
});
