import { describe, expect, it } from 'vitest';
import { createCrashPolicy } from '../../../../electron/main/windows/crash-policy.ts';

describe('a page that crashes', () => {
  it.each([
    ['once', [0], ['reload']],
    ['twice', [0, 1000], ['reload', 'reload_plain']],
    ['again and again', [0, 1, 2, 3, 4], ['reload', 'reload_plain', 'tell', 'tell', 'tell']],
    ['once an hour', [0, 3_600_000, 7_200_000], ['reload', 'reload', 'reload']],
    ['twice, then a minute later', [0, 1000, 61_500], ['reload', 'reload_plain', 'reload']],
  ])('%s', (_how, times, answers) => {
    const policy = createCrashPolicy();
    expect(times.map((at) => policy(at))).toEqual(answers);
  });
});
