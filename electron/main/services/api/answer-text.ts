import type { Readable } from 'node:stream';

/**
 * Reads a body as text, up to `most` bytes; null if it is longer. The rest is not read.
 * @throws the connection's error if the body does not come to its end.
 */
export async function readText(body: Readable, most: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
