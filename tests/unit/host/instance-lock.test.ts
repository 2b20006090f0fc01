import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { instanceAddress, InstanceLock } from '../../../host/modules/instance-lock.ts';

let folder: string;
let lock: InstanceLock;
const heard = vi.fn();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-lock-'));
  lock = new InstanceLock();
  heard.mockReset();
});
afterEach(async () => {
  lock.release();
  await rm(folder, { recursive: true });
});

async function knock(): Promise<Socket> {
  const socket = connect(instanceAddress(folder));
  await once(socket, 'connect');
  // The server's own end, without which the socket never closes.
  socket.resume();
  return socket;
}

/** Says it and waits until the other end has let go. */
async function say(text: string): Promise<void> {
  const socket = await knock();
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.end(text);
  await closed;
}

it('hears of a second start, and of nothing else that finds its socket', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(lock.request(folder, [], heard)).toBe(true);
  const garbage = ['', 'garbage', '{"argv":', 'null', '[]', '{"argv":"x","cwd":"/"}', '{"argv":[1],"cwd":"/"}'];
  for (const text of garbage) await say(text);
  expect(said).toHaveBeenCalledTimes(garbage.length);
  expect(heard).not.toHaveBeenCalled();
  await say('{"argv":["relay"],"cwd":"/home"}');
  expect(heard).toHaveBeenCalledExactlyOnceWith(['relay'], '/home');
  said.mockRestore();
});

it('lets go of whoever never comes to an end', async () => {
  lock.request(folder, [], heard);
  const socket = await knock();
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.write('x'.repeat(1_000_001));
  await closed;
  expect(heard).not.toHaveBeenCalled();
});
