/**
 * Answers with a list that may be long: built, checked and written item by item, in slices between which the event
 * loop goes on. A short one leaves as one text with its length; of a long one no more is in memory than its reader takes.
 */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Turns } from '../turns.ts';

type Item<T> = T extends readonly (infer Element)[] ? Element : never;

/** What a handler answers instead of a body: the name of the list, its items in order, and what stands beside it. */
export type ListReply<Answer> = {
  [Name in keyof Answer & string]: Item<NonNullable<Answer[Name]>> extends never
    ? never
    : {
        status: number;
        list: Name;
        /** Walked once; what takes time belongs into its steps. */
        items: Iterable<Item<NonNullable<Answer[Name]>>>;
        /** Asked for after the last item. */
        rest: () => Omit<Answer, Name>;
      };
}[keyof Answer & string];

/** The same without its types, for who writes it. */
interface AnyList {
  status: number;
  list: string;
  items: Iterable<unknown>;
  rest: () => object;
}

export function isListReply(reply: object): reply is AnyList {
  return 'list' in reply;
}

/** Milliseconds of one slice. */
const SLICE_MS = 5;
/** Characters handed on at once: what follows (UTF-8, the socket) works on all of them in one go. */
const CHUNK_LENGTH = 64 * 1024;

/** The schema of the items, and of everything beside the list. */
function schemasOf(answer: z.ZodType, list: string): { item: z.ZodType; rest: z.ZodType } {
  if (!(answer instanceof z.ZodObject)) throw new TypeError('the answer of this row is no object');
  const { [list]: field, ...beside } = answer.shape as Readonly<Record<string, z.ZodType>>;
  const array = field instanceof z.ZodOptional ? field.unwrap() : field;
  const item: unknown = array instanceof z.ZodArray ? array.element : null;
  if (!(item instanceof z.ZodType)) throw new TypeError(`${list} is no list of this row`);
  return { item, rest: z.object(beside) };
}

/** The text of the answer in pieces, each the work of one turn. */
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
  for (const item of items) {
    text += comma + JSON.stringify(z.encode(schemas.item, item));
    comma = ',';
    if (text.length < CHUNK_LENGTH && now() - since < SLICE_MS) continue;
    yield text;
    text = '';
    await turns.next();
    since = now();
  }
  const beside = JSON.stringify(z.encode(schemas.rest, rest()));
  yield `${text}]${beside === '{}' ? '' : ','}${beside.slice(1)}`;
}

async function* startingWith(first: string[], others: AsyncGenerator<string, void>): AsyncGenerator<string, void> {
  yield* first;
  yield* others;
}

/**
 * Sends the pieces. What goes wrong in the first is an error answer like any other; later the line is cut, and the
 * client sees that the answer is not whole.
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
