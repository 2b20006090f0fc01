/** Pages of a long list: what is asked for, and that the screen never empties. */
import { flushPromises } from '@vue/test-utils';
import { describe, expect, test } from 'vitest';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { createPages, PAGE_ROWS, type PageOf } from '../../../../renderer/src/stores/account/music/pages.ts';

interface Row {
  id: string;
  text: string;
}

/** A list on the other side; each request is answered when the test says so. */
function server(total: number, word = 'first') {
  const asked: number[] = [];
  const open: { offset: number; answer: (result?: Result<PageOf<Row>>) => void }[] = [];
  const state = { total, word };
  const rows = (offset: number, limit: number): Row[] =>
    Array.from({ length: Math.max(0, Math.min(limit, state.total - offset)) }, (_, index) => ({
      id: String(offset + index),
      text: state.word,
    }));
  const pages = createPages<Row>(
    (offset, limit) => {
      asked.push(offset / PAGE_ROWS);
      const { promise, resolve } = Promise.withResolvers<Result<PageOf<Row>>>();
      const now = ok({ rows: rows(offset, limit), total: state.total });
      open.push({ offset, answer: (result = now) => resolve(result) });
      return promise;
    },
    ({ id }) => id,
  );
  async function answer(result?: Result<PageOf<Row>>): Promise<void> {
    open.shift()?.answer(result);
    await flushPromises();
  }
  async function answerAll(): Promise<void> {
    while (open.length > 0) await answer();
  }
  async function answerNewest(): Promise<void> {
    open.pop()?.answer();
    await flushPromises();
  }
  return { pages, asked, state, answer, answerAll, answerNewest };
}

describe('pages of a list', () => {
  test('the first page tells the length; then what is on the screen comes', async () => {
    const { pages, asked, answer, answerAll } = server(1000);
    pages.want(390, 410);
    expect(asked).toEqual([0]);
    expect(pages.total.value).toBeNull();
    await answer();
    expect(pages.total.value).toBe(1000);
    expect(asked).toEqual([0, 1, 2]);
    await answerAll();
    expect(pages.at(399)?.id).toBe('399');
    expect(pages.at(400)?.id).toBe('400');
    expect(pages.at(800)).toBeUndefined();
  });

  test('a fast scroll skips what it passes', async () => {
    const { pages, asked, answerAll } = server(20_000);
    pages.want(0, 20);
    await answerAll();
    for (let at = 0; at <= 19_000; at += 100) pages.want(at, at + 20);
    await answerAll();
    // Two were on their way at once; of the other ninety only the last is fetched.
    expect(asked).toEqual([0, 1, 2, 95]);
    expect(pages.at(19_010)?.id).toBe('19010');
  });

  test('a refresh keeps the rows until newer ones are here', async () => {
    const { pages, state, answer } = server(10);
    pages.want(0, 10);
    await answer();
    state.word = 'second';
    pages.refresh();
    expect(pages.at(3)?.text).toBe('first');
    await answer();
    expect(pages.at(3)?.text).toBe('second');
  });

  test('a list that changes all the time moves, and never back', async () => {
    const { pages, state, answer } = server(10);
    pages.want(0, 10);
    await answer();
    state.word = 'second';
    pages.refresh();
    state.word = 'third';
    pages.refresh();
    // Two requests are open: the older answer is shown until the newer one comes.
    await answer();
    expect(pages.at(0)?.text).toBe('second');
    await answer();
    expect(pages.at(0)?.text).toBe('third');
  });

  test('an older answer that comes last is dropped', async () => {
    const { pages, state, answer, answerNewest } = server(10);
    pages.want(0, 10);
    await answer();
    state.word = 'second';
    pages.refresh();
    state.word = 'third';
    pages.refresh();
    await answerNewest();
    await answer();
    expect(pages.at(0)?.text).toBe('third');
  });

  test('a failure is told, keeps the rows, and is asked again by a refresh', async () => {
    const { pages, asked, answer } = server(10);
    pages.want(0, 10);
    await answer(fail('offline', 'test'));
    expect(pages.problem.value).toBe('offline');
    pages.want(0, 10);
    expect(asked).toEqual([0]);
    pages.refresh();
    await answer();
    expect(pages.problem.value).toBeNull();
    expect(pages.at(0)?.id).toBe('0');
  });

  test('patching replaces rows that are here', async () => {
    const { pages, answer } = server(10);
    pages.want(0, 10);
    await answer();
    pages.patch([
      { id: '4', text: 'changed' },
      { id: '999', text: 'elsewhere' },
    ]);
    expect(pages.at(4)?.text).toBe('changed');
    expect(pages.at(5)?.text).toBe('first');
  });

  test('far pages are forgotten, and fetched again', async () => {
    const { pages, asked, answerAll } = server(20_000);
    for (let page = 0; page < 40; page += 1) {
      pages.want(page * PAGE_ROWS, page * PAGE_ROWS + 20);
      await answerAll();
    }
    expect(pages.at(0)).toBeUndefined();
    pages.want(0, 20);
    await answerAll();
    expect(pages.at(0)?.id).toBe('0');
    expect(asked.filter((page) => page === 0)).toHaveLength(2);
  });
});
