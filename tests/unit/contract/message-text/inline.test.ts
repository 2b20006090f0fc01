/** Marks inside a line, by the tree itself: texts that say the same may be made of other parts. */
import { describe, expect, it } from 'vitest';
import { parseInline } from '#contract/model/message-text/inline.ts';
import type { FoundLink, InlineNode } from '#contract/model/message-text/nodes.ts';

/** Finds words that begin with "www." as links. */
const links = (text: string): FoundLink[] =>
  [...text.matchAll(/www\.[^\s`]*/g)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    node: { kind: 'link', text: found, href: `https://${found}` } as FoundLink['node'],
  }));

/** Each part with its kind: `t(..)` text, `b(..)` bold, `i(..)` italic, `c(..)` code, `a(..)` link. */
function show(nodes: readonly InlineNode[]): string {
  const letters = { text: 't', bold: 'b', italic: 'i', code: 'c', link: 'a' } as const;
  return nodes.map((node) => `${letters[node.kind]}(${'text' in node ? node.text : show(node.children)})`).join('');
}

describe('the parts of a line', () => {
  it.each([
    ['', ''],
    ['a', 't(a)'],
    ['*a*', 'b(t(a))'],
    ['*a* b', 'b(t(a))t( b)'],
    ['a *b*', 't(a )b(t(b))'],
    ['*a**b*', 'b(t(a**b))'],
    ['*a** b*', 'b(t(a** b))'],
    ['**a* b**', 'b(t(a* b))'],
    ['*a *', 't(*a *)'],
    ['* a*', 't(* a*)'],
    ['*!*', 't(*!*)'],
    ['*a', 't(*a)'],
    ['**a*', 't(**a*)'],
    ['_*a*_', 'i(b(t(a)))'],
    ['*_a_ b*', 'b(i(t(a))t( b))'],
    ['**__a__**', 'b(i(t(a)))'],
    ['*a _b *c* d_ e*', 'b(t(a _b *c))t( d_ e*)'],
    ['*a _b c*', 'b(t(a _b c))'],
    ['*x `a* b` y*', 'b(t(x )c(a* b)t( y))'],
    ['*`a`*', 'b(c(a))'],
    ['`a``b`', 't(`a``b`)'],
    ['`a` `b`', 'c(a)t( )c(b)'],
    ['`www.a`', 'c(www.a)'],
    ['www.a `b` www.c', 'a(www.a)t( )c(b)t( )a(www.c)'],
    ['`b`www.c', 'c(b)a(www.c)'],
    ['www.a`b`', 'a(www.a)c(b)'],
    ['*www.a* b*', 'b(a(www.a*)t( b))'],
    ['*see www.a_b_ c*', 'b(t(see )a(www.a_b_)t( c))'],
    ['*www.a b*', 'b(a(www.a)t( b))'],
    ['*a*\n_b_', 'b(t(a))t(\n)i(t(b))'],
    ['*a*b', 't(*a*b)'],
    ['a*b*', 't(a*b*)'],
    ['*𝒜*', 'b(t(𝒜))'],
    ['******a', 't(******a)'],
  ])('%j', (text, parts) => {
    expect(show(parseInline(text, links))).toBe(parts);
  });
});
