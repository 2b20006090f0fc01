/** How often each emoji was chosen, as kept, against counting the reactions: on each database. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { ReactionRow } from '../../../relay/records.ts';
import { createChanges, emojisOf } from '../../../relay/repositories/sql/changes.ts';
import { createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

describe('what writes change in the totals of the emojis', () => {
  const changesOf = (...reactions: [id: string, emoji: string, change: number][]) => {
    const changes = createChanges();
    for (const [id, emoji, change] of reactions) changes.tally('reactions', change, START, { id, emoji });
    return changes;
  };
  const partOf = (id: string): number => id.length;

  test('is told by emoji and part, in one order, for all writes together', () => {
    const writes = [changesOf(['bb', 'y', 1], ['b', 'y', 1], ['c', 'x', -1]), changesOf(['d', 'y', 1])];
    expect(emojisOf(writes, partOf)).toEqual([
      { emoji: 'x', part: 1, change: -1 },
      { emoji: 'y', part: 1, change: 2 },
      { emoji: 'y', part: 2, change: 1 },
    ]);
  });

  test('leaves out what came and went, and what is no reaction', () => {
    const other = createChanges();
    other.tally('messages', 1, START);
    expect(emojisOf([changesOf(['a', 'x', 1]), changesOf(['a', 'x', -1]), other], partOf)).toEqual([]);
    expect(other.all()).toEqual([{ name: 'messages', hour: START / 3_600_000, change: 1 }]);
  });
});

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  beforeEach(async () => {
    core = await createCore(adapter);
  });
  afterEach(() => core.close());

  const kept = (limit = 100_000) => core.reads.totals.emojis(limit);
  /** The same from the rows. */
  async function counted(): Promise<{ emoji: string; count: number }[]> {
    const counts = new Map<string, number>();
    for (const { emoji } of await core.reactions.page(null, 100_000)) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
    return [...counts]
      .map(([emoji, count]) => ({ emoji, count }))
      .sort((a, b) => b.count - a.count || Buffer.compare(Buffer.from(a.emoji), Buffer.from(b.emoji)));
  }
  let made = 0;
  /** Stored as it is, whatever emojis the node offers. */
  const reaction = (messageId: string, emoji: string): ReactionRow => {
    made += 1;
    // Ends in each of the characters in which ids end.
    return { id: `r${made}${(made % 36).toString(36)}`, messageId, userId: 'clara', emoji, createdAt: START + made };
  };

  it('they are what counting says, after whatever came, went, failed or happened at once', async () => {
    const emoji = fc.oneof(
      fc.constantFrom('👍', '❤️', '👎'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
    );
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('offered', 'fail', 'several'), emoji }),
      fc.record({ kind: fc.constantFrom('unreact', 'any', 'swap'), emoji }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), async (rounds) => {
        for (const round of rounds) {
          const rows = await core.reactions.page(null, 100);
          await Promise.all(
            round.map(async ({ kind, emoji: any }, index) => {
              // PostgreSQL stores no such character, and the API takes none but those that are offered.
              const chosen = any.replaceAll('\0', '0');
              const messageId = await core.send(core.anna, 'hello');
              const old = rows[index];
              if (kind === 'offered') await core.messaging.react(core.boris, messageId, index % 2 ? '👍' : '❤️');
              if (kind === 'any') await core.write((tx) => tx.reactions.insert(reaction(messageId, chosen)));
              if (kind === 'several') {
                await core.write(async (tx) => {
                  for (const one of new Set([chosen, '👍', `${chosen}+`]))
                    await tx.reactions.insert(reaction(messageId, one));
                });
              }
              if (kind === 'unreact' && old) await core.write((tx) => tx.reactions.remove(old.id));
              if (kind === 'swap' && old) {
                await core.write(async (tx) => {
                  await tx.reactions.remove(old.id);
                  // Twice is once.
                  await tx.reactions.remove(old.id);
                  await tx.reactions.insert(reaction(messageId, chosen));
                });
              }
              if (kind === 'fail') {
                const broken = core.write(async (tx) => {
                  await tx.reactions.insert(reaction(messageId, chosen));
                  throw new Error('as it must');
                });
                await expect(broken).rejects.toThrow('as it must');
              }
            }),
          );
          expect(await kept()).toEqual(await counted());
        }
        // What is chosen no more has no row.
        const rest = await core.reactions.page(null, 1000);
        await Promise.all(rest.map(({ id }) => core.write((tx) => tx.reactions.remove(id))));
        expect(await kept()).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  it('one that is given, and taken back, several times at once counts once', async () => {
    const message = await core.send(core.anna, 'hello');
    const given = await Promise.all([1, 2, 3].map(() => core.messaging.react(core.boris, message, '👍')));
    expect(await kept()).toEqual([{ emoji: '👍', count: 1 }]);
    const [{ value } = { value: { id: '' } }] = given;
    await core.messaging.react(core.anna, message, '👍');
    const taken = [1, 2, 3].map(() => core.messaging.unreact(core.boris, message, value.id));
    expect((await Promise.allSettled(taken)).filter(({ status }) => status === 'fulfilled')).not.toEqual([]);
    expect([await kept(), await counted()]).toEqual([[{ emoji: '👍', count: 1 }], [{ emoji: '👍', count: 1 }]]);
  });

  it('are so many at most, and of as many those whose bytes come first', async () => {
    const message = await core.send(core.anna, 'hello');
    await core.write(async (tx) => {
      for (const emoji of ['c', 'b', 'a', '👍']) await tx.reactions.insert(reaction(message, emoji));
    });
    const second = await core.send(core.anna, 'hello again');
    await core.write((tx) => tx.reactions.insert(reaction(second, '👍')));
    expect(await kept(3)).toEqual([
      { emoji: '👍', count: 2 },
      { emoji: 'a', count: 1 },
      { emoji: 'b', count: 1 },
    ]);
  });
});
