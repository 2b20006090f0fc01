import { describe, expect, it } from 'vitest';
import { asSent } from '#contract/model/message-text/as-sent.ts';
import { isRightToLeft, parseBlocks, plainText } from '#contract/model/message-text/blocks.ts';

describe('a text as one line', () => {
  it.each([
    ['*a* _b_ `c`', 'a b c'],
    ['a\n> b\n\nc', 'a b c'],
    ['a   \t b', 'a b'],
    ['  a  ', 'a'],
    ['```\nlet a;\n  b;\n```', 'let a; b;'],
    ['x\n```\ny\n```\nz', 'x y z'],
    ['😀', '😀'],
    ['www.a.example', 'www.a.example'],
    ['', ''],
  ])('%j: %j', (text, line) => {
    expect(plainText(text)).toBe(line);
  });
});

describe('blocks', () => {
  const kinds = (text: string): string[] =>
    parseBlocks(text, () => []).map((block) => `${block.kind}:${plainTextOf(block)}`);
  const plainTextOf = (block: ReturnType<typeof parseBlocks>[number]): string =>
    'text' in block ? block.text : block.children.map((node) => ('text' in node ? node.text : '?')).join('');

  it.each([
    ['a', ['paragraph:a']],
    ['> a\n> b\nc\n> d', ['quote:a\nb', 'paragraph:c', 'quote:d']],
    ['>a', ['quote:a']],
    ['> ', ['paragraph:> ']],
    ['```\na\n```\n```\nb\n```', ['code-block:a', 'code-block:b']],
    ['```\n\n```', ['paragraph:```\n\n```']],
    ['a ```\nb\n```', ['paragraph:a ```\nb\n```']],
    ['```\na\n``` b', ['paragraph:```\na\n``` b']],
    ['', []],
    ['\n\n', []],
  ])('of %j', (text, blocks) => {
    expect(kinds(text)).toEqual(blocks);
  });

  it('are made of texts that a client of ours can send, and longer ones are shown as they are', () => {
    const mark = '*a* ';
    const longest = mark.repeat(5_000);
    expect(longest).toHaveLength(20_000);
    const [first] = parseBlocks(longest, () => []);
    expect(first && 'children' in first ? first.children[0]?.kind : null).toBe('bold');
    expect(parseBlocks(`${longest}x`, () => [])).toEqual([
      { kind: 'paragraph', children: [{ kind: 'text', text: `${longest}x` }] },
    ]);
  });
});

describe('the direction', () => {
  it.each([
    ['שלום', true],
    ['1. «سلام» hello', true],
    ['ܫܠܡܐ', true],
    ['ހެލޯ', true],
    ['ߒߞߏ', true],
    ['hello שלום', false],
    ['123', false],
    ['', false],
  ])('of %j is from right to left: %s', (text, rightToLeft) => {
    expect(isRightToLeft(text)).toBe(rightToLeft);
  });
});

describe('a text as it leaves', () => {
  it.each([
    ['a\r\nb\rc', 'a\nb\nc'],
    ['\n \n  code\n\n', '  code'],
    ['   ', ''],
    ['a', 'a'],
  ])('%j: %j', (text, sent) => {
    expect(asSent(text)).toBe(sent);
  });
});
