import { expect, it } from 'vitest';
import { applySpelling } from '../../../../electron/main/platform/spelling.ts';

it.each([
  ['darwin', true, true],
  ['darwin', false, false],
  ['win32', true, false],
  ['linux', true, false],
] as const)('on %s, wanted %s: %s', (platform, spellcheck, expected) => {
  const set: boolean[] = [];
  applySpelling({ setSpellCheckerEnabled: (on) => void set.push(on) }, platform, { spellcheck });
  expect(set).toEqual([expected]);
});
