/**
 * UDP on its way through this process, so that a path can be cut or made slow. Each target, an address of this computer, has a second port
 * there; answers come from it and find their way back to whoever asked, as behind a router.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { SlowLink } from './slow-link.ts';

export interface UdpProxy {
  /** The port that leads to a target; the same one each time. */
  via(host: string, port: number): Promise<number>;
  /** Nothing passes to or from the targets that are known by now; those that come later are not concerned. */
  cut(): void;
  /** Everything passes again. */
  mend(): void;
  /** Packets that were dropped. */
  readonly dropped: number;
  close(): Promise<void>;
}

interface Door {
  port: Promise<number>;
  isCut: boolean;
}

async function bound(socket: Socket, host?: string): Promise<number> {
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket.address().port;
}

/**
 * @param link what becomes of each packet, in both directions; without it nothing but a cut stops one.
 * @param watch sees each packet that goes to a target.
 */
export function createUdpProxy(
  link: SlowLink = { carry: (deliver) => deliver() },
  watch: (packet: Buffer) => void = () => undefined,
): UdpProxy {
  const sockets: Socket[] = [];
  const doors = new Map<string, Door>();
  let dropped = 0;
  let closed = false;

  function open(): Socket {
    const socket = createSocket('udp4');
    // Whoever it was sent to may be gone: the sender of UDP does not care.
    socket.on('error', (error) => console.warn('a packet was not sent', error.message));
    sockets.push(socket);
    return socket;
  }

  function send(socket: Socket, packet: Buffer, port: number, host: string): void {
    // A packet may still be on its way when the proxy is closed.
    if (!closed) socket.send(packet, port, host);
  }

  function makeDoor(host: string, port: number): Door {
    const outside = open();
    const door: Door = { port: bound(outside, host), isCut: false };
    const back = new Map<string, { socket: Socket; ready: Promise<number> }>();
    outside.on('message', (packet, from) => {
      if (door.isCut) return void (dropped += 1);
      watch(packet);
      const key = `${from.address}:${String(from.port)}`;
      let way = back.get(key);
      if (!way) {
        const socket = open();
        socket.on('message', (answer) => {
          if (door.isCut) dropped += 1;
          else link.carry(() => send(outside, answer, from.port, from.address));
        });
        way = { socket, ready: bound(socket) };
        back.set(key, way);
      }
      const { socket, ready } = way;
      void ready.then(() => link.carry(() => send(socket, packet, port, host)));
    });
    return door;
  }

  return {
    via(host, port) {
      const key = `${host}:${String(port)}`;
      const door = doors.get(key) ?? makeDoor(host, port);
      doors.set(key, door);
      return door.port;
    },
    cut() {
      for (const door of doors.values()) door.isCut = true;
    },
    mend() {
      for (const door of doors.values()) door.isCut = false;
    },
    get dropped() {
      return dropped;
    },
    async close() {
      await Promise.all([...doors.values()].map(({ port }) => port));
      closed = true;
      for (const socket of sockets) socket.close();
    },
  };
}
