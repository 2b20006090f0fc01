/** Links into the app: `relay://chat/<id>` and `relay://user/<username>`. Anything else is not one. Pure. */

export type DeepLink = { to: 'chat'; chatId: string } | { to: 'user'; username: string };

export const LINK_SCHEME = 'relay';

const LONGEST = 200;
const CHAT_ID = /^[A-Za-z0-9_-]{1,64}$/;
const USERNAME = /^[\p{L}\p{N}_.-]{1,64}$/u;

/** Reads a link; null for everything that is not exactly one of the known places. */
export function readLink(text: string): DeepLink | null {
  if (text.length > LONGEST || !URL.canParse(text)) return null;
  const { protocol, host, pathname, username, password, search, hash } = new URL(text);
  if (protocol !== `${LINK_SCHEME}:` || username || password || search || hash) return null;
  const [, written = '', ...more] = pathname.split('/');
  // A browser may add a slash at the end.
  if (more.join('/') !== '') return null;
  const name = decoded(written);
  if (name === null) return null;
  if (host === 'chat' && CHAT_ID.test(name)) return { to: 'chat', chatId: name };
  if (host === 'user' && USERNAME.test(name)) return { to: 'user', username: name };
  return null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/**
 * The link among the arguments of a start. Exactly one may look like a link: several are an attempt at something else.
 * `asked`: there was one, readable or not.
 */
export function linkAmong(argv: readonly string[]): { asked: boolean; link: DeepLink | null } {
  const found = argv.filter((argument) => argument.toLowerCase().startsWith(`${LINK_SCHEME}:`));
  const [only] = found;
  return { asked: found.length > 0, link: found.length === 1 && only !== undefined ? readLink(only) : null };
}
