/**
 * Sends lists that may be long: built, validated and serialized item by item, in slices that yield to the event loop. A
 * short list is sent as one text with its length; a long one is streamed with backpressure.
 */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Turns } from '../turns.ts';

type Item<T> = T extends readonly (infer Element)[] ? Element : never;

type Items<T> = Iterable<T> | AsyncIterable<T>;

/** What a handler returns instead of a body: the name of the list, its items in order, and the other fields. */
export type ListReply<Answer> = {
  [Name in keyof Answer & string]: Item<NonNullable<Answer[Name]>> extends never
    ? never
    : {
        status: number;
        list: Name;
        /** Iterated once; expensive work belongs in the iteration steps. */
        items: Items<Item<NonNullable<Answer[Name]>>>;
        /** Called after the last item. */
        rest: () => Omit<Answer, Name> | Promise<Omit<Answer, Name>>;
      };
}[keyof Answer & string];

/** The untyped form, for the code that writes it. */
interface AnyList {
  status: number;
  list: string;
  items: Items<unknown>;
  rest: () => object | Promise<object>;
}

export function isListReply(reply: object): reply is AnyList {
  return 'list' in reply;
}

/** Duration of a slice in milliseconds. */
const SLICE_MS = 5;
/** Characters per chunk: later steps (UTF-8, the socket) process a chunk in one go. */
const CHUNK_LENGTH = 64 * 1024;

/** The schema of the items and that of the other fields. */
function schemasOf(answer: z.ZodType, list: string): { item: z.ZodType; rest: z.ZodType } {
  if (!(answer instanceof z.ZodObject)) throw new TypeError('the answer of this row is no object');
  const { [list]: field, ...beside } = answer.shape as Readonly<Record<string, z.ZodType>>;
  const array = field instanceof z.ZodOptional ? field.unwrap() : field;
  const item: unknown = array instanceof z.ZodArray ? array.element : null;
  if (!(item instanceof z.ZodType)) throw new TypeError(`${list} is no list of this row`);
  return { item, rest: z.object(beside) };
}

/** The text of the response in chunks, each the work of one turn. */
export async function* listChunks(
  answer: z.ZodType,
  { list, items, rest }: Omit<AnyList, 'status'>,
  turns: Turns,
  now: () => number = () => performance.now(),
): AsyncGenerator<string, void> {
  const schemas = schemasOf(answer, list);
  await turns.next();
  let since = now();
  let text = `{${JSON.stringify(list)}:[`;
  let comma = '';
  for await (const item of items) {
    text += comma + JSON.stringify(z.encode(schemas.item, item));
    comma = ',';
    if (text.length < CHUNK_LENGTH && now() - since < SLICE_MS) continue;
    yield text;
    text = '';
    await turns.next();
    since = now();
  }
  const beside = JSON.stringify(z.encode(schemas.rest, await rest()));
  yield `${text}]${beside === '{}' ? '' : ','}${beside.slice(1)}`;
}

async function* startingWith(first: string[], others: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
  yield* first;
  yield* others;
}

/**
 * Sends the chunks. A failure in the first one is an ordinary error response; later the connection is aborted, so that
 * the client notices the truncation.
 */
export async function sendList(reply: FastifyReply, chunks: AsyncGenerator<string, void>): Promise<FastifyReply> {
  const first = await chunks.next();
  const second = await chunks.next();
  void reply.type('application/json; charset=utf-8');
  if (first.done || second.done) return reply.send(first.value ?? '');
  const body = Readable.from(startingWith([first.value, second.value], chunks), { highWaterMark: 1 });
  body.once('error', (error) => reply.log.error({ err: error }, 'answer broken off'));
  return reply.send(body);
}
