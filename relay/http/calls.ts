/** What the handlers receive and return, by kind of row. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { ByteRange } from '#contract/api/byte-range.ts';
import type {
  AnswerOf,
  BodyOf,
  DownloadRoute,
  JsonRoute,
  ParamsOf,
  QueryOf,
  RouteDefinition,
  ROUTES,
  RouteTable,
  UploadRoute,
} from '#contract/routes.ts';
import type { Caller } from '../services/accounts.ts';
import type { ListReply } from './list-answer.ts';

/** A call that has been authenticated and validated. */
export interface Call<R extends RouteDefinition> {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  /** The caller. Throws on public rows. */
  readonly user: Caller['user'];
  /** Whether the caller signed in as an administrator. */
  readonly isAdmin: boolean;
  /** The client address, as counted by the limits. */
  address: string;
  header: (name: string) => string | undefined;
}

export interface JsonCall<R extends RouteDefinition> extends Call<R> {
  body: BodyOf<R>;
}

export interface UploadCall<R extends RouteDefinition> extends Call<R> {
  /**
   * The body as a stream with backpressure. Fails with the refusal sent to the client: over the row's `maxBytes`,
   * silent for too long, or client gone. Such a refusal takes precedence over whatever the handler throws or returns.
   */
  body: Readable;
  /** Including its parameters, such as the multipart boundary. */
  contentType: string;
  /** As declared by the client, if at all. */
  contentLength: number | null;
  /** Aborted when the body fails, so that partial work can be undone. */
  signal: AbortSignal;
}

/** What a handler returns: the status, and the body declared in the table. */
export interface Reply<R extends RouteDefinition> {
  status: number;
  /** By lower-case name. */
  headers?: Readonly<Record<string, string>>;
  body: AnswerOf<R>;
}

/** Bytes in order. Read with backpressure, and closed when the client is gone. */
export type ByteSource = Readable | AsyncIterable<Uint8Array>;

interface FileReply {
  /** Media type. */
  type: string;
  /** The suggested file name; sanitized here. */
  name: string;
  /** Identifies exactly these bytes; without quotes. */
  etag?: string;
}

/**
 * The result of a download. With `open` the source can be read from any offset, so ranges are served; with `stream` it
 * is all or nothing, of unknown length if `size` is null. Neither is called when no bytes are sent.
 */
export type DownloadReply = FileReply &
  (
    | { size: number; open: (range: ByteRange) => ByteSource | Promise<ByteSource> }
    | { size: number | null; stream: () => ByteSource | Promise<ByteSource> }
  );

export type JsonHandler<R extends RouteDefinition> = (
  call: JsonCall<R>,
) => Reply<R> | ListReply<AnswerOf<R>> | Promise<Reply<R> | ListReply<AnswerOf<R>>>;
export type UploadHandler<R extends RouteDefinition> = (call: UploadCall<R>) => Reply<R> | Promise<Reply<R>>;
export type DownloadHandler<R extends RouteDefinition> = (call: Call<R>) => DownloadReply | Promise<DownloadReply>;

export type HandlerOf<R extends RouteDefinition> = R extends UploadRoute
  ? UploadHandler<R>
  : R extends DownloadRoute
    ? DownloadHandler<R>
    : R extends JsonRoute
      ? JsonHandler<R>
      : never;

/** Registers the handler of a row. */
export type Serve<T extends RouteTable = typeof ROUTES> = <N extends keyof T & string>(
  name: N,
  handler: HandlerOf<T[N]>,
) => void;

/** Shared by all kinds of rows. */
export interface RowParts {
  /** Authenticates the caller and counts the request, or throws the refusal. Runs before the body is read. */
  enter: (request: FastifyRequest) => Promise<void>;
  /** The call object of a request, plus what the kind of row adds. */
  callOf: <E extends object>(request: FastifyRequest, more: E) => Call<RouteDefinition> & E;
}
