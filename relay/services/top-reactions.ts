/** Which reactions are chosen most, among the latest ones: a bounded read, whatever a node holds. */
import { TOP_REACTIONS, type Statistics } from '#contract/api/admin.ts';
import type { ReactionRow } from '../records.ts';
import type { TimeList, TimePlace } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

/** Rows of one read. */
const PART = 500;

/** Others wait their turn between the parts. @param most rows that are read at most. */
export async function topReactions(
  list: Pick<TimeList<ReactionRow>, 'page'>,
  turns: Turns,
  most: number = TOP_REACTIONS.latest,
): Promise<NonNullable<Statistics['topReactions']>> {
  const counts = new Map<string, number>();
  let after: TimePlace | null = null;
  let among = 0;
  let isAll = false;
  while (among < most && !isAll) {
    if (after !== null) await turns.next();
    const wanted = Math.min(PART, most - among);
    const rows: ReactionRow[] = await list.page(after, wanted);
    for (const { emoji } of rows) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
    among += rows.length;
    after = rows.at(-1) ?? null;
    isAll = rows.length < wanted;
  }
  // Of as many, the one that was seen first is the newest.
  const emojis = [...counts].map(([emoji, count]) => ({ emoji, count })).sort((a, b) => b.count - a.count);
  return { among, isAll, emojis: emojis.slice(0, TOP_REACTIONS.shown) };
}
