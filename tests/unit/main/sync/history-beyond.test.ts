/** What lies beyond the edge of the screen, around a message that was found, and after a send that brought no answer. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import { CHAT } from '../store/open-store.ts';
import { FREE, historyAt, idOf, nth, placeOf } from './history-world.ts';

let world: ReturnType<typeof historyAt>;
afterEach(() => world.end());
const COUNTED: Capability[] = [];

const beyond = (edge: 'older' | 'newer' | 'around', key: string | null, keptOut?: number) =>
  world.history.beyond(world.context, CHAT, edge, key, keptOut);
const NOT_FOUND = { ok: false, error: { code: 'not_found' }, gone: false };

describe('beyond an edge, by cursors', () => {
  it('older: the page before the oldest of the newest interval', async () => {
    world = historyAt(400);
    world.here(1, 10);
    world.here(301, 400);
    expect(await beyond('older', null)).toMatchObject({ ok: true, starts: false });
    expect(world.pages()).toEqual(['100<301']);
    expect(world.proven()).toBe('1-10 201-400');
  });

  it('older and newer: of the interval that holds the message at the edge', async () => {
    world = historyAt(400);
    world.here(101, 150);
    world.here(301, 400);
    await beyond('older', idOf(120));
    await beyond('newer', idOf(120));
    expect(world.pages()).toEqual(['100<101', '100>150']);
    expect(world.proven()).toBe('1-250 301-400');
  });

  it('newer: the page that reaches the next interval joins them', async () => {
    world = historyAt(400);
    world.here(101, 150);
    world.here(200, 400);
    await beyond('newer', idOf(101));
    expect(world.proven()).toBe('101-400');
  });

  it('a short page is the beginning when it goes back, and never when it goes forwards', async () => {
    world = historyAt(160);
    world.here(90, 150);
    expect(await beyond('newer', null)).toMatchObject({ ok: true, starts: false });
    expect(world.proven()).toBe('90-160');
    expect(await beyond('older', null)).toMatchObject({ ok: true, starts: true });
    expect(world.proven()).toBe('|1-160');
  });

  it('nothing is asked for where the beginning is here', async () => {
    world = historyAt(160);
    world.here(1, 150, true);
    expect(await beyond('older', null)).toEqual({ ok: true, starts: true, stored: null });
    expect(world.asked).toEqual([]);
    await beyond('newer', null);
    expect(world.pages()).toEqual(['100>150']);
  });

  it('tells no message by itself: the screen asks for its page', async () => {
    world = historyAt(400);
    world.here(301, 400);
    await beyond('older', null);
    expect(world.published.flatMap(({ messages }) => messages)).toEqual([]);
  });
});

describe('the first look into a chat', () => {
  it('begins at the last message of the list where a cursor leaves no trace', async () => {
    world = historyAt(250);
    expect(await beyond('older', null)).toMatchObject({ ok: true });
    expect(world.asked.map(({ route }) => route)).toEqual(['chats', 'history']);
    expect(world.pages()).toEqual(['100<250']);
    expect(world.proven()).toBe('150-250');
    // The last message is new to the page, what stands before it is read by its screen.
    const told = world.published.flatMap(({ messages }) => messages.flatMap(({ upserts }) => upserts));
    expect(told.map(({ key }) => key)).toEqual([idOf(250)]);
  });

  it('knows a chat that is empty from its list alone', async () => {
    world = historyAt(0);
    expect(await beyond('newer', null)).toMatchObject({ ok: true, starts: true });
    expect(world.pages()).toEqual([]);
    expect(world.store.context.sql.get('SELECT empty FROM chats')).toEqual({ empty: 1 });
  });

  it('reads the newest page where to fetch is to read: the person looks at it', async () => {
    world = historyAt(250, { capabilities: COUNTED });
    expect(await beyond('older', 'unknown')).toMatchObject({ ok: true });
    expect(world.asked.map(({ route }) => route)).toEqual(['history']);
    expect(world.pages()).toEqual(['50@0']);
  });

  it('that the server refuses is no look', async () => {
    world = historyAt(250);
    world.refuse('server_unreachable');
    expect(await beyond('older', null)).toMatchObject({
      ok: false,
      error: { code: 'server_unreachable' },
      gone: false,
    });
  });

  it('of a chat that is not listed reads nothing', async () => {
    world = historyAt(250);
    world.unlist();
    expect(await beyond('older', null)).toEqual({ ok: true, starts: false, stored: null });
    expect(world.pages()).toEqual([]);
  });
});

describe('around a message that is not here', () => {
  it('by cursors: the message, what is before it and what is after it, in one interval', async () => {
    world = historyAt(400);
    world.here(391, 400);
    expect(await beyond('around', idOf(200))).toMatchObject({ ok: true });
    expect(world.asked[0]).toEqual({ route: 'message', query: {}, params: { messageId: idOf(200) } });
    expect(world.pages()).toEqual(['50<200', '50>200']);
    expect(world.proven()).toBe('150-250 391-400');
    const told = world.published.flatMap(({ messages }) => messages.flatMap(({ upserts }) => upserts));
    expect(told.map(({ key }) => key)).toEqual([idOf(200)]);
    expect(world.published).toHaveLength(3);
  });

  it('by cursors: a message of no true time is no part of an interval', async () => {
    world = historyAt(400);
    world.all[199] = nth(200, { createdAt: '9999-12-31T23:59:59Z' });
    await beyond('around', idOf(200));
    expect(world.proven()).toBe('150-199 201-250');
  });

  it('by counting: pages are halved and doubled until the message is found', async () => {
    world = historyAt(2_000, { capabilities: COUNTED });
    world.here(1_951, 2_000);
    expect(await beyond('around', idOf(700))).toMatchObject({ ok: true });
    const pages = world.pages();
    expect(pages[0]).toBe('50@0');
    expect(pages.length).toBeLessThanOrEqual(12);
    expect(world.stored()).toMatch(/\b\d+-\d+\b/);
    expect(world.store.context.sql.all('SELECT 1 FROM messages WHERE id = ?', idOf(700))).toHaveLength(1);
  });

  it.each([1, 2, 41, 50, 51, 333, 1_000, 1_999, 2_000])(
    'by counting: number %d of two thousand is found',
    async (n) => {
      world = historyAt(2_000, { capabilities: COUNTED });
      expect(await beyond('around', idOf(n))).toMatchObject({ ok: true });
      expect(world.store.context.sql.all('SELECT 1 FROM messages WHERE id = ?', idOf(n))).toHaveLength(1);
      expect(world.pages().length).toBeLessThanOrEqual(14);
    },
  );

  it('of another chat is not found, nor is one that the server does not give', async () => {
    world = historyAt(40);
    expect(await beyond('around', 'nobody')).toMatchObject(NOT_FOUND);
    world.all[19] = { ...nth(20), chatId: 'chat2' };
    expect(await beyond('around', idOf(20))).toMatchObject(NOT_FOUND);
    expect(world.pages()).toEqual([]);
  });

  it('whose page fails fails', async () => {
    world = historyAt(400);
    let asked = 0;
    world.afterAnswer(() => {
      asked += 1;
      world.refuse('server_error');
    });
    expect(await beyond('around', idOf(200))).toMatchObject({ ok: false, error: { code: 'server_error' } });
    expect(asked).toBe(1);
    world.refuse(null);
    world.refuse('server_error');
    expect(await beyond('around', idOf(100))).toMatchObject({
      ok: false,
      error: { code: 'server_error' },
      gone: false,
    });
  });
});

describe('beyond an edge, by counting', () => {
  it('older: finds the page of the oldest, and stores the next one because they share messages', async () => {
    world = historyAt(400, { capabilities: COUNTED });
    world.here(301, 400);
    expect(await beyond('older', null)).toMatchObject({ ok: true });
    // The oldest is the hundredth from the newest; ten of the page before are asked for again.
    expect(world.pages()).toEqual(['50@89', '50@129']);
    expect(world.proven()).toBe('222-400');
  });

  it('older: of an interval in the past, whose distance from the newest nobody knows', async () => {
    world = historyAt(1_000, { capabilities: COUNTED });
    world.here(301, 400);
    world.here(951, 1_000);
    expect(await beyond('older', idOf(350))).toMatchObject({ ok: true });
    const interval = world
      .proven()
      .split(' ')
      .find((one) => one.endsWith('-400'));
    expect(Number(interval?.split('-')[0])).toBeLessThan(301);
  });

  it('newer: finds the page of the newest, and stores the one before it', async () => {
    world = historyAt(1_000, { capabilities: COUNTED });
    world.here(301, 400);
    world.here(951, 1_000);
    expect(await beyond('newer', idOf(350))).toMatchObject({ ok: true });
    const interval = world
      .proven()
      .split(' ')
      .find((one) => one.startsWith('301-'));
    expect(Number(interval?.split('-')[1])).toBeGreaterThan(400);
  });

  it('newer: at the newest page there is nothing before it', async () => {
    world = historyAt(120, { capabilities: COUNTED });
    world.here(61, 100);
    expect(await beyond('newer', null)).toMatchObject({ ok: true });
    expect(world.proven()).toMatch(/-120$/);
    expect(world.pages().every((page) => !page.includes('@-'))).toBe(true);
  });

  it('finds nothing where the server does not hold the place any more', async () => {
    world = historyAt(400, { capabilities: COUNTED });
    world.here(301, 400);
    world.all.splice(0);
    expect(await beyond('older', null)).toMatchObject({ ok: true });
    world.refuse('server_error');
    expect(await beyond('older', null)).toMatchObject({ ok: false, error: { code: 'server_error' } });
  });

  it('keeps what nobody has seen out of every page', async () => {
    world = historyAt(400, { capabilities: COUNTED });
    world.here(381, 400);
    await beyond('older', null, 40);
    expect(world.pages()).toEqual(['50@40']);
    expect(world.published.flatMap(({ messages }) => messages)).toEqual([]);
    world.asked.length = 0;
    world.here(301, 400);
    await beyond('older', null, 40);
    expect(
      world
        .pages()
        .map((page) => Number(page.split('@')[1]))
        .every((offset) => offset >= 40),
    ).toBe(true);
    expect(world.proven()).toMatch(/^2\d\d-400$/);
  });
});

describe('everything after a place', () => {
  const since = (n: number) => world.history.since(world.context, CHAT, placeOf(n));

  it('is here when the list says that nothing came', async () => {
    world = historyAt(100);
    world.here(91, 100);
    expect(await since(100)).toBe(true);
    expect(world.asked.map(({ route }) => route)).toEqual(['chats']);
    world.all.splice(0);
    expect(await since(100)).toBe(true);
    expect(world.pages()).toEqual([]);
  });

  it('is here when the interval of the last message reaches back to it, or to the beginning', async () => {
    world = historyAt(100);
    world.here(80, 100);
    expect(await since(80)).toBe(true);
    expect(world.pages()).toEqual([]);
    world.end();
    world = historyAt(100);
    world.here(1, 100, true);
    expect(await world.history.since(world.context, CHAT, { at: 0, tie: '' })).toBe(true);
    expect(world.pages()).toEqual([]);
  });

  it.each([
    ['by cursors', FREE, ['100<100']],
    ['by counting, as long as nothing is unread', COUNTED, ['50@1']],
  ])('is read otherwise: %s', async (_how, capabilities, pages) => {
    world = historyAt(100, { capabilities });
    world.here(40, 60);
    expect(await since(60)).toBe(true);
    expect(world.pages()).toEqual(pages);
    expect(world.stored()).toMatch(/-100$/);
    expect(world.stored().split(' ')).toHaveLength(1);
  });

  it('cannot be known where something is unread and to fetch is to read', async () => {
    world = historyAt(100, { capabilities: COUNTED, unread: 3 });
    world.here(40, 60);
    expect(await since(60)).toBe(false);
    expect(world.pages()).toEqual([]);
  });

  it('cannot be known where the server is away', async () => {
    world = historyAt(100);
    world.refuse('server_unreachable');
    expect(await since(50)).toBe(false);
    world.end();
    world = historyAt(100);
    world.here(40, 60);
    world.afterAnswer(() => undefined);
    const asked = since(60);
    world.refuse('server_error');
    expect(await asked).toBe(false);
  });

  it.each([
    ['by cursors not', FREE, false, []],
    ['by the newest page, where to fetch is to read and nothing is unread', COUNTED, true, ['50@0']],
  ])('of a chat that is not listed is read %s', async (_how, capabilities, knows, pages) => {
    world = historyAt(45, { capabilities });
    world.unlist();
    world.here(1, 40);
    expect(await since(40)).toBe(knows);
    expect(world.pages()).toEqual(pages);
  });
});
