import { describe, expect, test } from 'vitest';
import { TOP_REACTIONS } from '../../../contract/api/admin.ts';
import type { ReactionRow } from '../../../relay/records.ts';
import type { TimePlace } from '../../../relay/repositories/ports.ts';
import { topReactions } from '../../../relay/services/top-reactions.ts';
import { createTurns } from '../../../relay/turns.ts';

/** A list of these emojis, newest first, that counts what is read of it. */
function listOf(emojis: readonly string[]) {
  const rows = emojis.map((emoji, n): ReactionRow => {
    return { id: `r${String(n)}`, messageId: 'm', userId: 'u', emoji, createdAt: 1_000_000 - n };
  });
  const seen = { rows: 0, reads: 0 };
  const page = async (after: TimePlace | null, limit: number): Promise<ReactionRow[]> => {
    const from = after === null ? 0 : rows.findIndex(({ id }) => id === after.id) + 1;
    const part = rows.slice(from, from + limit);
    seen.rows += part.length;
    seen.reads += 1;
    return part;
  };
  return { page, seen };
}
const top = (emojis: readonly string[], most?: number) => topReactions(listOf(emojis), createTurns(), most);
const times = (emoji: string, count: number): string[] => Array.from({ length: count }, () => emoji);

describe('the reactions that are chosen most', () => {
  test('come with the most frequent first, and those of the same number with the newest', async () => {
    expect(await top(['🎉', '👍', '😂', '👍'])).toEqual({
      among: 4,
      isAll: true,
      emojis: [
        { emoji: '👍', count: 2 },
        { emoji: '🎉', count: 1 },
        { emoji: '😂', count: 1 },
      ],
    });
  });

  test('are none where nobody reacted', async () => {
    expect(await top([])).toEqual({ among: 0, isAll: true, emojis: [] });
  });

  test('are so many at most', async () => {
    const many = Array.from({ length: TOP_REACTIONS.shown + 5 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    expect((await top(many)).emojis).toHaveLength(TOP_REACTIONS.shown);
  });

  test.each([
    [499, true],
    [500, true],
    [501, true],
    [1199, true],
    [1200, false],
    [5000, false],
  ])('of %i, at most 1,200 are read, in parts; all of them: %s', async (count, isAll) => {
    const list = listOf([...times('👍', 3), ...times('😂', count - 3)]);
    const found = await topReactions(list, createTurns(), 1200);
    const among = Math.min(count, 1200);
    expect(found).toEqual({
      ...{ among, isAll },
      emojis: [
        { emoji: '😂', count: among - 3 },
        { emoji: '👍', count: 3 },
      ],
    });
    expect([list.seen.rows, list.seen.reads]).toEqual([among, expect.any(Number)]);
    expect(list.seen.reads).toBeLessThanOrEqual(Math.ceil(among / 500) + 1);
  });
});
