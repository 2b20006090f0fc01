import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../scripts/lib/arguments.ts';
import { Stop } from '../../../scripts/lib/say.ts';

describe('what stands behind npm start --', () => {
  it.each([
    [[], { demo: false, profile: null, wish: { host: 'any' } }],
    [['--demo', '--print'], { demo: true, profile: null, wish: { host: 'print' } }],
    [['--profile', 'Work', '--stand-in'], { demo: false, profile: 'work', wish: { host: 'stand-in' } }],
    [['--electron'], { demo: false, profile: null, wish: { host: 'electron' } }],
  ])('%j', (args, wanted) => expect(readArguments(args, {})).toEqual(wanted));

  it.each([
    [['--fly'], {}, /--fly/],
    [['work'], {}, /work/],
    [['--profile'], {}, /--profile/],
    [['--profile', '..'], {}, /--profile/],
    [['--profile', 'work', '--demo'], {}, /--demo has people of its own/],
    [['--profile', 'work'], { RELAY_USER_DATA: '/x' }, /only one/],
    // What npm leaves of `npm start --profile work`, and of the same with `--` in PowerShell.
    [['work'], { npm_config_profile: 'true' }, /npm kept --profile .* npm\.cmd/],
    [[], { npm_config_stand_in: 'true' }, /npm kept --stand-in/],
  ] as [string[], NodeJS.ProcessEnv, RegExp][])('%j with %j is told in words', (args, env, words) => {
    expect(() => readArguments(args, env)).toThrow(Stop);
    expect(() => readArguments(args, env)).toThrow(words);
  });
});
