/**
 * Which addresses of pictures may be kept and shown. Pure, and the same on both sides: a relay fetches none of them, so
 * whatever it lets through is asked for by everybody's client, from inside everybody's network.
 */
import { LIMITS } from './limits.ts';
import { characterCount, isStorableText, stripBidiControls } from './text.ts';

/** Of the server's own: one slash, for two begin the name of another host. */
const OWN_PATH = /^\/(?![/\\])[^\s\\\p{Cc}]*$/u;

/**
 * A name with a dot, in ASCII (a name in letters of another script as punycode), no user, no port, then a path. A last
 * label of letters cannot be read as a number, which shuts out every way of writing an address: 127.1, 0x7f.1, 2130706433,
 * [::1].
 */
const ELSEWHERE =
  /^https?:\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59}))(?:[/?#][^\s\\\p{Cc}]*)?$/iu;

/** Endings of names that lead to the computer itself or no further than its own network. */
const INNER =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|onion)$/i;

/**
 * True for a path on the server itself, and for http(s) addresses of hosts with a public name at the usual port. Names alone
 * are judged: that a public name leads to an inner address is for whoever fetches it to find out.
 */
export function isPictureUrl(text: string): boolean {
  if (characterCount(text) > LIMITS.avatarUrl.max || !isStorableText(text)) return false;
  if (stripBidiControls(text) !== text) return false;
  if (OWN_PATH.test(text)) return true;
  const host = ELSEWHERE.exec(text)?.[1];
  return host !== undefined && host.length <= 253 && !INNER.test(host);
}
