/**
 * The environment of a browser that we start. Without a UTF-8 locale, as in a bare shell or a container, Chromium on Linux
 * drops chosen files whose names are not plain ASCII without a word. Pure.
 */

const UTF8 = /utf-?8/i;

/**
 * `env` with a UTF-8 `LC_CTYPE`, unless its locale is one already; the language stays as it is. Elsewhere than on Linux
 * nothing changes.
 */
export function browserEnv(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  if (platform !== 'linux') return env;
  // The first that is set and not empty decides, as in the C library.
  const locale =
    [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '') ?? '';
  if (UTF8.test(locale)) return env;
  // LC_ALL would win over it: what it said of the other categories is given to LANG.
  const { LC_ALL: all, ...others } = env;
  return { ...others, ...(all ? { LANG: all } : {}), LC_CTYPE: 'C.UTF-8' };
}
