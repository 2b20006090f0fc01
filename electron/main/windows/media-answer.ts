/**
 * Media on the page's own origin, at `/media/<id>`: whole and by range, for a closed list of types.
 *
 * Chromium's media elements trust a scheme that is not HTTP too much: they check neither the status nor
 * `Content-Range`, take `Content-Length` for the rest of the file, and an empty answer for its end. So a range request
 * is always answered with exactly that range, up to its end and with its length; and media that is unavailable now
 * fails the request, which makes them retry, instead of returning an error status, which would end the track.
 */
import { type AskedRange, readRange, resolveRange, writeContentRange } from '#contract/api/byte-range.ts';
import { inlineType } from '#contract/model/media-types.ts';
import { errorName } from '../lib/emitter.ts';
import type { MediaOpener, OpenedMedia } from '../lib/media.ts';
import type { Logger } from '../services/ports.ts';
import { MEDIA_HEADERS } from './csp.ts';
import { withOpusHead } from './opus-head.ts';

const MEDIA_ID = /^\/media\/([A-Za-z0-9_-]{1,128})$/;

function refuse(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { ...MEDIA_HEADERS, ...headers } });
}

/**
 * The bytes as the page's stream, pulled one chunk at a time. Written by hand, since Node's own adapter throws where it
 * cannot be caught when a stream is cancelled during a read, as every seek does.
 * @param release frees the source; called once, however the stream ends.
 */
function streamOf(
  pieces: AsyncIterator<Uint8Array, unknown>,
  length: number,
  release: () => void,
  onBroken: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  let left = length;
  let isOver = false;
  const end = (): void => {
    isOver = true;
    release();
    // It may be in the middle of a chunk; how it ends no longer matters.
    pieces.return?.().catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const taken = await pieces.next();
          if (isOver) return;
          if (taken.done === true) throw new RangeError('shorter than it was said to be');
          left -= taken.value.length;
          if (left < 0) throw new RangeError('longer than it was said to be');
          controller.enqueue(taken.value);
          if (left > 0) return;
          end();
          controller.close();
        } catch (error) {
          if (isOver) return;
          end();
          controller.error(error);
          onBroken(error);
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}

/** True when what was opened is what was requested. */
function fits({ part, size }: OpenedMedia, range: AskedRange | null): boolean {
  const wanted = range && resolveRange(range, size);
  if (wanted === null) return part === null && range === null;
  return part !== null && part.start === wanted.start && part.end === wanted.end;
}

async function openMedia(
  media: MediaOpener,
  id: string,
  range: AskedRange | null,
  signal: AbortSignal,
  logger: Logger,
): ReturnType<MediaOpener['open']> {
  try {
    return await media.open(id, range, signal);
  } catch (error) {
    logger.error('media.threw', { error: errorName(error) });
    return { problem: 'unavailable' };
  }
}

/** Answers a request for a path below `MEDIA_PATH`. */
export async function answerMediaRequest(
  request: Pick<Request, 'method' | 'url' | 'headers'>,
  media: MediaOpener,
  logger: Logger,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
  const { pathname, search } = new URL(request.url);
  const id = MEDIA_ID.exec(pathname)?.[1];
  if (id === undefined || search !== '') return refuse(404);
  // There are no entity tags here for If-Range to name, so the whole body is meant.
  const range = request.headers.has('if-range') ? null : readRange(request.headers.get('range'));
  const stop = new AbortController();
  const opened = await openMedia(media, id, range, stop.signal, logger);
  if ('problem' in opened) {
    if (opened.problem === 'unknown') return refuse(404);
    if (opened.problem === 'out_of_range') {
      return refuse(416, { 'Accept-Ranges': 'bytes', 'Content-Range': writeContentRange(null, opened.size) });
    }
    logger.info('media.unavailable');
    return Response.error();
  }
  const release = (): void => {
    stop.abort();
    opened.cancel();
  };
  if (!fits(opened, range)) {
    logger.error('media.another_part');
    release();
    return Response.error();
  }
  const { part, size } = opened;
  const length = part ? part.end - part.start + 1 : size;
  const type = inlineType(opened.type) ?? 'application/octet-stream';
  const headers = {
    ...MEDIA_HEADERS,
    'Content-Type': type,
    'Content-Length': String(length),
    'Accept-Ranges': 'bytes',
    ...(part ? { 'Content-Range': writeContentRange(part, size) } : {}),
  };
  const status = part ? 206 : 200;
  if (request.method === 'HEAD' || length === 0) {
    release();
    return new Response(null, { status, headers });
  }
  const isHead = type === 'audio/ogg' && (part?.start ?? 0) === 0;
  const pieces = isHead ? withOpusHead(opened.body) : opened.body;
  const body = streamOf(pieces[Symbol.asyncIterator](), length, release, (error) =>
    logger.warn('media.broken', { error: errorName(error) }),
  );
  return new Response(body, { status, headers });
}
