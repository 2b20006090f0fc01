/** A connection to a PostgreSQL server that breaks: what is said of it, and that it is no fault of the statement. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { isStorageFailure } from '../../../relay/repositories/failures.ts';
import { connectPostgres } from '../../../relay/repositories/postgres/connection.ts';

test('may pass by itself: a connection that is cut', async () => {
  const server = createServer((socket) => void socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const db = connectPostgres(`postgres://relay@127.0.0.1:${port}/relay`, () => undefined);
  const error: unknown = await sql`select 1`.execute(db).catch((reason: unknown) => reason);
  await db.destroy();
  server.close();
  expect(error).toBeInstanceOf(Error);
  expect(isStorageFailure(error), String(error)).toBe(true);
});
