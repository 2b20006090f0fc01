/** What the handlers of a row get and give, by the row's kind. */
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

/** One call, already let in and checked. */
export interface Call<R extends RouteDefinition> {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  /** Who asks. Only for rows that are not public: there it throws. */
  readonly user: Caller['user'];
  /** Where the request came from, as the limits count it. */
  address: string;
  header: (name: string) => string | undefined;
}

export interface JsonCall<R extends RouteDefinition> extends Call<R> {
  body: BodyOf<R>;
}

export interface UploadCall<R extends RouteDefinition> extends Call<R> {
  /**
   * The body as it comes, and no faster than it is read. Fails with the refusal that the client is told: past the row's
   * `maxBytes`, after too long a silence, or because the client is gone. Such a refusal wins over whatever the handler
   * throws or answers.
   */
  body: Readable;
  /** With its parameters, as the multipart boundary. */
  contentType: string;
  /** As the client says, if it does. */
  contentLength: number | null;
  /** Aborted when the body fails: what was begun can be undone. */
  signal: AbortSignal;
}

/** What a handler answers: its status and what the table says of the body. */
export interface Reply<R extends RouteDefinition> {
  status: number;
  body: AnswerOf<R>;
}

/** Bytes in their order. Read no faster than the client takes them, and ended when it is gone. */
export type ByteSource = Readable | AsyncIterable<Uint8Array>;

interface FileReply {
  /** Media type. */
  type: string;
  /** The name to keep it under; cleaned here. */
  name: string;
  /** Names these very bytes and no others, without quotes. */
  etag?: string;
}

/**
 * What a download answers. With `open` the source can be read from any place on, and parts of it are served; with `stream`
 * it is the whole or nothing, of unknown length where `size` is null. Neither is called where no bytes are sent.
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

/** Gives a row of the table its handler. */
export type Serve<T extends RouteTable = typeof ROUTES> = <N extends keyof T & string>(
  name: N,
  handler: HandlerOf<T[N]>,
) => void;

/** What every kind of row is made with. */
export interface RowParts {
  /** Lets the caller in and counts the request, or throws the refusal. Before anything of the body is read. */
  enter: (request: FastifyRequest) => Promise<void>;
  /** The call of a request, with what its kind adds. */
  callOf: <E extends object>(request: FastifyRequest, more: E) => Call<RouteDefinition> & E;
}
