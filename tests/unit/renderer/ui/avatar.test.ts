import { describe, expect, test } from 'vitest';
import { initialsOf, toneOf } from '../../../../renderer/src/ui/avatar.ts';

describe('avatars', () => {
  test.each([
    ['Anna Sokolova', 'AS'],
    ['anna', 'A'],
    ['Анна Мария Белова', 'АБ'],
    ['anna.sokolova', 'AS'],
    ['🦊 Fox', 'F'],
    ['(Anna) [B]', 'AB'],
    ['"Quoted" Name', 'QN'],
    ['7 of Nine', '7N'],
    ['🦊 🐻', '🦊'],
    ['हिंदी', 'हिं'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['', ''],
    ['...', ''],
    ['e\u0301mile', '\u00C9'],
  ])('%s: %s', (name, want) => {
    expect(initialsOf(name)).toBe(want);
  });

  test('a colour stays, and all eight are used', () => {
    const hues = Array.from({ length: 400 }, (_, index) => toneOf(`clx${String(index)}`));
    expect(new Set(hues)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(toneOf('clx1234567890abcdefgh')).toBe(toneOf('clx1234567890abcdefgh'));
  });
});
