/** Uploads and downloads for one account: validated before they are sent, and answered like every other call. */
import { UPLOAD_OFFSET } from '#contract/api/upload.ts';
import {
  type DownloadRouteName,
  type RouteAnswer,
  type RouteDefinition,
  type RouteInput,
  routeOf,
  type UploadRouteName,
} from '#contract/routes.ts';
import type { ApiOutcome, Download, DownloadOptions, RelayApi, UploadFile, UploadOptions } from '../ports.ts';
import {
  aimCall,
  broken,
  commonHeaders,
  noAnswer,
  readAnswer,
  refuse,
  refusedBy,
  type RelayApiOptions,
} from './call-parts.ts';
import type { OpenedDownload } from './download.ts';
import { layOutMultipart, type MultipartBody } from './multipart.ts';
import { createTransferMeter } from './transfer-progress.ts';

/** Milliseconds without a byte after which a transfer counts as dead. */
const SILENCE_MS = 60_000;

const NOTHING = Buffer.alloc(0);
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,256}"$/;

/** The body of a row that takes bytes and nothing around them. */
function plainBody(route: RouteDefinition, { source }: UploadFile): MultipartBody {
  const contentType = route.kind === 'upload' ? route.mediaType : '';
  return { contentType, length: source.size, head: NOTHING, tail: NOTHING };
}

async function* bodyOf(layout: MultipartBody, file: UploadFile): AsyncGenerator<Uint8Array, void> {
  if (layout.head.length > 0) yield layout.head;
  yield* file.source.open();
  if (layout.tail.length > 0) yield layout.tail;
}

function isRange({ start, end }: { start: number; end?: number }): boolean {
  const isPlace = (place: number): boolean => Number.isSafeInteger(place) && place >= 0;
  return isPlace(start) && (end === undefined || (isPlace(end) && end >= start));
}

/** A stream as callers see it: invalid headers are left out. */
function viewOf(opened: OpenedDownload): Download {
  const { status, start, length, size, body } = opened;
  const type = (opened.header('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const etag = opened.header('etag') ?? '';
  return {
    status,
    start,
    length,
    size,
    type: MEDIA_TYPE.test(type) ? type.toLowerCase() : null,
    etag: ENTITY_TAG.test(etag) ? etag : null,
    body,
    cancel: () => opened.cancel(),
  };
}

/** The transfers of a client of one server, for one token. */
export function createTransferCalls(options: RelayApiOptions): Pick<RelayApi, 'upload' | 'download'> {
  const { http, clock, logger, token } = options;

  async function upload<N extends UploadRouteName>(
    name: N,
    input: RouteInput<N>,
    file: UploadFile,
    { signal, onProgress, silenceMs = SILENCE_MS, fields, offset }: UploadOptions = {},
  ): Promise<ApiOutcome<RouteAnswer<N>>> {
    const route = routeOf(name);
    const { size } = file.source;
    if (!Number.isSafeInteger(size) || size < 0) return refuse('bad_request', 'no size');
    const aimed = aimCall(options, name, route, input);
    if ('ok' in aimed) return aimed;
    const isForm = route.kind === 'upload' && route.mediaType === 'multipart/form-data';
    const layout = isForm ? layOutMultipart(file, fields) : plainBody(route, file);
    if (!layout) return refuse('bad_request', 'no name of a field');
    const meter = createTransferMeter(clock, (sent) =>
      onProgress?.({ bytes: Math.min(Math.max(sent - layout.head.length, 0), size), total: size }),
    );
    const started = clock.monotonic();
    const outcome = await http.upload({
      method: route.method,
      url: aimed.url,
      headers: {
        Accept: 'application/json',
        ...commonHeaders(route, token),
        ...(offset === undefined ? {} : { [UPLOAD_OFFSET]: String(offset) }),
      },
      contentType: layout.contentType,
      length: layout.length,
      chunks: () => bodyOf(layout, file),
      silenceMs,
      signal,
      onSent: (bytes) => meter.moved(bytes),
    });
    const took = Math.round(clock.monotonic() - started);
    meter.stop();
    if (!outcome.answered) return noAnswer(options, name, outcome.end, took);
    const { answer } = outcome;
    options.onDate?.(answer.header('date'));
    logger.debug('api.answered', { route: name, status: answer.status, took });
    if (answer.status < 200 || answer.status > 299) return refusedBy(options, name, route, answer);
    meter.end();
    const read = await readAnswer(options, name, answer);
    if (!read.ok) return read;
    return { ok: true, value: read.value as RouteAnswer<N>, status: answer.status };
  }

  async function download<N extends DownloadRouteName>(
    name: N,
    input: RouteInput<N>,
    { signal, onProgress, silenceMs = SILENCE_MS, range, ifRange }: DownloadOptions = {},
  ): Promise<ApiOutcome<Download>> {
    const route = routeOf(name);
    if (range && !isRange(range)) return refuse('bad_request', 'no range');
    if (ifRange !== undefined && !ENTITY_TAG.test(ifRange)) return refuse('bad_request', 'no entity tag');
    const aimed = aimCall(options, name, route, input);
    if ('ok' in aimed) return aimed;
    let total: number | null = null;
    const meter = createTransferMeter(clock, (bytes) => onProgress?.({ bytes, total }));
    const started = clock.monotonic();
    const outcome = await http.download({
      url: aimed.url,
      headers: { Accept: '*/*', ...commonHeaders(route, token) },
      range,
      ifRange,
      silenceMs,
      signal,
      onReceived: (bytes) => meter.moved(bytes),
      onEnd: () => meter.end(),
    });
    const took = Math.round(clock.monotonic() - started);
    if (outcome.opened) {
      options.onDate?.(outcome.download.header('date'));
      logger.debug('api.answered', { route: name, status: outcome.download.status, took });
      total = outcome.download.length;
      return { ok: true, value: viewOf(outcome.download), status: outcome.download.status };
    }
    if (!outcome.answered) return noAnswer(options, name, outcome.end, took);
    options.onDate?.(outcome.answer.header('date'));
    if (outcome.broken !== undefined) return broken(options, name, outcome.answer.status, outcome.broken);
    return refusedBy(options, name, route, outcome.answer);
  }

  return { upload, download };
}
