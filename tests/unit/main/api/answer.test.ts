import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../../../contract/routes.ts';
import { openAnswer, openLongAnswer } from '../../../../electron/main/services/api/answer.ts';

const user = (id: string, more: object = {}): object => ({ id, username: `u${id}`, ...more });
const message = (id: string, more: object = {}): object => ({
  id,
  chatId: 'c1',
  content: 'x',
  senderId: 'u1',
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});

describe('opening an answer', () => {
  it.each([
    ['under its own name', { user: user('a') }],
    ['bare', user('a')],
    ['under data', { data: user('a') }],
    ['under data and its own name', { data: { user: user('a') } }],
  ])('takes it %s', (_how, json) => {
    const opened = openAnswer(ROUTES.me.answer, json);
    expect(opened).toEqual({ ok: true, value: { user: { id: 'a', username: 'ua' } }, dropped: [] });
  });

  it.each([
    ['under its own name', (list: unknown) => ({ messages: list, total: 3 })],
    ['bare', (list: unknown) => list],
    ['under data', (list: unknown) => ({ data: list, total: 3 })],
    ['under data and its own name', (list: unknown) => ({ data: { messages: list, total: 3 } })],
  ])('leaves single broken items out of a list %s', (_how, wrap) => {
    const list = [message('m1'), { id: 'm2' }, null, message('m3', { content: 7 }), message('m4')];
    const opened = openAnswer(ROUTES.history.answer, wrap(list));
    expect(opened.ok && (opened.value as { messages: { id: string }[] }).messages.map(({ id }) => id)).toEqual([
      'm1',
      'm4',
    ]);
    expect(opened.ok && opened.dropped.map(({ path }) => path)).toEqual(['.messages.1', '.messages.2', '.messages.3']);
  });

  it('counts an optional field with a wrong value as missing', () => {
    const opened = openAnswer(ROUTES.chats.answer, {
      chats: [
        {
          id: 'c1',
          participants: [user('a', { avatarUrl: 5 }), { id: 1 }],
          lastMessage: { id: 'broken' },
          unreadCount: -1,
        },
      ],
    });
    expect(opened).toMatchObject({ ok: true, value: { chats: [{ id: 'c1', participants: [{ id: 'a' }] }] } });
    const chat = opened.ok ? (opened.value as { chats: Record<string, unknown>[] }).chats[0] : undefined;
    expect(chat?.['lastMessage'] ?? null).toBeNull();
    expect(chat?.['unreadCount'] ?? null).toBeNull();
  });

  it('says kinds of mistakes and never values', () => {
    const opened = openAnswer(ROUTES.history.answer, {
      messages: [message('m1', { content: 7, chatId: 'my secret words!' })],
    });
    expect(JSON.stringify(opened)).not.toContain('secret');
    expect(opened.ok && opened.dropped).toHaveLength(1);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a word', 'hello'],
    ['a number', 1],
    ['an empty object', {}],
    ['a list where an object belongs', []],
    ['another shape', { user: { name: 'x' } }],
    ['a token that is none', { user: user('a'), token: 5 }],
  ])('refuses %s', (_what, json) => {
    expect(openAnswer(ROUTES.login.answer, json).ok).toBe(false);
  });

  it('does not let an answer reach the prototype', () => {
    const json: unknown = JSON.parse(
      '{"user":{"id":"a","username":"u","__proto__":{"polluted":true}},"__proto__":{"polluted":true}}',
    );
    const opened = openAnswer(ROUTES.me.answer, json);
    expect(opened.ok).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('opening a long answer', () => {
  const turn = (): Promise<void> => Promise.resolve();

  it('gives what opening it in one go gives, however it is wrapped and whatever is broken in it', async () => {
    const broken = fc.constantFrom<unknown>(null, { id: 'm' }, 7, message('x', { content: 7 }), { reactions: 5 });
    const item = fc.oneof(
      { weight: 5, arbitrary: fc.nat(9999).map((n) => message(`m${String(n)}`)) },
      { weight: 1, arbitrary: fc.nat(9999).map((n) => message(`m${String(n)}`, { reactions: 'none', extra: 1 })) },
      { weight: 1, arbitrary: broken },
    );
    const wrap = fc.constantFrom<(list: unknown) => unknown>(
      (list) => ({ messages: list, total: 3 }),
      (list) => list,
      (list) => ({ data: list, total: 'many' }),
      (list) => ({ data: { messages: list } }),
      (list) => ({ something: list }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 45, maxLength: 130 }), wrap, async (list, how) => {
        const whole = openAnswer(ROUTES.history.answer, how(list));
        const sliced = await openLongAnswer(ROUTES.history.answer, how(list), turn);
        expect(sliced.ok).toBe(whole.ok);
        if (sliced.ok && whole.ok) {
          expect(sliced.value).toEqual(whole.value);
          expect(sliced.dropped.length).toBe(whole.dropped.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lets others have their turn between the slices', async () => {
    let turns = 0;
    const list = Array.from({ length: 1000 }, (_, n) => message(`m${String(n)}`));
    const opened = await openLongAnswer(ROUTES.history.answer, { messages: list }, async () => void (turns += 1));
    expect(opened.ok).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(20);
  });
});

describe('a list with more than may be', () => {
  const reactions = Array.from({ length: 10_001 }, (_, n) => ({ id: `r${n}`, emoji: '👍', userId: `u${n}` }));

  it('inside of one chat costs neither the chat nor the list', () => {
    const opened = openAnswer(ROUTES.chats.answer, {
      chats: [
        { id: 'c1', participants: [user('a')], lastMessage: message('m1', { reactions }) },
        { id: 'c2', participants: [user('a')] },
      ],
    });
    expect(opened).toMatchObject({
      ok: true,
      value: { chats: [{ id: 'c1', lastMessage: { reactions: { length: 10_000 } } }, { id: 'c2' }] },
      dropped: [{ reason: '1 too many' }],
    });
  });

  it('is cut where it is long enough to be read in slices', async () => {
    const users = Array.from({ length: 1_200 }, (_, n) => user(`u${n}`));
    const opened = await openLongAnswer(ROUTES.searchUsers.answer, { users }, () => Promise.resolve());
    expect(opened).toMatchObject({ ok: true, value: { users: { length: 1_000 } } });
  });
});
