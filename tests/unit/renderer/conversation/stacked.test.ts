import { expect, test } from 'vitest';
import type { InlineNode } from '#contract/model/message-text/nodes.ts';
import { hasStackedMarks } from '../../../../renderer/src/features/conversation/text/stacked.ts';

const text = (words: string): InlineNode => ({ kind: 'text', text: words });

test.each<[string, InlineNode[], boolean]>([
  ['nothing', [], false],
  ['plain words', [text('A line of words.')], false],
  ['letters with one mark each', [text('Zoe\u0308 e\u0301te\u0301')], false],
  ['Thai, with a vowel and a tone on one letter', [text('\u0E17\u0E35\u0E48 \u0E19\u0E35\u0E49')], false],
  ['Vietnamese, taken apart', [text('Vie\u0323\u0302t')], false],
  ['Hindi, with a nukta and a vowel sign', [text('\u0921\u093C\u0940')], false],
  ['emojis with a skin and a joiner', [text('\u{1F469}\u{1F3FD}\u200D\u{1F680} \u2764\uFE0F')], false],
  ['three marks in a row', [text('a\u0301\u0301\u0301')], true],
  ['sixty marks', [text(`x${'\u0301\u0323'.repeat(30)}`)], true],
  ['in code', [{ kind: 'code', text: 'a\u0301\u0301\u0301' }], true],
  ['in a link', [{ kind: 'link', text: 'a\u0301\u0301\u0301', href: 'https://example.org/', realHost: null }], true],
  [
    'in bold inside of italic',
    [{ kind: 'italic', children: [{ kind: 'bold', children: [text('a\u0301\u0301\u0301')] }] }],
    true,
  ],
  ['on both sides of a border', [text('a\u0301'), { kind: 'bold', children: [text('\u0301\u0301')] }], true],
])('marks that may leave their line: %s', (_, nodes, expected) => {
  expect(hasStackedMarks(nodes)).toBe(expected);
});
