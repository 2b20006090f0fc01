/**
 * One request whose body streams from a source. No more of it is in memory than the connection takes; it may take any
 * time while bytes move; no redirect is followed; and the caller learns whether the whole body may have arrived, since
 * a server can do nothing with part of it.
 */
import { Readable } from 'node:stream';
import type { AppError } from '#contract/model/errors.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { Clock } from '../ports.ts';
import { readText } from './answer-text.ts';
import { createAgents, headerOf, type HttpAnswer, streamClient, systemCodeOf } from './connection.ts';
import type { RequestEnd } from './failure.ts';
import { RequestLife } from './request-life.ts';
import { watchSilence } from './silence.ts';

/** Maximum number of bytes of the answer. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Bytes passed to the connection at once: the granularity at which its silence is measured. */
const PIECE_BYTES = 64 * 1024;

export interface UploadRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  contentType: string;
  /** Bytes of the whole body. */
  length: number;
  /** Starts reading the body; called once. */
  chunks: () => AsyncIterable<Uint8Array>;
  /** Milliseconds without a byte in either direction after which it counts as dead. */
  silenceMs: number;
  signal?: AbortSignal | undefined;
  /** Receives the number of body bytes that have just left. */
  onSent?: (bytes: number) => void;
}

export type UploadOutcome = { answered: true; answer: HttpAnswer } | { answered: false; end: RequestEnd };

function asFailure(error: unknown): AppError {
  if (error instanceof TransferFailed) return error.failure;
  return { code: 'file_unreadable', message: systemCodeOf(error) || 'the source failed' };
}

/** The body in pieces: exactly as long as its header says, or an error. */
async function* piecesOf(request: UploadRequest): AsyncGenerator<Uint8Array, void> {
  let left = request.length;
  for await (const chunk of request.chunks()) {
    left -= chunk.length;
    if (left < 0) throw new TransferFailed('file_changed', 'longer than it was said to be');
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      yield piece;
      // The next piece was requested, so this one has been taken.
      request.onSent?.(piece.length);
    }
  }
  if (left > 0) throw new TransferFailed('file_changed', 'shorter than it was said to be');
}

/** Sends one body. Never throws. Has its own connection, so that one that was cut off midway is never reused. */
export async function sendUpload(
  clock: Clock,
  connectTimeoutMs: number,
  request: UploadRequest,
): Promise<UploadOutcome> {
  const life = new RequestLife(clock, connectTimeoutMs, request);
  const { progress } = life;
  const agents = createAgents();
  let failure: AppError | undefined;
  async function* watched(): AsyncGenerator<Uint8Array, void> {
    try {
      yield* piecesOf(request);
    } catch (error) {
      failure = asFailure(error);
      life.blame('source');
      throw error;
    }
  }

  const body = Readable.from(watched(), { objectMode: false, highWaterMark: PIECE_BYTES });
  // Reported where the request fails; this only prevents an uncaught error.
  body.on('error', () => undefined);
  life.onClose(
    watchSilence(
      clock,
      request.silenceMs,
      () => {
        const socket = progress.request?.socket;
        return socket ? socket.bytesRead + socket.bytesWritten - socket.writableLength : 0;
      },
      () => !progress.connected,
      () => life.end('timeout'),
    ),
  );
  try {
    const response = await streamClient.request<Readable>({
      method: request.method,
      url: request.url.href,
      headers: { ...request.headers, 'Content-Type': request.contentType, 'Content-Length': String(request.length) },
      data: body,
      signal: life.signal,
      httpAgent: agents.http,
      httpsAgent: agents.https,
      transport: life.transport,
    });
    const text = await readText(response.data, MAX_ANSWER_BYTES);
    if (text === null) return { answered: false, end: { cause: 'too_large', systemCode: '', connected: true } };
    return { answered: true, answer: { status: response.status, header: headerOf(response.headers), text } };
  } catch (error) {
    return {
      answered: false,
      end: {
        ...life.endOf(error),
        // A server cannot act on part of a body.
        connected: progress.connected && progress.request?.writableEnded === true,
        ...(failure ? { failure } : {}),
      },
    };
  } finally {
    life.close();
    // An answer may come before the end of the body: then the rest is not wanted.
    body.destroy();
    agents.destroy();
  }
}
