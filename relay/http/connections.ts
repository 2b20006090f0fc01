/**
 * So many connections from one address: each costs a descriptor of the process, of which there are few, before it has said
 * a word. The socket of somebody who has signed in is counted with the person and not here any more; nor is a trusted
 * proxy, behind which stand all.
 */
import type { Server } from 'node:http';
import type { BlockList, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressKey, isWithin } from './address.ts';

export interface Connections {
  /** The connection is somebody's now. */
  release(socket: Duplex): void;
}

/** Cuts what comes past `most` from one address. */
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
