/**
 * Finds the links in a text, and checks their safety. A single grammar decides where a link starts and ends, what is
 * displayed, where it leads and which host is checked: the host that is checked is the host that opens. A link leads to
 * http, https or mailto, has no user name or password, and shows its real host if its letters imitate others.
 */
import { find } from 'linkifyjs';
import type { FoundLink, LinkNode } from '#contract/model/message-text/nodes.ts';
import { isDeceptive } from './hosts.ts';
import { addressAt, type WrittenAddress } from './written-address.ts';

const MAX_URL = 2048;
/** Top-level domains that in conversations are far more often file extensions. */
const FILE_ENDINGS = new Set(['md', 'sh', 'py', 'rs', 'zip', 'mov', 'pl', 'cc', 'ps', 'ai', 'app', 'so', 'vi', 'im']);

/** A quick check: most messages contain none of this, and a full search costs more than the rest of the parsing. */
const MAY_LINK = /\S\.\S|:\/\/|@/;
/** The start of an explicit address. Scripts without spaces may put it directly after a word. */
const STATED = /(?<![A-Za-z0-9])(?:https?:\/\/|www\.(?=[\p{L}\p{N}]))/giu;

/** All links of a text, in order, without overlaps. */
export function findLinks(text: string): FoundLink[] {
  if (!MAY_LINK.test(text)) return [];
  const found: FoundLink[] = [];
  /** Ranges parsed as an address, whether or not they became a link: nothing else is searched in them. */
  const taken: { start: number; end: number }[] = [];
  for (const match of text.matchAll(STATED)) {
    if (taken.some(({ end }) => match.index < end)) continue;
    const address = addressAt(text, match.index);
    if (!address) {
      taken.push({ start: match.index, end: match.index + (/\S*/.exec(text.slice(match.index))?.[0].length ?? 0) });
      continue;
    }
    taken.push(address);
    const node = address.hasUser ? null : webLink(address);
    if (node) found.push({ start: address.start, end: address.end, node });
  }
  for (const match of find(text, { defaultProtocol: 'https' })) {
    if (taken.some(({ start, end }) => match.start < end && match.end > start)) continue;
    if (match.type === 'email') {
      const node = mailLink(match.value);
      if (node) found.push({ start: match.start, end: match.start + node.text.length, node });
    } else if (match.type === 'url' && !/^[a-z][a-z0-9+.-]*:/i.test(match.value)) {
      // After a scheme we do not support, there is no address.
      const address = text.slice(0, match.start).endsWith('://') ? null : addressAt(text, match.start);
      if (!address || address.hasUser || isFileName(address) || isTwoSentences(address)) continue;
      const node = webLink(address);
      if (node) found.push({ start: address.start, end: address.end, node });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function webLink({ text, host }: WrittenAddress): LinkNode | null {
  const stated = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (stated.length > MAX_URL || !URL.canParse(stated)) return null;
  const url = new URL(stated);
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '')
    return null;
  if (url.href.length > MAX_URL) return null;
  return { kind: 'link', text, href: url.href, realHost: isDeceptive(host) ? url.host : null };
}

function mailLink(written: string): LinkNode | null {
  // A trailing formatting character closes something; the address ends before it.
  const text = written.replace(/[*_]+$/, '');
  const href = `mailto:${text.replace(/^mailto:/i, '')}`;
  if (href.length > MAX_URL || !URL.canParse(href)) return null;
  return { kind: 'link', text, href: new URL(href).href, realHost: null };
}

/** True for "readme.md": a bare name with a file extension and nothing that only an address has. */
function isFileName({ text, host }: WrittenAddress): boolean {
  return text === host && FILE_ENDINGS.has(host.slice(host.lastIndexOf('.') + 1).toLowerCase());
}

/** True for "ok.In the": a sentence that starts directly after a full stop. */
function isTwoSentences({ text, host }: WrittenAddress): boolean {
  const labels = host.split('.');
  return text === host && host !== host.toUpperCase() && labels.slice(1).some((label) => /^\p{Lu}/u.test(label));
}
