/**
 * Stamps what leaves and enters by TCP when a message's text is in it, at the lowest place that all libraries share: the
 * socket's `write` and its `data` event. A connection is told from others by the client's port.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { around } from './around.ts';
import { MaskedFrames } from './frames.ts';
import type { Disposer, Recorder } from './recorder.ts';

type Side = 'client' | 'server';

/** The answer that makes a WebSocket of a connection. */
const SWITCHING = Buffer.from('HTTP/1.1 101');

function bytesOf(chunk: unknown): Uint8Array | null {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  return chunk instanceof Uint8Array ? chunk : null;
}

class Connection {
  readonly #socket: Socket;
  readonly #side: Side;
  readonly #recorder: Recorder;
  readonly #masked = new MaskedFrames();
  #isWebSocket = false;

  constructor(socket: Socket, side: Side, recorder: Recorder) {
    this.#socket = socket;
    this.#side = side;
    this.#recorder = recorder;
  }

  pass(direction: 'in' | 'out', chunk: unknown): void {
    const bytes = bytesOf(chunk);
    if (!bytes) return;
    const isAnswer = direction === (this.#side === 'client' ? 'in' : 'out');
    if (!this.#isWebSocket) {
      this.#isWebSocket = isAnswer && Buffer.from(bytes.subarray(0, SWITCHING.length)).equals(SWITCHING);
      // A connection that has just become one is no request any more.
      if (!this.#isWebSocket) this.#note(`http:${direction}`, bytes);
      return;
    }
    if (isAnswer) this.#note(`frame:${direction}`, bytes);
    else for (const payload of this.#masked.push(bytes)) this.#note(`frame:${direction}`, payload);
  }

  #note(kind: 'http:in' | 'http:out' | 'frame:in' | 'frame:out', bytes: Uint8Array): void {
    const words = this.#recorder.wordsIn(bytes);
    if (words.length === 0) return;
    const port = this.#side === 'client' ? this.#socket.localPort : this.#socket.remotePort;
    this.#recorder.add(kind, { words, port: port ?? null });
  }
}

/** Follows the connections that this process opens (`client`) or accepts (`server`) from now on. */
export function tapConnections(recorder: Recorder, side: Side): Disposer {
  const channel = `net.${side}.socket`;
  const connections = new WeakMap<Socket, Connection>();
  const follow = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    connections.set(socket, new Connection(socket, side, recorder));
  };
  subscribe(channel, follow);
  const undos = [
    () => void unsubscribe(channel, follow),
    // Of all sockets: `connect` puts a socket's own `write` back.
    around(Socket.prototype, 'write', (socket, args, write) => {
      connections.get(socket)?.pass('out', args[0]);
      return write();
    }),
    around(Socket.prototype, 'emit', (socket, args, emit) => {
      if (args[0] === 'data') connections.get(socket)?.pass('in', args[1]);
      return emit();
    }),
  ];
  return () => undos.forEach((undo) => undo());
}

/**
 * Stamps the requests that a server of this process gets, when their headers have been read: its parser takes the bytes
 * past the socket's events.
 * @param nameOf null: not to be noted.
 */
export function tapRequests(recorder: Recorder, nameOf: (request: IncomingMessage) => string | null): Disposer {
  const begun = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    const op = nameOf(request);
    if (op !== null) recorder.add('http:in', { op, port: request.socket.remotePort ?? null });
  };
  const ended = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    const op = nameOf(request);
    if (op !== null) recorder.add('http:out', { op, port: request.socket.remotePort ?? null });
  };
  subscribe('http.server.request.start', begun);
  subscribe('http.server.response.finish', ended);
  return () => {
    unsubscribe('http.server.request.start', begun);
    unsubscribe('http.server.response.finish', ended);
  };
}
