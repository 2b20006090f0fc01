/** A file sent and read by bare HTTP: the same client for every server that is compared. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  path: string;
  size: number;
  /** What stands before and after the file's bytes. */
  head?: string;
  tail?: string;
}

function expectSuccess({ statusCode = 0 }: IncomingMessage, what: string): void {
  if (statusCode < 200 || statusCode > 299) throw new Error(`${what}: ${String(statusCode)}`);
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Sends a file. Answers the milliseconds from the first byte to the whole answer, and the answer's text. */
export async function sendFile(sent: Sent): Promise<{ ms: number; text: string }> {
  const { head = '', tail = '' } = sent;
  const length = sent.size + Buffer.byteLength(head) + Buffer.byteLength(tail);
  const begun = performance.now();
  const call = request(sent.url, {
    method: sent.method,
    headers: { ...sent.headers, 'content-length': length },
    agent: false,
  });
  const answered = once(call, 'response') as Promise<[IncomingMessage]>;
  async function* body(): AsyncGenerator<string | Buffer> {
    if (head !== '') yield head;
    yield* createReadStream(sent.path, { highWaterMark: 256 * 1024 });
    if (tail !== '') yield tail;
  }
  const sending = pipeline(body(), call).catch((error: unknown) => {
    // A server that answers and closes at once may do so before the pipeline has seen the end of what was sent.
    if (!call.writableEnded) throw error;
  });
  await Promise.all([sending, answered]);
  const [answer] = await answered;
  const text = await textOf(answer);
  const ms = performance.now() - begun;
  expectSuccess(answer, `${sent.method} ${sent.url} ${text.slice(0, 200)}`);
  return { ms, text };
}

/** Reads a file to its end, and throws it away. Milliseconds until the first and the last byte. */
export async function readFile(
  url: string,
  headers: Record<string, string>,
): Promise<{ first: number; last: number; bytes: number }> {
  const begun = performance.now();
  const call = request(url, { headers, agent: false });
  call.end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  expectSuccess(answer, url);
  let first = Number.NaN;
  let bytes = 0;
  for await (const chunk of answer) {
    if (bytes === 0) first = performance.now() - begun;
    bytes += (chunk as Buffer).length;
  }
  return { first, last: performance.now() - begun, bytes };
}
