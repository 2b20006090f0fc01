import { describe, expect, test } from 'vitest';
import { looksMisread, readAsCp1251 } from '../../../../renderer/src/composables/cp1251.ts';

/** What a player shows of words whose bytes are CP1251: as Latin-1, or as Windows-1252. */
function misread(text: string, as: 'latin1' | 'windows-1252'): string {
  const table = new TextDecoder('windows-1251');
  const byte = new Map(Array.from({ length: 256 }, (_, code) => [table.decode(Uint8Array.of(code)), code] as const));
  const bytes = Uint8Array.from([...text].map((character) => byte.get(character) ?? 0x3f));
  return as === 'latin1' ? String.fromCharCode(...bytes) : new TextDecoder('windows-1252').decode(bytes);
}

describe.each(['latin1', 'windows-1252'] as const)('words read as %s', (as) => {
  test.each(['Кино', 'Группа крови', 'Ёлка №5 — «Снег»', 'Їжак і ґанок', 'Љубав', '17. Пачка сигарет (live)'])(
    '%s comes back',
    (text) => {
      const broken = misread(text, as);
      expect(broken).not.toBe(text);
      expect(looksMisread(broken)).toBe(true);
      expect(readAsCp1251(broken)).toBe(text);
    },
  );
});

test.each([
  ['Êèíî', true],
  ['Sigur Rós', false],
  ['Björk', false],
  ['Motörhead', false],
  ['Beyoncé', false],
  ['Ég', false],
  ['Кино', false],
  ['AC/DC', false],
  ['', false],
  ['123', false],
])('%s looks misread: %s', (text, expected) => {
  expect(looksMisread(text)).toBe(expected);
});

test.each(['Кино', 'AC/DC', '日本', ''])('%s is left alone', (text) => {
  expect(readAsCp1251(text)).toBeNull();
});
