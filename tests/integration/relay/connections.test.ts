import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readNetworks } from '../../../relay/http/address.ts';
import { boundConnections } from '../../../relay/http/connections.ts';

const MOST = 3;
let server: ReturnType<typeof createServer>;
let clients: Socket[];
/** Their ends on the server's side. */
let lines: Socket[];
beforeEach(async () => {
  [clients, lines] = [[], []];
  server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  server.on('connection', (line: Socket) => void lines.push(line));
  await once(server, 'listening');
});
afterEach(async () => {
  for (const end of [...clients, ...lines]) end.destroy();
  server.close();
  await once(server, 'close');
});

/** Opens a line and asks; answers whether it was served or cut. */
async function isServed(upgrade = false): Promise<boolean> {
  const address = server.address();
  const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  clients.push(client);
  client.on('error', () => client.destroy());
  const served = new Promise<boolean>((resolve) => {
    client.once('data', () => resolve(true)).once('close', () => resolve(false));
  });
  client.write(`GET / HTTP/1.1\r\nHost: x\r\n${upgrade ? 'Connection: Upgrade\r\nUpgrade: x\r\n' : ''}\r\n`);
  return served;
}

test('an address at its limit and one past it; a line that ended makes room', async () => {
  boundConnections(server, MOST, readNetworks([]));
  for (let index = 0; index < MOST; index += 1) expect(await isServed()).toBe(true);
  expect(await isServed()).toBe(false);
  expect(await isServed()).toBe(false);
  const [first] = lines;
  if (!first) throw new Error('no line');
  const gone = once(first, 'close');
  clients[0]?.destroy();
  await gone;
  expect(await isServed()).toBe(true);
});

test('who has signed in is not counted any more', async () => {
  const connections = boundConnections(server, MOST, readNetworks([]));
  server.on('upgrade', (_request, socket: Duplex) => {
    connections.release(socket);
    connections.release(socket);
    socket.write('in');
  });
  for (let index = 0; index < 5; index += 1) expect(await isServed(true)).toBe(true);
  for (let index = 0; index < MOST; index += 1) expect(await isServed()).toBe(true);
  expect(await isServed()).toBe(false);
});

test('a trusted proxy brings everybody', async () => {
  boundConnections(server, MOST, readNetworks(['127.0.0.0/8']));
  for (let index = 0; index < MOST + 2; index += 1) expect(await isServed()).toBe(true);
});
