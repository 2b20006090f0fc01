import { describe, expect, it } from 'vitest';
import { inlineSources, tileSources, viewerSources } from '../../../../renderer/src/features/media/sources.ts';

const of = (width: number | null, height: number | null, more: object = {}) => ({
  ...{ url: '/media/f', thumbUrl: '/media/t', previewUrl: null as string | null, width, height },
  ...more,
});
const PREVIEW = { previewUrl: '/media/p' };

describe('a picture', () => {
  it.each<[string, ReturnType<typeof of>, string, string, string]>([
    ['of a usual size', of(4000, 3000), 'f t', 'f t', 't f'],
    ['larger than a message decodes', of(5000, 4000), 't', 'f t', 't'],
    ['larger than anybody decodes', of(16_000, 16_000, PREVIEW), 'p t', 'p t', 't p'],
    ['of unknown size, which may be a bomb', of(null, null), 't', 't', 't'],
    ['without previews', of(100, 100, { thumbUrl: null }), 'f', 'f', 'f'],
    ['that is nothing but too large', of(9000, 9000, { thumbUrl: null }), '', '', ''],
    ['of another origin', of(100, 100, { url: 'https://example.org/a', thumbUrl: '/x' }), '', '', ''],
  ])('%s', (_name, file, inline, viewer, tile) => {
    const names = (list: string[]): string => list.map((one) => one.replace('./media/', '')).join(' ');
    expect([inlineSources(file), viewerSources(file), tileSources(file)].map(names)).toEqual([inline, viewer, tile]);
  });
});
