import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openEnvelope } from '#contract/api/envelope.ts';
import { ROUTES } from '#contract/routes.ts';

const user = { id: 'u1', username: 'ada' };
const message = { id: 'm1', chatId: 'c1', content: 'hello', createdAt: '2026-01-02T03:04:05.000Z' };

describe('openEnvelope', () => {
  const me = ROUTES.me.answer;
  it.each([
    ['its own name', { user }],
    ['bare', user],
    ['data with its own name', { data: { user } }],
    ['data, bare', { data: user }],
    ['beside other fields', { success: true, data: user, time: 3 }],
    ['with fields nobody knows', { user: { ...user, shoeSize: 44 } }],
    ['with a missing optional and a null', { user: { ...user, bio: null } }],
  ])('opens %s', (_name, json) => {
    const opened = openEnvelope(me, json);
    expect(opened.ok && opened.value.user).toMatchObject(user);
  });

  it.each([
    ['a list under its name', { messages: [message], total: 1 }],
    ['a bare list', [message]],
    ['a list under data', { data: [message], total: 1 }],
    ['a named list under data', { data: { messages: [message], total: 1 } }],
  ])('opens %s', (_name, json) => {
    const opened = openEnvelope(ROUTES.history.answer, json);
    expect(opened.ok && opened.value.messages[0]?.content).toBe('hello');
  });

  it('opens a token beside or under data', () => {
    for (const json of [
      { user, token: 't' },
      { data: { user, token: 't' } },
      { token: 't', data: { user } },
      { token: 't', data: user },
    ]) {
      const opened = openEnvelope(ROUTES.login.answer, json);
      expect(opened.ok && opened.value).toMatchObject({ user, token: 't' });
    }
  });

  it.each([
    [null],
    [undefined],
    [[]],
    ['text'],
    [42],
    [{}],
    [{ user: [] }],
    [{ user: { id: 7, username: 'a' } }],
    [{ data: null }],
  ])('refuses %j', (json) => {
    expect(openEnvelope(me, json).ok).toBe(false);
  });

  it('names what is wrong without repeating values', () => {
    const opened = openEnvelope(z.object({ user: z.object({ id: z.string() }) }), {
      user: { id: 5, secret: 'sesame' },
    });
    expect(opened.ok).toBe(false);
    if (!opened.ok) {
      expect(opened.reason).toContain('user.id');
      expect(opened.reason).not.toContain('sesame');
    }
  });
});
