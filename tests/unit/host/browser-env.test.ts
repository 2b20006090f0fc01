import { expect, it, test } from 'vitest';
import { browserEnv } from '../../../host/screens/browser-env.ts';

const of = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') =>
  browserEnv({ PATH: '/bin', ...env }, platform);

test.each<[what: string, env: NodeJS.ProcessEnv]>([
  ['by LANG', { LANG: 'ru_RU.UTF-8' }],
  ['in small letters', { LANG: 'C.utf8' }],
  ['by LC_CTYPE over LANG', { LC_CTYPE: 'en_US.UTF-8', LANG: 'C' }],
  ['by LC_ALL over both', { LC_ALL: 'C.UTF-8', LC_CTYPE: 'C', LANG: 'C' }],
])('a UTF-8 locale stays: %s', (_what, env) => {
  expect(of(env)).toEqual({ PATH: '/bin', ...env });
});

test.each<[what: string, env: NodeJS.ProcessEnv, after: NodeJS.ProcessEnv]>([
  ['none at all', {}, { LC_CTYPE: 'C.UTF-8' }],
  ['an empty one', { LANG: '' }, { LANG: '', LC_CTYPE: 'C.UTF-8' }],
  ['the language stays', { LANG: 'de_DE' }, { LANG: 'de_DE', LC_CTYPE: 'C.UTF-8' }],
  ['LC_CTYPE is replaced', { LC_CTYPE: 'C', LANG: 'ru_RU.UTF-8' }, { LC_CTYPE: 'C.UTF-8', LANG: 'ru_RU.UTF-8' }],
  ['LC_ALL becomes LANG', { LC_ALL: 'POSIX', LANG: 'ru_RU.UTF-8' }, { LANG: 'POSIX', LC_CTYPE: 'C.UTF-8' }],
])('without one LC_CTYPE is UTF-8: %s', (_what, env, after) => {
  expect(of(env)).toEqual({ PATH: '/bin', ...after });
});

it('changes nothing elsewhere', () => {
  expect(of({ LANG: 'C' }, 'darwin')).toEqual({ PATH: '/bin', LANG: 'C' });
  expect(of({}, 'win32')).toEqual({ PATH: '/bin' });
});
