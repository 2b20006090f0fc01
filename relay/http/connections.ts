/**
 * Limits connections per address: each one costs a file descriptor, which are scarce, before a single byte is received.
 * Sockets of signed-in users count against the user instead. Trusted proxies are exempt: many clients share them.
 */
import type { Server } from 'node:http';
import type { BlockList, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressKey, isWithin } from './address.ts';

export interface Connections {
  /** The connection now counts against a signed-in user. */
  release(socket: Duplex): void;
}

/** Drops connections beyond `most` per address. */
export function boundConnections(server: Server, most: number, proxies: BlockList): Connections {
  const counts = new Map<string, number>();
  const counted = new WeakMap<Duplex, string>();

  function release(socket: Duplex): void {
    const key = counted.get(socket);
    if (key === undefined) return;
    counted.delete(socket);
    const left = (counts.get(key) ?? 1) - 1;
    if (left > 0) counts.set(key, left);
    else counts.delete(key);
  }

  server.on('connection', (socket: Socket) => {
    const ip = socket.remoteAddress ?? '';
    if (isWithin(proxies, ip)) return;
    const key = addressKey(ip);
    const count = counts.get(key) ?? 0;
    if (count >= most) {
      socket.destroy();
      return;
    }
    counts.set(key, count + 1);
    counted.set(socket, key);
    socket.once('close', () => release(socket));
  });
  return { release };
}
