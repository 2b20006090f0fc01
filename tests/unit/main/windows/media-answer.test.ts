import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AskedRange, resolveRange } from '../../../../contract/api/byte-range.ts';
import {
  type MediaOpener,
  type MediaProblem,
  NO_MEDIA,
  type OpenedMedia,
} from '../../../../electron/main/lib/media.ts';
import { answerMediaRequest } from '../../../../electron/main/windows/media-answer.ts';
import { forMediaElement } from '../../../../electron/main/windows/opus-head.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

const SIZE = 1000;
const BYTES = Buffer.from(Array.from({ length: SIZE }, (_, index) => index % 251));

interface Asked {
  id: string;
  range: AskedRange | null;
  signal: AbortSignal;
  cancelled: number;
  returned: boolean;
  read: number;
}

/** A service that knows one medium, and keeps what it was asked. */
function opener(more: Partial<OpenedMedia> = {}, pieces?: () => AsyncIterable<Uint8Array>) {
  const asked: Asked[] = [];
  const media: MediaOpener = {
    async open(id, range, signal) {
      const one: Asked = { id, range, signal, cancelled: 0, returned: false, read: 0 };
      asked.push(one);
      const part = range && resolveRange(range, SIZE);
      if (range && !part) return { problem: 'out_of_range', size: SIZE };
      async function* all(): AsyncGenerator<Uint8Array> {
        const bytes = part ? BYTES.subarray(part.start, part.end + 1) : BYTES;
        for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
      }
      async function* watched(): AsyncGenerator<Uint8Array> {
        try {
          for await (const piece of pieces?.() ?? all()) {
            one.read += piece.length;
            yield piece;
          }
        } finally {
          one.returned = true;
        }
      }
      return { type: 'audio/wav', size: SIZE, part, body: watched(), cancel: () => (one.cancelled += 1), ...more };
    },
  };
  return { media, asked };
}

const URL_OF = 'app://relay/media/tone';

function ask(
  media: MediaOpener,
  headers: Record<string, string> = {},
  { method = 'GET', url = URL_OF, logger = recordingLogger() } = {},
): Promise<Response> {
  return answerMediaRequest(new Request(url, { method, headers }), media, logger);
}

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('a medium', () => {
  it.each<[string, Record<string, string>, number, [number, number] | null, Record<string, string | null>]>([
    ['whole', {}, 200, [0, SIZE], { 'content-length': '1000', 'content-range': null }],
    // What Chromium's media elements ask first.
    ['from its begin', { range: 'bytes=0-' }, 206, [0, SIZE], { 'content-range': 'bytes 0-999/1000' }],
    // Never less than the rest: they would take it for the end.
    ['from a place on', { range: 'bytes=990-' }, 206, [990, SIZE], { 'content-length': '10' }],
    ['a part', { range: 'bytes=10-19' }, 206, [10, 20], { 'content-range': 'bytes 10-19/1000' }],
    ['its end', { range: 'bytes=-5' }, 206, [995, SIZE], { 'content-range': 'bytes 995-999/1000' }],
    ['behind its end', { range: 'bytes=1000-' }, 416, null, { 'content-range': 'bytes */1000' }],
    ['several parts', { range: 'bytes=0-1,5-6' }, 200, [0, SIZE], { 'content-length': '1000' }],
    ['a part backwards', { range: 'bytes=9-5' }, 200, [0, SIZE], {}],
    ['a part, if it is the same', { range: 'bytes=1-2', 'if-range': '"x"' }, 200, [0, SIZE], {}],
  ])('%s', async (_what, headers, status, part, expected) => {
    const { media, asked } = opener();
    const answer = await ask(media, headers);
    expect(answer.status).toBe(status);
    for (const [name, value] of Object.entries(expected)) expect(answer.headers.get(name), name).toBe(value);
    expect((await bytesOf(answer)).equals(part ? BYTES.subarray(...part) : Buffer.alloc(0))).toBe(true);
    if (part) {
      expect(answer.headers.get('accept-ranges')).toBe('bytes');
      expect(answer.headers.get('content-type')).toBe('audio/wav');
      expect(asked[0]).toMatchObject({ id: 'tone', cancelled: 1, returned: true });
    }
    const head = await ask(media, headers, { method: 'HEAD' });
    expect([head.status, (await bytesOf(head)).length]).toEqual([status, 0]);
    for (const [name, value] of Object.entries(expected)) expect(head.headers.get(name), name).toBe(value);
    if (part) expect(asked[1]).toMatchObject({ read: 0, cancelled: 1, signal: { aborted: true } });
  });

  it('is sent so that nothing of it could run, nor be kept', async () => {
    const answer = await ask(opener().media);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  it.each([
    ['image/png', 'image/png'],
    ['video/mp4', 'video/mp4'],
    ['image/svg+xml', 'application/octet-stream'],
    ['text/html', 'application/octet-stream'],
    ['text/javascript', 'application/octet-stream'],
    ['text/css', 'application/octet-stream'],
    ['application/pdf', 'application/octet-stream'],
    ['audio/wav; codecs=1', 'audio/wav'],
    ['video/quicktime', 'video/mp4'],
    ['audio/wav\r\nX-Evil: y', 'application/octet-stream'],
  ])('of the type %j comes as %s', async (type, expected) => {
    expect((await ask(opener({ type }).media)).headers.get('content-type')).toBe(expected);
  });

  it.each([
    ['from its begin', 'audio/opus', {}, [0, 6000], true],
    ['a part from its begin', 'application/ogg', { range: 'bytes=0-2999' }, [0, 3000], true],
    ['from a place on', 'audio/ogg', { range: 'bytes=10-2999' }, [10, 3000], false],
    ['of another type', 'audio/wav', {}, [0, 6000], false],
  ] as const)('that is Ogg Opus, %s (%s): its begin is told to a media element in its way', async (...row) => {
    const [, type, headers, [from, to], isTold] = row;
    const file = readFileSync(join(import.meta.dirname, '../../../fixtures/sound/first.opus')).subarray(0, 6000);
    const part = 'range' in headers ? { start: from, end: to - 1 } : null;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let at = from; at < to; at += 7) yield file.subarray(at, Math.min(to, at + 7));
    }
    const answer = await ask(opener({ type, size: file.length, part, body: body() }).media, headers);
    const expected = Buffer.from(isTold ? forMediaElement(file) : file).subarray(from, to);
    expect((await bytesOf(answer)).equals(expected)).toBe(true);
    expect(answer.headers.get('content-length')).toBe(String(to - from));
  });

  it('that is empty is no error', async () => {
    const answer = await ask(opener({ size: 0, part: null }).media);
    expect([answer.status, answer.headers.get('content-length'), (await bytesOf(answer)).length]).toEqual([
      200,
      '0',
      0,
    ]);
  });

  it('is read no faster than it is wanted', async () => {
    const { media, asked } = opener();
    const answer = await ask(media);
    const reader = answer.body?.getReader();
    expect(asked[0]?.read).toBe(0);
    await reader?.read();
    expect(asked[0]?.read).toBe(100);
    await reader?.read();
    expect(asked[0]?.read).toBe(200);
    await reader?.cancel();
    expect(asked[0]).toMatchObject({ cancelled: 1, signal: { aborted: true } });
    await Promise.resolve();
    expect(asked[0]?.returned).toBe(true);
  });

  it('may be taken back while a piece of it is on its way', async () => {
    let give: () => void = () => undefined;
    const { media, asked } = opener({}, async function* () {
      await new Promise<void>((resolve) => (give = resolve));
      yield BYTES;
    });
    const reader = (await ask(media)).body?.getReader();
    const piece = reader?.read();
    await Promise.resolve();
    await reader?.cancel();
    expect(asked[0]?.cancelled).toBe(1);
    give();
    expect(await piece).toEqual({ done: true, value: undefined });
  });
});

describe('a request', () => {
  it.each([
    'app://relay/media/',
    'app://relay/media/a/b',
    'app://relay/media/../index.html/x',
    'app://relay/media/%2e%2e',
    'app://relay/media/..%2f..%2fetc',
    'app://relay/media/a.b',
    'app://relay/media/a%00',
    'app://relay/media/a b',
    `app://relay/media/${'a'.repeat(129)}`,
    'app://relay/media/tone?x=1',
    'app://relay/media/tone/',
  ])('for %s finds nothing, and asks nobody', async (url) => {
    const { media, asked } = opener();
    const answer = await ask(media, {}, { url });
    expect([answer.status, (await bytesOf(answer)).length, asked.length]).toEqual([404, 0, 0]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('with %s is refused', async (method) => {
    const { media, asked } = opener();
    const answer = await ask(media, {}, { method });
    expect([answer.status, answer.headers.get('allow'), asked.length]).toEqual([405, 'GET, HEAD', 0]);
  });

  it('for what nobody knows is 404: of all media, before there is a service', async () => {
    expect((await ask(NO_MEDIA)).status).toBe(404);
    expect((await ask(NO_MEDIA, { range: 'bytes=0-' })).status).toBe(404);
  });
});

describe('what cannot be had now breaks the request, since an answer would end the track', () => {
  it.each<[string, () => Promise<OpenedMedia | MediaProblem>]>([
    ['nobody answers', () => Promise.resolve({ problem: 'unavailable' })],
    ['the service fails', () => Promise.reject(new Error('secret words'))],
  ])('%s', async (_what, open) => {
    const logger = recordingLogger();
    const answer = await ask({ open }, { range: 'bytes=5-' }, { logger });
    expect(answer.type).toBe('error');
    expect(JSON.stringify(logger.entries)).not.toContain('secret words');
    expect(logger.entries.length).toBeGreaterThan(0);
  });

  it.each<[string, Partial<OpenedMedia>, Record<string, string>]>([
    ['the whole in the place of a part', { part: null }, { range: 'bytes=5-' }],
    ['another part', { part: { start: 4, end: 999 } }, { range: 'bytes=5-' }],
    ['less than the rest', { part: { start: 5, end: 998 } }, { range: 'bytes=5-' }],
    ['a part of what was asked for whole', { part: { start: 0, end: 9 } }, {}],
  ])('%s', async (_what, more, headers) => {
    const { media, asked } = opener(more);
    expect((await ask(media, headers)).type).toBe('error');
    expect(asked[0]).toMatchObject({ cancelled: 1, signal: { aborted: true } });
  });

  it.each<[string, () => AsyncIterable<Uint8Array>]>([
    [
      'it breaks',
      async function* () {
        yield BYTES.subarray(0, 100);
        throw new Error('the disk is gone');
      },
    ],
    [
      'it ends early',
      async function* () {
        yield BYTES.subarray(0, 100);
      },
    ],
    [
      'it goes on',
      async function* () {
        yield BYTES;
        yield BYTES;
      },
    ],
  ])('%s in the middle', async (what, pieces) => {
    const { media, asked } = opener({ size: what === 'it goes on' ? SIZE + 1 : SIZE }, pieces);
    const logger = recordingLogger();
    const answer = await ask(media, {}, { logger });
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect(asked[0]?.cancelled).toBe(1);
    expect(logger.of('media.broken')).toHaveLength(1);
  });
});
