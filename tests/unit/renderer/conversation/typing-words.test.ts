import { describe, expect, it } from 'vitest';
import { typingWords } from '../../../../renderer/src/features/conversation/typing-words.ts';

describe('typingWords', () => {
  const t = (key: string, values: Record<string, string> = {}, count?: number): string =>
    `${key.split('.').at(-1) ?? ''} ${Object.values(values).join(' ')} ${count === undefined ? '' : String(count)}`.trim();
  const users = ['Anna', 'Boris', 'Ken', 'Olga'].map((name) => ({ id: name, name }));

  it.each([
    [0, false, ''],
    [1, true, 'alone'],
    [1, false, 'one Anna'],
    [2, false, 'two Anna Boris'],
    [3, false, 'many Anna 2 2'],
    [4, false, 'many Anna 3 3'],
  ])('of %d people, alone %s', (count, alone, words) => {
    expect(typingWords(users.slice(0, count), alone, t)).toBe(words);
  });
});
