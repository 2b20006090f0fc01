/**
 * Which parts of a text are links, and what is safe about them. A link leads to http, https or mailto, carries no user
 * name or password, and says so when its host is written in letters that pass for others.
 */
import { find } from 'linkifyjs';
import { stripBidiControls } from '#contract/model/text.ts';
import type { LinkNode } from './nodes.ts';

const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const MAX_URL = 2048;
/** Endings that are top-level domains and, far more often in a conversation, names of files. */
const FILE_ENDINGS = new Set(['md', 'sh', 'py', 'rs', 'zip', 'mov', 'pl', 'cc', 'ps', 'ai', 'app', 'so', 'vi', 'im']);
/** Letters of other scripts that are drawn like Latin ones. */
const LATIN_LOOKALIKES = /^[асеорхуіјѕԁһӏԛԝѵԍцкмтвнгαοιρυνκτχε0-9-]+$/u;

/** A link and where it stands in the text, in UTF-16 units. */
export interface FoundLink {
  start: number;
  end: number;
  node: LinkNode;
}

/** What no link is without. Most messages have none of it, and looking properly costs more than all the rest of the parsing. */
const MAY_LINK = /\S\.\S|:\/\/|@/;

/** All links of a text, in order, none overlapping. */
export function findLinks(text: string): FoundLink[] {
  if (!MAY_LINK.test(text)) return [];
  const found: FoundLink[] = [];
  for (const match of find(text, { defaultProtocol: 'https' })) {
    // A mark at the end closes something; an address ends before it.
    const marks = /[*_]+$/.exec(match.value)?.[0].length ?? 0;
    const cut = (text: string): string => (marks > 0 ? text.slice(0, -marks) : text);
    const node = linkNode(cut(match.value), cut(match.href), match.type);
    if (node) found.push({ start: match.start, end: match.end - marks, node });
  }
  return found;
}

function linkNode(written: string, href: string, type: string): LinkNode | null {
  if (type !== 'url' && type !== 'email') return null;
  if (href.length > MAX_URL || !URL.canParse(href)) return null;
  const url = new URL(href);
  if (!PROTOCOLS.has(url.protocol) || url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'mailto:')
    return { kind: 'link', text: stripBidiControls(written), href: url.href, realHost: null };
  if (isFileName(written)) return null;
  return {
    kind: 'link',
    text: stripBidiControls(written),
    href: url.href,
    realHost: isDeceptive(hostAsWritten(written)) || written !== stripBidiControls(written) ? url.host : null,
  };
}

/** True for "readme.md": a bare name with the ending of a file and nothing that only an address has. */
function isFileName(written: string): boolean {
  if (/[/:?#]/.test(written) || /^www\./i.test(written)) return false;
  return FILE_ENDINGS.has(written.slice(written.lastIndexOf('.') + 1).toLowerCase());
}

function hostAsWritten(written: string): string {
  return written.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#:].*$/s, '');
}

/** True when a label of the host mixes scripts, or is written wholly in letters that pass for Latin ones. */
export function isDeceptive(host: string): boolean {
  return host.split('.').some((label) => {
    const lower = label.toLowerCase();
    if (/^[\p{ASCII}]*$/u.test(lower)) return lower.startsWith('xn--');
    const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
    return scripts.filter((script) => script.test(lower)).length > 1 || LATIN_LOOKALIKES.test(lower);
  });
}
