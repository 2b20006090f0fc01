/** The text of a message as HTML. Nothing of it is markup of its own: every character is escaped. Pure. */
import { parseBlocks } from '#contract/model/message-text/blocks.ts';
import type { BlockNode, FindLinks, InlineNode } from '#contract/model/message-text/nodes.ts';
import { stripBidiControls } from '#contract/model/text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe between tags and in quoted attributes. Controls that no HTML may hold are left out. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]/gu, '')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

const MAX_URL = 2048;

/** Addresses that begin with http or https, without user names or passwords. */
export const findWebLinks: FindLinks = (text) =>
  [...text.matchAll(/(?<![A-Za-z0-9])https?:\/\/[^\s<>"'`\\]+/gi)].flatMap((match) => {
    const written = match[0].replace(/[.,;:!?)\]}…»”]+$/u, '');
    if (written.length > MAX_URL || !URL.canParse(written)) return [];
    const url = new URL(written);
    if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '')
      return [];
    // Letters of other scripts may imitate another host: then the real one is named too.
    const realHost = url.host.includes('xn--') ? url.host : null;
    return [
      {
        start: match.index,
        end: match.index + written.length,
        node: { kind: 'link' as const, text: stripBidiControls(written), href: url.href, realHost },
      },
    ];
  });

function inline(nodes: readonly InlineNode[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return escapeHtml(node.text);
        case 'code':
          return `<code>${escapeHtml(node.text)}</code>`;
        case 'bold':
          return `<b>${inline(node.children)}</b>`;
        case 'italic':
          return `<i>${inline(node.children)}</i>`;
        case 'link': {
          const host = node.realHost === null ? '' : ` <span class="host">(${escapeHtml(node.realHost)})</span>`;
          return `<a href="${escapeHtml(node.href)}" rel="noreferrer noopener">${escapeHtml(node.text)}</a>${host}`;
        }
      }
    })
    .join('');
}

function block(node: BlockNode): string {
  switch (node.kind) {
    case 'paragraph':
      return `<p dir="auto">${inline(node.children)}</p>`;
    case 'quote':
      return `<blockquote dir="auto">${inline(node.children)}</blockquote>`;
    case 'code-block':
      return `<pre dir="auto">${escapeHtml(node.text)}</pre>`;
    case 'emoji':
      return `<p class="emoji">${escapeHtml(node.text)}</p>`;
  }
}

/** A message's text with its formatting. */
export function htmlText(text: string): string {
  return parseBlocks(text, findWebLinks).map(block).join('');
}
