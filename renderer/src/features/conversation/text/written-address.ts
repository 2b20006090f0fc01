/**
 * Finds where a web address in a text ends, given how people write around addresses. Pure. A host consists only of
 * letters, digits, marks, hyphens and dots, so no lookalike of a slash or dot can be part of it.
 */

/** An address as written, and its position in UTF-16 units. */
export interface WrittenAddress {
  start: number;
  end: number;
  text: string;
  /** Without a port; an IPv6 address in brackets. */
  host: string;
  /** There is a user name, or something posing as one, before an `@`: must not become a link. */
  hasUser: boolean;
}

const SCHEME = /^https?:\/\//iu;
const IPV6 = /^\[[0-9a-f:.]{2,45}\]/i;
const LABEL = String.raw`[\p{L}\p{N}\p{M}_](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?`;
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*`, 'u');
const PORT = /^:\d{1,5}(?!\d)/;
/**
 * Ends a path, query or fragment: white space, control characters, all kinds of quotes, the dash and dots between
 * sentences, full-width punctuation and brackets, emojis. Joiners are allowed: some scripts need them.
 */
const ENDS =
  /(?![\u200C\u200D])[\s\p{Cc}\p{Cf}\p{Co}\p{Cs}"<>«»‹›“”„‟‘’‚‛…—\\^`{|}\u3001\u3002\u3008-\u301F\u30FB\uFE30-\uFE6F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]|(?![0-9#*])\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
/** Punctuation that ends a sentence rather than an address. */
const CLOSING = /[.,;:!?'–]$/u;
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Strips what closes a sentence, a bracket, or formatting that was opened before the address. */
function withoutClosing(text: string, before: string): string {
  let rest = text;
  for (;;) {
    const last = rest.at(-1) ?? '';
    const opening = BRACKETS[last];
    if (CLOSING.test(rest)) rest = rest.slice(0, -1);
    else if (opening !== undefined && count(rest, last) > count(rest, opening)) rest = rest.slice(0, -1);
    else {
      const marks = /(\*+|_+)$/.exec(rest)?.[0] ?? '';
      // `__init__` contains its own opening marks; marks without one close something opened before the address.
      if (marks === '' || (!before.endsWith(marks) && count(rest, marks) % 2 === 0)) return rest;
      rest = rest.slice(0, -marks.length);
    }
  }
}

/** A top-level domain is either ASCII or not: a word in another script that follows is not part of it. */
function endOfHost(host: string): string {
  const dot = host.lastIndexOf('.');
  const top = /^[\x21-\x7E]+/.exec(host.slice(dot + 1))?.[0];
  return top === undefined ? host : host.slice(0, dot + 1) + top.replace(/-+$/, '');
}

/** The address that starts at `start`, with or without a scheme; null when there is none. */
export function addressAt(text: string, start: number): WrittenAddress | null {
  const scheme = SCHEME.exec(text.slice(start, start + 8))?.[0] ?? '';
  let at = start + scheme.length;
  const rest = text.slice(at, at + 300);
  const host = IPV6.exec(rest)?.[0] ?? endOfHost(HOST.exec(rest)?.[0] ?? '');
  if (host === '') return null;
  at += host.length;
  at += PORT.exec(text.slice(at, at + 7))?.[0].length ?? 0;
  // `https://paypal.com@evil.example` and `https://me:secret@example.org` do not lead where they seem to.
  const hasUser = /^(?::[^\s/]*)?@/u.test(text.slice(at, at + 300));
  if (/^[/?#]/.test(text.slice(at, at + 1))) {
    const path = text.slice(at);
    const end = ENDS.exec(path)?.index ?? path.length;
    at += withoutClosing(path.slice(0, end), text.slice(0, start)).length;
  }
  return { start, end: at, text: text.slice(start, at), host, hasUser };
}
