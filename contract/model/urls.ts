/**
 * Which picture URLs may be stored and shown. Pure, and the same on both sides: a relay fetches none of them, so
 * whatever it accepts is requested by every user's client, from inside that user's network.
 */
import { LIMITS } from './limits.ts';
import { characterCount, isStorableText, stripBidiControls } from './text.ts';

/** On the server itself: one slash, since two start another host's name. */
const OWN_PATH = /^\/(?![/\\])[^\s\\\p{Cc}]*$/u;

/**
 * A host name with a dot, in ASCII (other scripts as punycode), no user, no port, then a path. A last label of letters
 * cannot be read as a number, which rules out every spelling of an IP address: 127.1, 0x7f.1, 2130706433, [::1].
 */
const ELSEWHERE =
  /^https?:\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59}))(?:[/?#][^\s\\\p{Cc}]*)?$/iu;

/** Suffixes of names that lead to the computer itself or no further than its own network. */
const INNER =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa|in-addr\.arpa|ip6\.arpa|onion)$/i;

/**
 * True for a path on the server itself, and for http(s) URLs of hosts with a public name on the default port. Only
 * names are judged: whether a public name resolves to an internal address is for the client that fetches it to check.
 */
export function isPictureUrl(text: string): boolean {
  if (characterCount(text) > LIMITS.avatarUrl.max || !isStorableText(text)) return false;
  if (stripBidiControls(text) !== text) return false;
  if (OWN_PATH.test(text)) return true;
  const host = ELSEWHERE.exec(text)?.[1];
  return host !== undefined && host.length <= 253 && !INNER.test(host);
}
