import { describe, expect, it, test } from 'vitest';
import { headSize } from '../../../../renderer/src/engines/picture-head.ts';
import { animated, avif, jpeg, png, pngBomb, webp } from '../../../helpers/media-samples.ts';

describe('the size of a picture by its first bytes', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, [number, number]]>([
    ['PNG', () => png(640, 480), [640, 480]],
    ['JPEG', () => jpeg(1200, 800), [1200, 800]],
    ['JPEG with tags, as stored', () => jpeg(1200, 800, 6), [1200, 800]],
    ['WebP', () => webp(321, 123), [321, 123]],
    ['animated WebP', () => animated('webp', 3), [40, 40]],
    ['GIF', () => animated('gif', 3), [40, 40]],
    ['a bomb', () => pngBomb(16_000), [16_000, 16_000]],
  ])('%s', async (_name, make, [width, height]) => {
    expect(headSize(await make())).toEqual({ width, height });
  });

  test('of lossless WebP', () => {
    const head = Buffer.alloc(30);
    head.write('RIFF', 0, 'latin1');
    head.write('WEBPVP8L', 8, 'latin1');
    head.writeUInt32LE((99 | (49 << 14)) >>> 0, 21);
    expect(headSize(head)).toEqual({ width: 100, height: 50 });
  });

  test('is found behind fill bytes', async () => {
    const bytes = await jpeg(30, 20);
    const filled = Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xff, 0xff]), bytes.subarray(2)]);
    expect(headSize(filled)).toEqual({ width: 30, height: 20 });
  });

  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('hello, this is no picture at all')],
    ['another format', () => avif(100, 100)],
    ['a picture without area', () => Buffer.from('GIF89a\0\0\0\0', 'latin1')],
    ['a JPEG that ends before it says', async () => (await jpeg(30, 20)).subarray(0, 12)],
    ['a JPEG that is none behind its begin', () => Buffer.from('ffd80000000000000000000000', 'hex')],
  ])('%s says none', async (_name, make) => {
    expect(headSize(await make())).toBeNull();
  });

  test('any beginning of any of them gives a size or none, and ends', async () => {
    for (const bytes of [await png(9, 9), await jpeg(9, 9, 6), await webp(9, 9), await animated('gif', 2)])
      for (let end = 0; end < Math.min(bytes.length, 400); end++)
        expect([null, 9, 40]).toContain(headSize(bytes.subarray(0, end))?.width ?? null);
  });
});
