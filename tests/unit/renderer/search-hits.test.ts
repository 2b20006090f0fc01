// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp, effectScope, nextTick, ref, type EffectScope } from 'vue';
import type { ChannelInput, ChannelOutput } from '../../../contract/ipc/channels.ts';
import type { SearchHit, SearchReach } from '../../../contract/ipc/views.ts';
import { fail, ok, type ErrorCode } from '../../../contract/model/errors.ts';
import { useChatSearch } from '../../../renderer/src/features/conversation/use-chat-search.ts';
import { useHits } from '../../../renderer/src/composables/use-hits.ts';
import { ACCOUNT_ID } from '../../../renderer/src/stores/account/account-store.ts';
import { useConnectionStore } from '../../../renderer/src/stores/account/connection.ts';
import { ACCOUNT, deferred, installBridge } from './bridge-double.ts';

const DAY = 86_400_000;
let scope: EffectScope;
/** Times of the messages that are here, and of those that only the server has. */
let here: number[];
let away: number[];
let isLive: boolean;
let refusal: ErrorCode | null;
let asked: ChannelInput<'search.messages'>[];
let presses: number;
/** Messages that one piece brings. */
let step: number;
/** Holds the answer to a press back. */
let held: Promise<undefined> | null;

const reach = (): SearchReach => ({
  chats: 1,
  complete: away.length === 0 ? 1 : 0,
  since: away.length === 0 ? null : Math.min(...here),
  spared: 0,
  further: isLive && away.length > 0,
});
const hit = (day: number): SearchHit => ({
  chatId: 'c',
  chatTitle: 'C',
  messageId: `m${String(day)}`,
  senderName: 'S',
  mine: false,
  createdAt: day * DAY,
  excerpt: 'word',
  marks: [],
  files: 0,
});
function answer(input: ChannelInput<'search.messages'>): ChannelOutput<'search.messages'> {
  asked.push(input);
  // Days that are odd hold the word.
  const all = here.filter((day) => day % 2 === 1).sort((a, b) => b - a);
  const hits = all.slice(input.offset, input.offset + input.limit).map(hit);
  const needles = { phrases: [], prefix: input.query };
  return {
    hits,
    more: all.length > input.offset + input.limit,
    problems: [],
    needles,
    reach: reach(),
    understood: null,
  };
}

/** Runs as a part of the account's screens does. */
function within<T>(run: () => T): T | undefined {
  return createApp({})
    .provide(ACCOUNT_ID, ACCOUNT)
    .runWithContext(() => scope.run(run));
}

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  scope = effectScope();
  here = [];
  away = [];
  asked = [];
  presses = 0;
  step = 2;
  isLive = true;
  refusal = null;
  held = null;
  setPhase('live');
  installBridge({
    search: {
      messages: async (input) => ok(answer(input)),
      further: async () => {
        presses += 1;
        await held;
        if (refusal) return fail(refusal, 'no');
        const read = away.splice(0, step);
        here.push(...read);
        return ok({ added: read.length, reach: reach() });
      },
    },
  });
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

function setPhase(phase: 'live' | 'offline'): void {
  useConnectionStore(ACCOUNT).apply({ kind: 'connection', connection: { phase, retryAt: null, reason: null } });
}
const days = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => to - n);
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(300);

function start(text = 'word', page = 30) {
  const query = ref(text);
  const hits = within(() => useHits(query, null, page));
  if (!hits) throw new Error('the scope has ended');
  return { query, hits, ids: () => hits.found.value.items.map(({ messageId }) => messageId) };
}

describe('the hits of a search', () => {
  it('come page by page without a repeat, though more arrive meanwhile', async () => {
    here = days(1, 100);
    const { hits, ids } = start();
    await settle();
    expect(ids()).toHaveLength(30);
    here.push(101);
    await hits.loadMore();
    expect(new Set(ids()).size).toBe(ids().length);
    expect(ids().length).toBe(50);
    expect(hits.found.value.more).toBe(false);
  });

  it('come from further back when it is asked for, and those on the screen stay', async () => {
    here = days(50, 60);
    away = days(41, 49);
    const { hits, ids } = start();
    await settle();
    const before = ids();
    expect(hits.found.value.reach).toMatchObject({ complete: 0, further: true });
    await hits.further();
    expect(presses).toBe(1);
    expect(ids()).toEqual([...before, 'm49']);
    expect(hits.reading.value).toBe(false);
  });

  it('lose none of those on the screen to the ones that come between', async () => {
    here = [...days(300, 320), 1, 3, 5];
    away = days(100, 299);
    step = 200;
    const { hits, ids } = start('word', 5);
    await settle();
    for (let n = 0; n < 3; n += 1) await hits.loadMore();
    const before = ids();
    expect(before.at(-1)).toBe('m1');
    await hits.further();
    expect(ids()).toEqual(expect.arrayContaining(before));
    expect(ids()).toHaveLength(before.length + 100);
  });

  it('are read for piece by piece until one is found, or the press has read enough', async () => {
    here = days(200, 202);
    away = days(1, 100).filter((day) => day % 2 === 0);
    const { hits } = start();
    await settle();
    await hits.further();
    expect(presses).toBe(4);
    away = [];
    await hits.further();
    expect(presses).toBe(5);
    expect(hits.found.value.reach).toMatchObject({ complete: 1, further: false });
  });

  it('say why reading further ended, and forget it with the next try', async () => {
    here = days(50, 60);
    away = days(41, 49);
    const { hits } = start();
    await settle();
    refusal = 'rate_limited';
    await hits.further();
    expect([hits.readCode.value, hits.reading.value]).toEqual(['rate_limited', false]);
    refusal = null;
    await hits.further();
    expect(hits.readCode.value).toBeNull();
  });

  it('drop what was read for another question', async () => {
    here = days(50, 60);
    away = days(1, 49);
    const { query, hits } = start();
    await settle();
    const gate = deferred<undefined>();
    held = gate.promise;
    const pressed = hits.further();
    query.value = 'other';
    await nextTick();
    gate.resolve(undefined);
    await pressed;
    expect(hits.reading.value).toBe(false);
    expect(presses).toBe(1);
    await settle();
    expect(asked.map(({ query: text }) => text)).toEqual(['word', 'other']);
  });

  it('offer the way further as soon as the connection is back', async () => {
    here = days(50, 60);
    away = days(41, 49);
    isLive = false;
    setPhase('offline');
    const { hits, ids } = start();
    await settle();
    expect(hits.found.value.reach?.further).toBe(false);
    const before = ids();
    isLive = true;
    setPhase('live');
    await settle();
    expect(hits.found.value.reach?.further).toBe(true);
    expect(ids()).toEqual(before);
  });
});

describe('the search in a chat', () => {
  function open() {
    const query = ref('word');
    const went: string[] = [];
    const search = within(() => useChatSearch('c', query, (id) => went.push(id)));
    if (!search) throw new Error('the scope has ended');
    return { query, went, search };
  }

  it('begins at the newest hit, goes back in time, and round', async () => {
    here = days(1, 6);
    const { search, went } = open();
    await settle();
    expect(went).toEqual(['m5']);
    expect(search.finding.value).toEqual({ needles: { phrases: [], prefix: 'word' }, current: 'm5' });
    await search.move(1);
    await search.move(1);
    await search.move(1);
    await search.move(-1);
    expect(went).toEqual(['m5', 'm3', 'm1', 'm5', 'm1']);
    expect(search.at.value).toBe(2);
  });

  it('goes on past the first page of hits', async () => {
    here = days(1, 250);
    const { search, went } = open();
    await settle();
    for (let n = 0; n < 101; n += 1) await search.move(1);
    expect(search.found.value.items.length).toBeGreaterThan(100);
    expect(went.at(-1)).toBe(`m${String(249 - 2 * 101)}`);
  });

  it('stays where it is while older messages are read, and goes to the first hit of all', async () => {
    here = days(50, 56);
    away = days(41, 49);
    const { search, went } = open();
    await settle();
    await search.further();
    expect(went).toEqual(['m55']);
    expect(search.at.value).toBe(0);
    here = [60];
    away = [41];
    const { search: empty, went: wentThere } = open();
    await settle();
    expect(wentThere).toEqual([]);
    await empty.further();
    expect(wentThere).toEqual(['m41']);
  });

  it('marks nothing once nothing is asked for', async () => {
    here = days(1, 6);
    const { query, search } = open();
    await settle();
    query.value = '';
    await nextTick();
    expect(search.finding.value).toBeNull();
  });
});
