/**
 * One request whose answer is a stream of bytes. It is read no faster than it is consumed, is exactly as long as its
 * headers promise or fails, may take any time while bytes move, and follows no redirect.
 */
import type { IncomingMessage } from 'node:http';
import { readContentRange, writeRange } from '#contract/api/byte-range.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { Clock } from '../ports.ts';
import { readText } from './answer-text.ts';
import { type Agents, headerOf, type HttpAnswer, streamClient } from './connection.ts';
import { classifyEnd, type RequestEnd } from './failure.ts';
import { RequestLife } from './request-life.ts';
import { watchSilence } from './silence.ts';

/** Maximum number of bytes read of an answer that is not a file. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface DownloadRequest {
  url: URL;
  headers: Record<string, string>;
  /** From `start` to `end`, inclusive; to the end of the file without `end`. */
  range?: { start: number; end?: number | undefined } | undefined;
  /** The entity tag that the part must belong to: otherwise the whole is returned. */
  ifRange?: string | undefined;
  /** Milliseconds without a byte while one is awaited. */
  silenceMs: number;
  signal?: AbortSignal | undefined;
  /** Receives the number of bytes that have just arrived. */
  onReceived?: (bytes: number) => void;
  /** All of it has arrived. */
  onEnd?: () => void;
}

/** The head of a stream that has begun. */
export interface OpenedDownload {
  status: 200 | 206;
  /** `name` is in lower case; the first value of a repeated header. */
  header(name: string): string | undefined;
  /** Offset of the first byte in the file. */
  start: number;
  /** Number of bytes to come; null if only the end of the stream will tell. */
  length: number | null;
  /** Size of the whole file in bytes, if known. */
  size: number | null;
  /** Read once. Throws `TransferFailed` if it does not come to its end. */
  body: AsyncIterable<Uint8Array>;
  /** Ends it early. */
  cancel(): void;
}

export type DownloadOutcome =
  | { opened: true; download: OpenedDownload }
  /** An answer that is not a file: a refusal, a redirect, or an invalid one. */
  | { opened: false; answered: true; answer: HttpAnswer; broken?: string }
  | { opened: false; answered: false; end: RequestEnd };

interface Extent {
  start: number;
  length: number | null;
  size: number | null;
}

/** Where the answer's bytes belong; a reason if its headers contradict each other or the request. */
function extentOf(response: IncomingMessage, asked: DownloadRequest['range']): Extent | string {
  const { headers, statusCode } = response;
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return 'packed';
  const isChunked = headers['transfer-encoding'] !== undefined;
  // Node has rejected anything that is not a number.
  const length = headers['content-length'] === undefined ? null : Number(headers['content-length']);
  // Its end would look the same as a broken connection.
  if (length === null && !isChunked) return 'no length';
  if (statusCode === 200) return { start: 0, length, size: length };
  const range = readContentRange(headers['content-range']);
  if (!asked || !range) return 'a part that was not asked for';
  const bytes = range.end - range.start + 1;
  if (range.start !== asked.start || (asked.end !== undefined && range.end > asked.end)) return 'another part';
  if (length !== null && length !== bytes) return 'two lengths';
  return { start: range.start, length: bytes, size: range.size };
}

/** One download, from its first byte sent to the last one received. */
class Download {
  readonly life: RequestLife;
  readonly #request: DownloadRequest;
  #isWaiting = true;

  constructor(clock: Clock, connectTimeoutMs: number, request: DownloadRequest) {
    this.#request = request;
    this.life = new RequestLife(clock, connectTimeoutMs, request);
    const { life } = this;
    life.onClose(
      watchSilence(
        clock,
        request.silenceMs,
        () => life.progress.request?.socket?.bytesRead ?? 0,
        // No bytes are being requested: then it is the reader that is slow.
        () => !life.progress.connected || !this.#isWaiting,
        () => life.end('timeout'),
      ),
    );
  }

  async ask(agents: Agents): Promise<IncomingMessage> {
    const { url, headers, range, ifRange } = this.#request;
    const response = await streamClient.request<IncomingMessage>({
      method: 'GET',
      url: url.href,
      headers: {
        ...headers,
        'Accept-Encoding': 'identity',
        ...(range ? { Range: writeRange(range) } : {}),
        ...(range && ifRange !== undefined ? { 'If-Range': ifRange } : {}),
      },
      signal: this.life.signal,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      transport: this.life.transport,
    });
    return response.data;
  }

  /** The body as it is consumed: one reader, once. */
  read(response: IncomingMessage, length: number | null): Pick<OpenedDownload, 'body' | 'cancel'> {
    const { life } = this;
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer, void>;
    let left = length;
    this.#isWaiting = false;
    // An error between two reads is thrown by the next one.
    response.on('error', () => undefined);
    const cancel = (): void => {
      life.blame('cancelled');
      life.close();
      response.destroy();
    };
    const broken = (error: TransferFailed): TransferFailed => {
      cancel();
      return error;
    };
    const next = async (): Promise<IteratorResult<Uint8Array, void>> => {
      this.#isWaiting = true;
      const taken = await chunks.next().catch((error: unknown) => {
        const ended = life.endOf(error);
        throw broken(new TransferFailed(classifyEnd(ended).code, ended.systemCode || ended.cause, { cause: error }));
      });
      this.#isWaiting = false;
      if (taken.done === true) {
        // A stream destroyed from outside ends as if it were complete.
        if (life.cause !== null) throw broken(new TransferFailed(classifyEnd(life.endOf(null)).code, life.cause));
        if (!response.complete || (left !== null && left > 0)) {
          throw broken(new TransferFailed('bad_answer', 'shorter than it was said to be'));
        }
        life.close();
        this.#request.onEnd?.();
        return { done: true, value: undefined };
      }
      if (left !== null) {
        left -= taken.value.length;
        if (left < 0) throw broken(new TransferFailed('bad_answer', 'longer than it was said to be'));
      }
      this.#request.onReceived?.(taken.value.length);
      return { done: false, value: taken.value };
    };
    const iterator: AsyncIterator<Uint8Array, void> = {
      next,
      return: async () => {
        cancel();
        return { done: true, value: undefined };
      },
    };
    return { body: { [Symbol.asyncIterator]: () => iterator }, cancel };
  }
}

/** Sends the request once. Never throws; what goes wrong after the head fails while the body is read. */
export async function openDownload(
  clock: Clock,
  connectTimeoutMs: number,
  agents: Agents,
  request: DownloadRequest,
): Promise<DownloadOutcome> {
  const download = new Download(clock, connectTimeoutMs, request);
  try {
    const response = await download.ask(agents);
    const status = response.statusCode ?? 0;
    const header = headerOf(response.headers);
    if (status !== 200 && status !== 206) {
      const text = (await readText(response, MAX_ERROR_BYTES)) ?? '';
      download.life.close();
      return { opened: false, answered: true, answer: { status, header, text } };
    }
    const extent = extentOf(response, request.range);
    if (typeof extent === 'string') {
      download.life.close();
      response.destroy();
      return { opened: false, answered: true, answer: { status, header, text: '' }, broken: extent };
    }
    return { opened: true, download: { status, header, ...extent, ...download.read(response, extent.length) } };
  } catch (error) {
    download.life.close();
    const end = download.life.endOf(error);
    // The server may have closed a kept connection just as the request left. Asking again does no harm, and ends with a
    // new connection.
    if (end.cause === 'error' && download.life.progress.reused) {
      return openDownload(clock, connectTimeoutMs, agents, request);
    }
    return { opened: false, answered: false, end };
  }
}
