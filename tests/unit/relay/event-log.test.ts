/** The log of what touched a person: numbered, told in portions, and honest about what it has lost. */
import { afterEach, describe, expect, it } from 'vitest';
import { all, createCore, EPOCH, type Core, type CoreOptions } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  afterEach(() => core.close());

  async function written(count: number, options: CoreOptions = {}, content = 'hello'): Promise<string[]> {
    core = await createCore(adapter, options);
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) ids.push(await core.send(core.anna, content));
    await core.settle();
    return ids;
  }
  const after = async (since: number, userId = 'boris') => {
    const found = await core.log.after(userId, since, core.viewsFor(userId));
    return found && { events: await all(found.events), ...found.rest() };
  };
  const seqs = (answer: Awaited<ReturnType<typeof after>>) =>
    answer?.events.map((event) => ('seq' in event ? event.seq : null));
  const run = (sql: string): Promise<void> => core.database.run(sql);

  describe('the log', () => {
    it('tells what came after a number, with the messages as they are now', async () => {
      const ids = await written(3);
      await core.messaging.react(core.boris, ids[0] ?? '', '👍');
      await core.settle();
      const told = await after(1);
      expect(told).toMatchObject({ seq: 4, epoch: EPOCH });
      expect(told && 'more' in told).toBe(false);
      expect(told?.events).toMatchObject([
        { type: 'message:new', data: { id: ids[1], content: 'hello' }, seq: 2 },
        { type: 'message:new', data: { id: ids[2] }, seq: 3 },
        { type: 'reaction:new', data: { messageId: ids[0] }, seq: 4 },
      ]);
    });

    it('keeps the same whether or not somebody is connected, and tells those who are what it has kept', async () => {
      await written(0);
      const heard = core.connect('boris');
      const id = await core.send(core.anna, 'hello');
      await core.messaging.react(core.anna, id, '👍');
      await core.settle();
      expect(heard.map((frame) => 'seq' in frame && frame.seq)).toEqual([1, 2]);
      expect((await after(0))?.events).toMatchObject(heard.map(({ type }, index) => ({ type, seq: index + 1 })));
      // Nobody of anna is connected.
      const own = await after(0, 'anna');
      const types = own?.events.map(({ type }) => type) ?? [];
      expect(types[0]).toBe('message:new');
      // Receipts share a commit a little later, which a slow machine makes before the reaction.
      expect(types.toSorted()).toEqual(['message:new', 'message:status', 'reaction:new']);
    });

    it('has nothing to tell at its end, and nothing of a number of the future', async () => {
      await written(2);
      expect(await core.log.current('boris')).toBe(2);
      expect(await after(2)).toEqual({ events: [], seq: 2, epoch: EPOCH });
      expect(await after(3)).toBeNull();
      expect(await after(0, 'clara')).toEqual({ events: [], seq: 0, epoch: EPOCH });
    });

    it('goes on in portions', async () => {
      await written(7, { perAnswer: 3 });
      const first = await after(0);
      expect([seqs(first), first?.seq, first && 'more' in first && first.more]).toEqual([[1, 2, 3], 3, true]);
      expect(seqs(await after(3))).toEqual([4, 5, 6]);
      const last = await after(6);
      expect([seqs(last), last && 'more' in last]).toEqual([[7], false]);
    });

    it('tells one event at a time at least', async () => {
      await written(2, { perAnswer: 0 });
      expect(seqs(await after(0))).toEqual([1]);
    });

    it('ends a portion once it holds enough words', async () => {
      await written(140, { perAnswer: 500 }, 'x'.repeat(4_000));
      const told = await after(0);
      // 512 K words and the one that fills them: 132 of four thousand.
      expect(told?.events.length).toBeGreaterThan(125);
      expect(told?.events.length).toBeLessThan(135);
      expect(told?.seq).toBe(told?.events.length);
      expect(told && 'more' in told && told.more).toBe(true);
    });

    it('that has lost its beginning cannot tell', async () => {
      await written(5);
      await run('DELETE FROM events WHERE seq <= 2');
      expect(await after(1)).toBeNull();
      expect(seqs(await after(2))).toEqual([3, 4, 5]);
    });

    it('that has a gap tells what stands before it, and then cannot', async () => {
      await written(5);
      await run('DELETE FROM events WHERE seq = 3');
      const told = await after(0);
      expect([seqs(told), told?.seq, told && 'more' in told && told.more]).toEqual([[1, 2], 2, true]);
      expect(await after(2)).toBeNull();
    });

    it.each([
      ['a kind of another version', `UPDATE events SET kind = 'x:y' WHERE seq = 3`],
      ['what is no JSON', `UPDATE events SET kind = 'chat:read', body = '{' WHERE seq = 3`],
      ['what makes no sense', `UPDATE events SET kind = 'chat:read', body = '{}' WHERE seq = 3`],
    ])('that holds %s tells what stands before it, and then cannot', async (_what, sql) => {
      await written(5);
      await run(sql);
      const told = await after(0);
      expect([seqs(told), told?.seq]).toEqual([[1, 2], 2]);
      expect(await after(2)).toBeNull();
      expect(seqs(await after(3))).toEqual([4, 5]);
    });

    it('passes over a message that is no more', async () => {
      const ids = await written(3);
      // As a repair by hand might leave it.
      await run(`UPDATE chats SET last_message_id = NULL`);
      await run(`DELETE FROM messages WHERE id = '${ids[1] ?? ''}'`);
      const told = await after(0);
      expect([seqs(told), told?.seq]).toEqual([[1, 3], 3]);
    });

    it('keeps nothing and numbers nothing where the node does not offer it', async () => {
      await written(0, { sync: false });
      const heard = core.connect('boris');
      await core.send(core.anna, 'hi');
      await core.settle();
      expect(await core.log.current('boris')).toBeNull();
      expect(heard).toHaveLength(1);
      expect(heard[0] && 'seq' in heard[0]).toBe(false);
      expect(await core.events.current('boris')).toBe(0);
    });
  });
});
