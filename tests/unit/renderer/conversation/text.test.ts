import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLinks, isDeceptive } from '../../../../renderer/src/features/conversation/text/links.ts';
import type { BlockNode, InlineNode } from '../../../../renderer/src/features/conversation/text/nodes.ts';
import { isRightToLeft, parseText, plainText } from '../../../../renderer/src/features/conversation/text/parse.ts';

/** The tree as a short text: b(bold) i(italic) c(code) a(link), P paragraph, Q quote, C code block, E emoji. */
function show(blocks: readonly BlockNode[]): string {
  const inline = (nodes: readonly InlineNode[]): string =>
    nodes
      .map((node) => {
        switch (node.kind) {
          case 'text':
            return node.text;
          case 'code':
            return `c(${node.text})`;
          case 'bold':
            return `b(${inline(node.children)})`;
          case 'italic':
            return `i(${inline(node.children)})`;
          case 'link':
            return `a(${node.text})`;
        }
      })
      .join('');
  const letters = { paragraph: 'P', quote: 'Q', 'code-block': 'C', emoji: 'E' } as const;
  return blocks
    .map((block) => `${letters[block.kind]}:${'text' in block ? block.text : inline(block.children)}`)
    .join('|');
}

describe('parseText', () => {
  it.each([
    ['plain words', 'P:plain words'],
    ['*bold* and **bold**', 'P:b(bold) and b(bold)'],
    ['_italic_ and __italic__', 'P:i(italic) and i(italic)'],
    ['*bold _both_*', 'P:b(bold i(both))'],
    ['(*bold*), _so_!', 'P:(b(bold)), i(so)!'],
    ['2*3*4 and snake_case_name', 'P:2*3*4 and snake_case_name'],
    ['* not a mark *', 'P:* not a mark *'],
    ['*never closed', 'P:*never closed'],
    ['**', 'P:**'],
    ['`code *not bold*` *bold*', 'P:c(code *not bold*) b(bold)'],
    ['``not code``', 'P:``not code``'],
    ['*bold with `a * b` inside*', 'P:b(bold with c(a * b) inside)'],
    ['*two\nlines*', 'P:b(two\nlines)'],
    ['```\nlet a = 1;\n```', 'C:let a = 1;'],
    ['before\n```ts\na *b* c\n```\nafter', 'P:before|C:a *b* c|P:after'],
    ['``` never closed', 'P:``` never closed'],
    ['> quoted\n> more\nanswer', 'Q:quoted\nmore|P:answer'],
    ['a > b', 'P:a > b'],
    ['>:(', 'Q::('],
    ['>', 'P:>'],
    ['https://a.example/x_y_z?q=*1*2', 'P:a(https://a.example/x_y_z?q=*1*2)'],
    ['https://a.example/b_', 'P:a(https://a.example/b)_'],
    ['*see https://a.example*', 'P:b(see a(https://a.example))'],
    ['(https://a.example/b)', 'P:(a(https://a.example/b))'],
    ['😀', 'E:😀'],
    ['👍🏽 ❤️ 👨‍👩‍👧', 'E:👍🏽 ❤️ 👨‍👩‍👧'],
    ['😀😀😀😀', 'P:😀😀😀😀'],
    ['1', 'P:1'],
    ['a\n\nb', 'P:a\n\nb'],
  ])('%j', (text, tree) => {
    expect(show(parseText(text))).toBe(tree);
  });

  it('keeps every letter and digit of every text, in order, and never throws', () => {
    const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');
    const piece = fc.oneof(
      fc.constantFrom(
        '*',
        '**',
        '_',
        '__',
        '`',
        '```',
        '\n',
        '> ',
        ' ',
        'https://a.example/',
        'www.b.example',
        '@',
        '(',
        ')',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (given) => {
        // The word after a fence names a language and is not shown.
        const fenced = given.includes('```');
        const out = letters(plainText(given));
        if (!fenced) expect(out).toBe(letters(given));
        else expect(letters(given).length).toBeGreaterThanOrEqual(out.length);
      }),
      { numRuns: 600 },
    );
  });

  it.each([
    ['marks that open', '*a ', 1333],
    ['marks of two kinds', '_*', 2000],
    ['ticks', '`', 4000],
    ['quotes', '> ', 2000],
    ['half hosts', 'a.b', 1300],
    ['brackets', '[(', 2000],
  ])('is quick with thousands of %s', (_name, piece, times) => {
    const started = performance.now();
    parseText(piece.repeat(times));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('shows a text that no client of ours could have sent as it is', () => {
    const text = `*a* ${'x'.repeat(30_000)}`;
    expect(parseText(text)).toEqual([{ kind: 'paragraph', children: [{ kind: 'text', text }] }]);
  });
});

describe('findLinks', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['http://example.org:8080/a?b=c#d', 'http://example.org:8080/a?b=c#d'],
    ['www.example.org', 'https://www.example.org/'],
    ['example.org/page', 'https://example.org/page'],
    ['anna@example.org', 'mailto:anna@example.org'],
  ])('%s leads to %s', (text, href) => {
    expect(findLinks(text).map((link) => link.node.href)).toEqual([href]);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//example.org.',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.org',
    'relay://open',
    'https://user:secret@example.org/',
    'https://user@example.org/',
    'readme.md',
    'run.sh and main.py',
  ])('%s is no link that leads there', (text) => {
    for (const { node } of findLinks(text)) {
      const url = new URL(node.href);
      expect(['http:', 'https:', 'mailto:']).toContain(url.protocol);
      expect([url.username, url.password]).toEqual(url.protocol === 'mailto:' ? ['', ''] : ['', '']);
      expect(node.href.length).toBeLessThanOrEqual(2048);
      expect(node.href).not.toMatch(/readme\.md|run\.sh|main\.py|secret/);
    }
  });

  it('makes no link of an address that is too long to be opened', () => {
    expect(findLinks(`https://example.org/${'a'.repeat(3000)}`)).toEqual([]);
  });

  it.each([
    ['example.org', false],
    ['пример.рф', false],
    ['münchen.example', false],
    ['аррӏе.com', true],
    ['pаypal.com', true],
    ['xn--pple-43d.com', true],
    ['ехаmple.org', true],
  ])('the host %s passes for another: %s', (host, deceptive) => {
    expect(isDeceptive(host)).toBe(deceptive);
  });

  it('says the real host of a link that passes for another', () => {
    const [link] = findLinks('https://pаypal.com/login');
    expect(link?.node.realHost).toMatch(/^xn--/);
    expect(findLinks('https://paypal.com/login')[0]?.node.realHost).toBeNull();
  });

  it("strips what reorders a link's letters, and then says the host", () => {
    for (const { node } of findLinks('https://example.org/\u202Egpj.exe')) {
      expect(node.text).not.toMatch(/[\u202A-\u202E]/);
      expect(node.realHost).toBe('example.org');
    }
  });
});

describe('isRightToLeft', () => {
  it.each([
    ['שלום hello', true],
    ['hello שלום', false],
    ['123 مرحبا', true],
    ['', false],
  ])('%j: %s', (text, answer) => {
    expect(isRightToLeft(text)).toBe(answer);
  });
});
