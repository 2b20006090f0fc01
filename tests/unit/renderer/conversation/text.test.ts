import fc from 'fast-check';
import { asSent } from '#contract/model/message-text/as-sent.ts';
import { describe, expect, it } from 'vitest';
import { isDeceptive } from '../../../../renderer/src/features/conversation/text/hosts.ts';
import { findLinks } from '../../../../renderer/src/features/conversation/text/links.ts';
import type { BlockNode, InlineNode } from '#contract/model/message-text/nodes.ts';
import { isRightToLeft, plainText } from '#contract/model/message-text/blocks.ts';
import { parseText } from '../../../../renderer/src/features/conversation/text/parse.ts';

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
    ['¯\\_(ツ)_/¯', 'P:¯\\_(ツ)_/¯'],
    ['^_^ hi ^_^', 'P:^_^ hi ^_^'],
    ['src/**/*.ts, test/**/*.ts', 'P:src/**/*.ts, test/**/*.ts'],
    ['*.ts and *.js', 'P:*.ts and *.js'],
    ['**/*.ts,**/*.js', 'P:**/*.ts,**/*.js'],
    ['*_* and -_- and T_T and >_<', 'P:*_* and -_- and T_T and >_<'],
    ['5 * 3 = 15, 2*3', 'P:5 * 3 = 15, 2*3'],
    ['*really*?! «*да*»', 'P:b(really)?! «b(да)»'],
    ['*重要*。', 'P:b(重要)。'],
    ['*🎉* _50 %_ *$5*', 'P:b(🎉) i(50 %) b($5)'],
    ['*a*_b_', 'P:b(a)i(b)'],
    ['a\r\nb\rc', 'P:a\nb\nc'],
    ['```\r\n  let a;\r\n  let b;\r\n```', 'C:  let a;\n  let b;'],
    ['\n\n    indented\nthen not\n\n', 'P:    indented\nthen not'],
    ['  \n\tfirst', 'P:\tfirst'],
    ['https://example.org/__init__', 'P:a(https://example.org/__init__)'],
    ['_https://example.org/a_', 'P:i(a(https://example.org/a))'],
    ['https://example.org/(a)_b', 'P:a(https://example.org/(a)_b)'],
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
    ['http://[::1]:3000/', 'http://[::1]:3000/'],
    ['http://localhost:3000', 'http://localhost:3000/'],
    ['https://ru.wikipedia.org/wiki/Мост', 'https://ru.wikipedia.org/wiki/%D0%9C%D0%BE%D1%81%D1%82'],
    ['https://example.org/wiki/Bridge_(song)', 'https://example.org/wiki/Bridge_(song)'],
    ['EXAMPLE.ORG', 'https://example.org/'],
  ])('%s leads to %s', (text, href) => {
    expect(findLinks(text).map((link) => link.node.href)).toEqual([href]);
  });

  it.each([
    ['«https://example.org»', 'https://example.org'],
    ['“https://example.org/a”', 'https://example.org/a'],
    ['‘https://example.org/a’', 'https://example.org/a'],
    ['https://example.org/a…', 'https://example.org/a'],
    ['https://example.org/a—b', 'https://example.org/a'],
    ['https://example.org/a，好', 'https://example.org/a'],
    ['请看https://example.org。谢谢', 'https://example.org'],
    ['https://example.org谢谢', 'https://example.org'],
    ['https://example.org/🎉', 'https://example.org/'],
    ['https://example.org/a🎉', 'https://example.org/a'],
    ['(see https://example.org/a).', 'https://example.org/a'],
    ['https://example.org/a?b=c!', 'https://example.org/a?b=c'],
    ['[https://example.org/a]', 'https://example.org/a'],
    ['https://example.org.', 'https://example.org'],
    ['example.org, then', 'example.org'],
    ['anna@example.org,', 'anna@example.org'],
    ['https://paypal.com。evil.example/', 'https://paypal.com'],
    ['https://paypal.com\u2044evil.example/', 'https://paypal.com'],
    ['https://paypal.com\u2215login.evil.example/', 'https://paypal.com'],
    ['https://paypal.com\\@evil.example/', 'https://paypal.com'],
    ['https://example.org/\u202Egpj.exe', 'https://example.org/'],
    ['ok.In the', ''],
    ['Done.It works', ''],
    ['https://paypal.com@evil.example/', ''],
    ['https://paypal.com:x@evil.example/', ''],
    ['xhttps://example.org', ''],
  ])('in %s the link is %j', (text, link) => {
    expect(
      findLinks(text)
        .map((found) => text.slice(found.start, found.end))
        .join(' '),
    ).toBe(link);
  });

  it('shows what stands there, and the host that is judged is the host that opens', () => {
    const piece = fc.constantFrom(
      'https://',
      'http://',
      'www.',
      'paypal.com',
      'evil.example',
      '。',
      '\u2044',
      '@',
      ':',
      '/',
      '\\',
      '.',
      '[::1]',
      ' ',
      '«',
      '»',
      'пример',
      '谢谢',
      '🎉',
      '\u202E',
      '\u200D',
      '\uFF0F',
      '#',
      '?',
      '(',
      ')',
      '_',
      '*',
      '%2e',
      '\uFF21',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        for (const { start, end, node } of findLinks(text)) {
          expect(node.text).toBe(text.slice(start, end));
          const url = new URL(node.href);
          if (url.protocol === 'mailto:') continue;
          const written = /^(?:https?:\/\/)?([^/?#]*)/i.exec(node.text)?.[1] ?? '';
          const judged = new URL(`https://${written}`).host.replace(/:\d+$/, '');
          expect(url.host.replace(/:\d+$/, '')).toBe(judged);
          if (node.realHost === null && !/[^\x21-\x7E]/.test(written))
            expect(url.hostname).toBe(written.toLowerCase().replace(/:\d*$/, ''));
        }
      }),
      { numRuns: 3000 },
    );
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
    ['ｐａｙｐａｌ.com', true],
    ['ﬁnance.example', true],
  ])('the host %s passes for another: %s', (host, deceptive) => {
    expect(isDeceptive(host)).toBe(deceptive);
  });

  it('says the real host of a link that passes for another', () => {
    const [link] = findLinks('https://pаypal.com/login');
    expect(link?.node.realHost).toMatch(/^xn--/);
    expect(findLinks('https://paypal.com/login')[0]?.node.realHost).toBeNull();
  });

  it('ends a link before what reorders its letters', () => {
    const links = findLinks('https://example.org/\u202Egpj.exe');
    expect(links.map(({ node }) => [node.text, node.href])).toEqual([['https://example.org/', 'https://example.org/']]);
  });
});

describe('asSent', () => {
  it.each([
    ['  indented\n  too  ', '  indented\n  too'],
    ['\n \n\tcode\n\n', '\tcode'],
    ['a\r\n\r\nb\r\n', 'a\n\nb'],
    ['   ', ''],
  ])('%j leaves as %j', (typed, sent) => {
    expect(asSent(typed)).toBe(sent);
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
