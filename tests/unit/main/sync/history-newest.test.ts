/** The newest messages of a chat, read down to what is proven. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../../contract/api/capabilities.ts';
import { CHAT } from '../store/open-store.ts';
import { historyAt, idOf, nth, placeOf } from './history-world.ts';

type World = ReturnType<typeof historyAt>;
type How = Parameters<World['history']['newest']>[2];

let world: World;
afterEach(() => world.end());
const COUNTED: Capability[] = [];
const messageCursor = (n: number) => ({ ...placeOf(n), id: idOf(n) });
const newest = (how: Partial<How> = {}) =>
  world.history.newest(world.context, CHAT, { last: null, downTo: null, isFirst: false, for: 'seen', ...how });

describe('by cursors', () => {
  it('is read from the last message on, page by page, until an interval that was proven is met', async () => {
    world = historyAt(250);
    world.here(1, 60);
    world.here(250, 250);
    const end = await newest({ last: messageCursor(250) });
    expect(world.pages()).toEqual(['100<250', '100<150']);
    expect([world.stored(), world.proven()]).toEqual(['1-250', '1-250']);
    expect(end).toMatchObject({ ok: true, starts: false, stored: { met: true } });
  });

  it('reads one page of a chat that is met for the first time', async () => {
    world = historyAt(250);
    world.here(250, 250);
    const end = await newest({ last: messageCursor(250), isFirst: true });
    expect(world.pages()).toEqual(['100<250']);
    expect(world.proven()).toBe('150-250');
    expect(end).toMatchObject({ ok: true, starts: false });
  });

  it('ends at the beginning of the chat, which a short page is', async () => {
    world = historyAt(120);
    world.here(120, 120);
    const end = await newest({ last: messageCursor(120) });
    expect(world.pages()).toEqual(['100<120', '100<20']);
    expect(world.proven()).toBe('|1-120');
    expect(end).toMatchObject({ ok: true, starts: true });
  });

  it('reads down to a place, and no further, whatever it meets', async () => {
    world = historyAt(400);
    world.here(395, 400);
    const end = await newest({ last: messageCursor(400), downTo: placeOf(250) });
    expect(world.pages()).toEqual(['100<400', '100<300']);
    expect([world.stored(), world.proven()]).toEqual(['200-400', '200-400']);
    expect(end).toMatchObject({ ok: true, starts: false });
  });

  it('leaves a gap after twenty pages', async () => {
    world = historyAt(2_500);
    world.here(2_500, 2_500);
    const end = await newest({ last: messageCursor(2_500) });
    expect(world.pages()).toHaveLength(20);
    expect(world.logger.of('history.left_a_gap')).toMatchObject([{ fields: { chatId: CHAT, pages: 20 } }]);
    expect(end).toEqual({ ok: true, starts: false, stored: null });
  });

  it('asks for nothing without a last message', async () => {
    world = historyAt(10);
    expect(await newest({ for: 'person' })).toEqual({ ok: true, starts: false, stored: null });
    expect(world.asked).toEqual([]);
  });

  it('is told to the page as far as it changes what is shown: the first page, not those behind it', async () => {
    world = historyAt(250);
    world.here(250, 250);
    await newest({ last: messageCursor(250), downTo: placeOf(100) });
    const told = world.published.map(({ messages }) => messages.flatMap(({ upserts }) => upserts).length);
    expect(told).toEqual([100, 0]);
  });

  it('on the first reading tells no message by itself', async () => {
    world = historyAt(250);
    world.here(250, 250);
    await newest({ last: messageCursor(250), isFirst: true });
    expect(world.published.flatMap(({ messages }) => messages)).toEqual([]);
    expect(world.published.flatMap(({ chats }) => chats.map(({ id }) => id))).toEqual([CHAT]);
  });
});

describe('by counting', () => {
  it.each(['nobody', 'seen'] as const)(
    'nothing is fetched for %s without a last message: to fetch is to read',
    async (who) => {
      world = historyAt(100, { capabilities: COUNTED });
      expect(await newest({ for: who })).toEqual({ ok: true, starts: false, stored: null });
      expect(world.asked).toEqual([]);
    },
  );

  it('nothing is fetched for nobody, though there is a last message', async () => {
    world = historyAt(100, { capabilities: COUNTED });
    expect(await newest({ for: 'nobody', last: messageCursor(100) })).toEqual({
      ok: true,
      starts: false,
      stored: null,
    });
    expect(world.asked).toEqual([]);
  });

  it('what nobody asks for begins behind the last message, so that one that arrives now is not read', async () => {
    world = historyAt(200, { capabilities: COUNTED });
    world.here(1, 30);
    world.here(200, 200);
    const end = await newest({ last: messageCursor(200) });
    expect(world.pages()).toEqual(['50@1', '50@41', '50@81', '50@121']);
    expect(world.proven()).toBe('1-200');
    expect(end).toMatchObject({ ok: true });
  });

  it('what the person looks at begins with the newest', async () => {
    world = historyAt(200, { capabilities: COUNTED });
    await newest({ for: 'person', isFirst: true });
    expect(world.pages()).toEqual(['50@0']);
    expect(world.proven()).toBe('151-200');
  });

  it('claims nothing over a page that shares no message with the one before, and steps back until it does', async () => {
    world = historyAt(200, { capabilities: COUNTED });
    // Messages are taken away between two pages: everything moves up by fifteen.
    world.afterAnswer(() => void world.all.splice(60, 15));
    world.afterAnswer(() => undefined);
    world.here(1, 20);
    await newest({ for: 'person', downTo: placeOf(30) });
    expect(world.pages().slice(0, 4)).toEqual(['50@0', '50@40', '50@80', '50@120']);
    expect(world.proven()).toBe('1-200');
  });

  it('steps back by as much as pages overlap when a gap has opened', async () => {
    world = historyAt(200, { capabilities: COUNTED });
    // The newest fifteen are taken away after the first page: the second begins behind where it should.
    world.afterAnswer(() => void world.all.splice(185, 15));
    await newest({ for: 'person', downTo: placeOf(100) });
    expect(world.pages()).toEqual(['50@0', '50@40', '50@30', '50@70']);
    expect(world.proven()).toBe(`${String(Number(world.proven().split('-')[0]))}-200`);
    expect(Number(world.proven().split('-')[0])).toBeLessThanOrEqual(100);
  });

  it('gives up where it cannot step back any further', async () => {
    world = historyAt(60, { capabilities: COUNTED });
    world.afterAnswer(() => {
      world.all.splice(0, 60, ...Array.from({ length: 60 }, (_, n) => nth(1_000 + n)));
    });
    const end = await newest({ for: 'person', downTo: placeOf(1) });
    expect(end).toEqual({ ok: true, starts: false, stored: null });
    expect(world.pages()).toEqual(['50@0', '50@40', '50@30', '50@20', '50@10', '50@0']);
  });

  it('knows the beginning by the number of all', async () => {
    world = historyAt(120, { capabilities: COUNTED });
    const end = await newest({ for: 'person', downTo: { at: 0, tie: '' } });
    expect(world.pages()).toEqual(['50@0', '50@40', '50@80']);
    expect(world.proven()).toBe('|1-120');
    expect(end).toMatchObject({ ok: true, starts: true });
  });

  it('ends at an empty page where the server does not say how many there are', async () => {
    world = historyAt(52, { capabilities: COUNTED, tellsTotal: false });
    const end = await newest({ for: 'person', downTo: { at: 0, tie: '' } });
    expect(world.pages()).toEqual([
      '50@0',
      '50@40',
      '50@42',
      '50@43',
      '50@44',
      '50@45',
      '50@46',
      '50@47',
      '50@48',
      '50@49',
      '50@50',
      '50@51',
      '50@52',
    ]);
    expect(world.proven()).toBe('1-52');
    expect(end).toMatchObject({ ok: true });
  });
});

describe('what goes wrong', () => {
  it.each([
    ['forbidden', true, 0],
    ['not_found', true, 0],
    ['server_error', false, 0],
    ['unauthenticated', false, 1],
  ] as const)('%s: the chat is gone %s', async (code, gone, refused) => {
    world = historyAt(10);
    world.here(10, 10);
    world.refuse(code);
    expect(await newest({ last: messageCursor(10) })).toMatchObject({ ok: false, gone, error: { code } });
    expect(world.refused).toBe(refused);
    expect(world.logger.of('history.not_read')).toMatchObject([{ fields: { chatId: CHAT, code } }]);
  });
});

describe('a page', () => {
  it('leaves out what is of another chat or of no time', async () => {
    world = historyAt(10);
    world.all[3] = { ...nth(4), chatId: 'chat2' };
    world.all[5] = { ...nth(6), createdAt: 'yesterday' };
    world.here(10, 10);
    await newest({ last: messageCursor(10) });
    expect(world.stored()).toBe('1-3 5-5 7-10');
  });

  it('is put into its order, whatever order the server answers in', async () => {
    world = historyAt(10);
    const [one, two] = [world.all[2], world.all[6]];
    if (one && two) [world.all[2], world.all[6]] = [two, one];
    world.here(10, 10);
    await newest({ last: messageCursor(10) });
    expect([world.stored(), world.proven()]).toEqual(['1-10', '|1-10']);
  });

  it('does not bring back a reaction that changed while it was on its way', async () => {
    world = historyAt(10);
    world.here(1, 10);
    const reaction = { id: 'r1', emoji: '👍', userId: 'other' };
    for (const n of [4, 5]) world.all[n - 1] = nth(n, { reactions: [reaction] });
    world.afterAnswer(() => world.history.reactionChanged(idOf(5)));
    await newest({ last: messageCursor(10) });
    const reacted = world.store.context.sql.all<{ id: string }>('SELECT message_id AS id FROM reactions');
    expect(reacted.map(({ id }) => id)).toEqual([idOf(4)]);
    // The next page knows nothing of it any more.
    await newest({ last: messageCursor(10) });
    expect(world.store.context.sql.all('SELECT 1 FROM reactions')).toHaveLength(2);
  });
});
