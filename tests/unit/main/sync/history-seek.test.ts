/**
 * A place in a chat whose server pages by counting: it is looked for by doubling, then by halving, and each page that is
 * asked for costs a request. Once it lies between two pages, no page outside of them is asked for.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { CHAT } from '../store/open-store.ts';
import { historyAt, idOf } from './history-world.ts';

let world: ReturnType<typeof historyAt>;
afterEach(() => world.end());

const beyond = (edge: 'older' | 'newer' | 'around', key: string | null) =>
  world.history.beyond(world.context, CHAT, edge, key);
/** Where each page began that was asked for. */
const offsets = () => world.pages().map((page) => Number(page.replace('50@', '')));

describe('a place that is looked for by counting', () => {
  it.each([
    ['the newest', 2_000, [0]],
    ['the last of the first page', 1_951, [0]],
    ['behind the first page', 1_950, [0, 40]],
    ['in the doubling', 1_700, [0, 40, 130, 320, 245, 302, 293]],
    ['far back', 700, [0, 40, 130, 320, 710, 1500, 1125, 1332, 1248, 1310, 1299]],
    ['the first of all', 1, [0, 40, 130, 320, 710, 1500, 3090, 2315, 1927, 2141, 2054, 2010, 1988]],
  ])('%s is found by these pages', async (_what, n, pages) => {
    world = historyAt(2_000, { capabilities: [] });
    expect(await beyond('around', idOf(n))).toMatchObject({ ok: true });
    expect(offsets()).toEqual(pages);
    expect(world.store.context.sql.all('SELECT 1 FROM messages WHERE id = ?', idOf(n))).toHaveLength(1);
  });

  it('older: of an interval in the past', async () => {
    world = historyAt(1_000, { capabilities: [] });
    world.here(301, 400);
    world.here(951, 1_000);
    expect(await beyond('older', idOf(350))).toMatchObject({ ok: true });
    expect(offsets()).toEqual([139, 179, 269, 459, 849, 674, 714]);
    expect(world.proven().split(' ')).toContain('237-400');
  });

  it('newer: of an interval in the past', async () => {
    world = historyAt(1_000, { capabilities: [] });
    world.here(301, 400);
    world.here(951, 1_000);
    expect(await beyond('newer', idOf(350))).toMatchObject({ ok: true });
    expect(offsets()).toEqual([0, 40, 130, 320, 710, 535, 642, 608, 591, 551]);
    expect(world.proven().split(' ')).toContain('301-465');
  });
});
