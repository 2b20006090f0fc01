import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PAGES_OF_A_STEP, USUAL } from '../../../../electron/main/services/backfill/backfill.ts';
import { backOff } from '../../../../electron/main/services/backfill/timing.ts';
import { parseQuery } from '../../../../electron/main/lib/search-query.ts';
import { reach } from '../../../../electron/main/services/store/ops/reach-operations.ts';
import { BackfillWorld } from './backfill-world.ts';

let world: BackfillWorld;
beforeEach(() => void (world = new BackfillWorld()));
afterEach(() => world.close());

const ANYWHERE = { query: parseQuery('word'), chatId: null };

describe('older history', () => {
  it('is read page by page until every chat is wholly here, and then nothing runs any more', async () => {
    world.chat('long', 450);
    world.chat('short', 120, { newest: 300 });
    world.backfill.live();
    await world.pass(60);
    expect([world.here('long'), world.here('short')]).toEqual([450, 120]);
    expect(world.most).toBe(1);
    expect(world.asked.every(({ query }) => query.before !== undefined)).toBe(true);
    const gaps = world.asked.slice(1).map(({ at }, n) => at - (world.asked[n]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
    expect(world.clock.pending).toBe(0);
    const asked = world.asked.length;
    world.backfill.wake();
    await world.pass(60);
    expect(world.asked).toHaveLength(asked);
    expect(world.clock.pending).toBe(0);
  });

  it('begins with what is newest, over all chats', async () => {
    world.chat('old', 500, { newest: 500 });
    world.chat('new', 500, { newest: 5000 });
    world.backfill.live();
    await world.pass(13);
    expect(world.asked.map(({ chatId }) => chatId)).toEqual(['new', 'new', 'new', 'new']);
  });

  it('goes on where the last run ended', async () => {
    world.chat('a', 450);
    world.backfill.live();
    await world.pass(11);
    const half = world.here('a');
    expect(half).toBeLessThan(450);
    world.isLive = false;
    await world.pass(30);
    expect(world.here('a')).toBe(half);
    expect(world.clock.pending).toBe(0);
    world.isLive = true;
    world.backfill.live();
    await world.pass(30);
    expect(world.here('a')).toBe(450);
    expect(new Set(world.asked.map(({ query }) => query.before)).size).toBe(world.asked.length);
  });

  it('waits while somebody does something', async () => {
    world.chat('a', 450);
    world.backfill.live();
    for (let n = 0; n < 10; n += 1) {
      world.backfill.touched();
      await world.pass(4);
    }
    expect(world.asked).toHaveLength(0);
    await world.pass(20);
    expect(world.here('a')).toBe(450);
  });

  it('rests on battery, looking once a minute', async () => {
    world.chat('a', 450);
    world.onBattery = true;
    world.backfill.live();
    await world.pass(300);
    expect(world.asked).toHaveLength(0);
    world.onBattery = false;
    await world.pass(70);
    expect(world.here('a')).toBe(450);
  });

  it('is not read when the person does not want it, and is when they do', async () => {
    world.chat('a', 450);
    world.olderMessages = 'off';
    world.backfill.live();
    await world.pass(100);
    expect([world.asked.length, world.clock.pending]).toEqual([0, 0]);
    world.olderMessages = 'all';
    world.backfill.wake();
    await world.pass(30);
    expect(world.here('a')).toBe(450);
  });

  it('ends at the bound of a chat, which "everything" does not have', async () => {
    world.chat('a', 450);
    // As if nearly the bound of older ones were here: they only count.
    world.store.context.sql.run(
      `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n <= ${USUAL.ofAChat - 150})
       INSERT INTO messages (row, key, chat_id, at, tie, sender_id, mine, content, created_at)
         SELECT n, 'f' || n, 'a', -n, '', 'x', 0, '', 0 FROM n`,
    );
    world.backfill.live();
    await world.pass(60);
    expect(world.asked).toHaveLength(2);
    expect(world.clock.pending).toBe(0);
    world.olderMessages = 'all';
    world.backfill.wake();
    await world.pass(60);
    expect(world.asked.length).toBeGreaterThan(3);
  });

  it('ends at the bound of the whole store, which "everything" does not have', async () => {
    world.chat('a', 450);
    world.bytes = USUAL.bytes;
    world.backfill.live();
    await world.pass(60);
    expect(world.asked).toHaveLength(0);
    world.olderMessages = 'all';
    world.backfill.wake();
    await world.pass(60);
    expect(world.here('a')).toBe(450);
  });

  it('is asked for less and less often by a server that cannot', async () => {
    world.chat('a', 450);
    world.refusal = { code: 'server_error', message: 'no' };
    world.backfill.live();
    await world.pass(3600);
    expect(world.asked.length).toBeLessThan(10);
    expect(world.asked.length).toBeGreaterThan(4);
    world.refusal = null;
    await world.pass(1800);
    expect(world.here('a')).toBe(450);
  });

  it('waits as long as the server says', async () => {
    world.chat('a', 450);
    world.refusal = { code: 'rate_limited', message: 'later', retryAfterMs: 600_000 };
    world.backfill.live();
    await world.pass(600);
    expect(world.asked).toHaveLength(1);
  });

  it.each([
    ['a server that answers the same again and again', () => (world.repeats = true)],
    ['a chat that the server does not show', () => (world.refusal = { code: 'not_found', message: 'gone' })],
  ])('is given up at %s', async (_what, spoil) => {
    world.chat('a', 450);
    spoil();
    world.backfill.live();
    await world.pass(600);
    expect(world.asked.length).toBeLessThan(4);
    expect(world.clock.pending).toBe(0);
  });
});

describe('a server where a look counts as reading', () => {
  it.each([[['cursors' as const]], [[]]])(
    'keeps unread chats untouched until they are read: %j',
    async (capabilities) => {
      world.capabilities = capabilities;
      world.chat('unread', 300, { unread: 3 });
      world.chat('seen', 300, { newest: 200 });
      world.chat('written', 300, { newest: 100 });
      for (const n of [1, 2, 3]) world.write('written', 100 + n);
      world.backfill.live();
      await world.pass(60);
      expect(new Set(world.asked.map(({ chatId }) => chatId))).toEqual(new Set(['seen', 'written']));
      expect([world.here('seen'), world.here('written')]).toEqual([300, 303]);
      // Not even the page that holds the newest message: another may come before it at this moment.
      expect(world.asked.filter(({ query }) => query.offset === 0)).toEqual([]);
      const pressed = await world.backfill.further(ANYWHERE);
      expect(pressed).toMatchObject({ ok: true, value: { added: 0, reach: { spared: 1, next: null } } });
      world.store.context.sql.run("UPDATE chats SET unread = 0 WHERE id = 'unread'");
      world.backfill.touched();
      await world.pass(60);
      expect(world.here('unread')).toBe(300);
    },
  );
});

describe('what a search asks for', () => {
  it('is read at once, a bounded piece for each press, on battery and whatever the setting', async () => {
    world.chat('a', 2000);
    world.onBattery = true;
    world.olderMessages = 'off';
    const first = await world.backfill.further(ANYWHERE);
    expect(world.asked).toHaveLength(PAGES_OF_A_STEP);
    expect(first).toMatchObject({ ok: true, value: { added: 500, reach: { complete: 0 } } });
    for (let presses = 0; presses < 4; presses += 1) await world.backfill.further(ANYWHERE);
    expect(await world.backfill.further(ANYWHERE)).toMatchObject({
      value: { added: 0, reach: { complete: 1, since: null, next: null } },
    });
    expect(world.here('a')).toBe(2000);
  });

  it('stays in its chats, and waits for the page under way', async () => {
    world.chat('a', 450);
    world.chat('b', 450, { newest: 9000 });
    world.backfill.live();
    world.clock.advance(10_000);
    await world.backfill.further({ query: parseQuery('word'), chatId: 'a' });
    expect(world.asked.filter(({ chatId }) => chatId === 'b').length).toBeLessThanOrEqual(1);
    expect(world.here('a')).toBe(450);
    expect(world.most).toBe(1);
  });

  it('needs the connection, and says what the server says', async () => {
    world.chat('a', 450);
    world.isLive = false;
    const here = await world.backfill.reach(ANYWHERE, async (input) => reach(world.store.context, input));
    expect(here).toMatchObject({ chats: 1, complete: 0, next: null });
    expect(await world.backfill.further(ANYWHERE)).toMatchObject({ ok: false, error: { code: 'offline' } });
    world.isLive = true;
    world.refusal = { code: 'rate_limited', message: 'later' };
    expect(await world.backfill.further(ANYWHERE)).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
  });
});

it('the wait after a failure doubles, is spread, heeds the server, and has an end', () => {
  expect([1, 2, 3, 50].map((tries) => backOff(tries, 1))).toEqual([30_000, 60_000, 120_000, 1_800_000]);
  expect(backOff(1, 0)).toBe(15_000);
  expect(backOff(1, 0, 100_000)).toBe(100_000);
  expect(backOff(1, 0, 1e12)).toBe(1_800_000);
});
