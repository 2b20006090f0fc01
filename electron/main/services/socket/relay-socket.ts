/**
 * The live connection to the server of one account.
 *
 * States: `closed` (not wanted, refused, or waiting until `nextTryAt`), `connecting` (from the first byte until the
 * server accepted the token), `open`. A lost connection is re-established by itself, with growing, jittered waits,
 * until `stop` or until the server refuses the token. The token travels in the first frame and never in the URL, which
 * ends up in logs.
 */
import { WebSocket } from 'ws';
import type { ErrorCode } from '#contract/model/errors.ts';
import type { ClientFrame } from '#contract/ws/client-frames.ts';
import { CLOSE_CODES, type ServerFrame, type ServerFrameOf } from '#contract/ws/server-frames.ts';
import { Emitter } from '../../lib/emitter.ts';
import type { Clock, Logger, Random, RelaySocket, SocketState, Disposer } from '../ports.ts';
import { backoffMs, restartWaitMs } from './backoff.ts';
import { readFrame } from './frames.ts';
import { type Heartbeat, startHeartbeat } from './heartbeat.ts';

/** Maximum number of bytes of one server frame. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;
/** Unsent bytes beyond which nothing more is sent. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Milliseconds for the connection to be established, and again for the server to accept the token. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A connection that lasted this long was good: after the next loss the waits start short again. In milliseconds. */
const GOOD_AFTER_MS = 10_000;
/** Broken frames of one connection that are logged individually. */
const LOGGED_FRAMES = 20;

type Hello = ServerFrameOf<'auth:success'>['data'];

export interface RelaySocketOptions {
  /** Scheme (http or https), host and port of the server. */
  server: string;
  token: string;
  /** Names this running app among a person's devices. */
  device?: string;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** The server refused the token; the socket has stopped. */
  onTokenRefused: () => void;
}

/** The socket as its owner sees it. */
export interface OwnedSocket extends RelaySocket {
  start(): void;
  /** Closes, and does not reconnect before `start`. */
  stop(): void;
}

/** One connection, from the first byte to its end. */
interface Connection {
  ws: WebSocket;
  openedAt: number | null;
  cancelHandshake: Disposer;
  heartbeat: Heartbeat | null;
  brokenFrames: number;
}

/** Creates the socket of one account; it connects at `start`. */
export function createRelaySocket(options: RelaySocketOptions): OwnedSocket {
  const { clock, random, logger } = options;
  const address = `${options.server.replace(/^http/, 'ws')}/ws`;
  const opened = new Emitter<[Hello]>('socket.open', logger);
  const framed = new Emitter<[ServerFrame, number]>('socket.frame', logger);
  const closed = new Emitter<[]>('socket.close', logger);
  const changed = new Emitter<[]>('socket.state', logger);

  let wanted = false;
  let state: SocketState = 'closed';
  let nextTryAt: number | null = null;
  let reason: ErrorCode | null = null;
  let attempt = 0;
  let cancelRetry: Disposer | null = null;
  let current: Connection | null = null;

  function setState(next: SocketState, why: ErrorCode | null, retryAt: number | null): void {
    if (state === next && reason === why && nextTryAt === retryAt) return;
    state = next;
    reason = why;
    nextTryAt = retryAt;
    changed.emit();
  }

  function clearRetry(): void {
    cancelRetry?.();
    cancelRetry = null;
  }

  function retryIn(ms: number, why: ErrorCode): void {
    clearRetry();
    cancelRetry = clock.after(ms, connect);
    setState('closed', why, clock.now() + ms);
  }

  function refused(): void {
    wanted = false;
    logger.info('socket.token_refused');
    options.onTokenRefused();
  }

  /** Sends a close frame first; a connection that does not answer it within a second is terminated. */
  function closePolitely(ws: WebSocket): void {
    const cancelTerminate = clock.after(1000, () => ws.terminate());
    ws.once('close', cancelTerminate);
    ws.close(1000);
  }

  /** The end of a connection, whatever the cause; reported once. */
  function end(connection: Connection, why: ErrorCode, code: number): void {
    if (current !== connection) return;
    current = null;
    connection.cancelHandshake();
    connection.heartbeat?.stop();
    if (why === 'cancelled' && connection.openedAt !== null) closePolitely(connection.ws);
    else connection.ws.terminate();
    const wasOpen = connection.openedAt !== null;
    const livedMs = connection.openedAt === null ? 0 : clock.monotonic() - connection.openedAt;
    logger.info('socket.ended', {
      reason: why,
      close: code,
      livedMs: Math.round(livedMs),
      broken: connection.brokenFrames,
    });
    if (livedMs >= GOOD_AFTER_MS) attempt = 0;
    const tokenRefused = why === 'unauthenticated';
    if (tokenRefused) wanted = false;
    if (!wanted) {
      setState('closed', tokenRefused ? why : null, null);
    } else if (code === CLOSE_CODES.restarting && attempt < 3) {
      attempt++;
      retryIn(restartWaitMs(random), 'server_closing');
    } else {
      retryIn(backoffMs(attempt++, random), why);
    }
    if (wasOpen) closed.emit();
    if (tokenRefused) refused();
  }

  function authenticated(connection: Connection, hello: Hello): void {
    if (connection.openedAt !== null) return;
    connection.cancelHandshake();
    connection.openedAt = clock.monotonic();
    connection.heartbeat = startHeartbeat(
      clock,
      () => connection.ws.ping(),
      () => end(connection, 'server_timeout', 0),
    );
    setState('open', null, null);
    logger.info('socket.open');
    opened.emit(hello);
  }

  function receiveFrame(connection: Connection, text: string): void {
    const read = readFrame(text);
    if (!read.ok) {
      connection.brokenFrames++;
      if (connection.brokenFrames <= LOGGED_FRAMES) {
        logger.warn('socket.frame_dropped', { type: read.type, reason: read.reason, chars: text.length });
      }
      return;
    }
    const { frame } = read;
    if (frame.type === 'auth:success') authenticated(connection, frame.data);
    else if (frame.type === 'auth:error') end(connection, 'unauthenticated', CLOSE_CODES.unauthenticated);
    // Until the server knows who we are, nothing it says is for us.
    else if (connection.openedAt !== null) framed.emit(frame, text.length);
  }

  function connect(): void {
    clearRetry();
    if (!wanted || current) return;
    let ws: WebSocket;
    try {
      ws = new WebSocket(address, {
        followRedirects: false,
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        maxPayload: MAX_PAYLOAD_BYTES,
        perMessageDeflate: false,
        headers: { 'User-Agent': 'relay-desktop' },
      });
    } catch (error) {
      logger.error('socket.bad_address', { error: error instanceof Error ? error.name : typeof error });
      setState('closed', 'bad_address', null);
      return;
    }
    const connection: Connection = { ws, openedAt: null, cancelHandshake: () => {}, heartbeat: null, brokenFrames: 0 };
    current = connection;
    let trouble: ErrorCode = 'server_unreachable';
    setState('connecting', reason, null);
    connection.cancelHandshake = clock.after(HANDSHAKE_TIMEOUT_MS * 2, () => end(connection, 'server_timeout', 0));

    ws.on('open', () => {
      const { token, device } = options;
      const hello: ClientFrame = { type: 'auth', data: { token, ...(device === undefined ? {} : { device }) } };
      ws.send(JSON.stringify(hello));
    });
    ws.on('message', (data, binary) => {
      if (current !== connection) return;
      connection.heartbeat?.heard();
      if (binary || !Buffer.isBuffer(data)) receiveFrame(connection, '');
      else receiveFrame(connection, data.toString('utf8'));
    });
    ws.on('pong', () => connection.heartbeat?.heard());
    ws.on('ping', () => connection.heartbeat?.heard());
    ws.on('unexpected-response', (request, response) => {
      // With this listener the library leaves draining and ending to us.
      response.resume();
      request.destroy();
      end(connection, response.statusCode === 401 ? 'unauthenticated' : 'server_error', response.statusCode ?? 0);
    });
    ws.on('error', (error) => {
      const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
      logger.info('socket.error', { code });
      if (/^(ENETUNREACH|ENETDOWN|EAI_AGAIN)$/.test(code)) trouble = 'offline';
      else if (/^(EPROTO|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) trouble = 'tls_failed';
      else if (code.startsWith('WS_ERR')) trouble = 'bad_answer';
    });
    ws.on('close', (code) => {
      end(connection, code === CLOSE_CODES.unauthenticated ? 'unauthenticated' : trouble, code);
    });
  }

  return {
    get state() {
      return state;
    },
    get nextTryAt() {
      return nextTryAt;
    },
    get reason() {
      return reason;
    },
    onState: (run) => changed.on(run),
    onOpen: (run) => opened.on(run),
    onFrame: (run) => framed.on(run),
    onClose: (run) => closed.on(run),
    send(frame) {
      if (state !== 'open' || !current || current.ws.bufferedAmount > MAX_UNSENT_BYTES) return false;
      current.ws.send(JSON.stringify(frame));
      return true;
    },
    nudge() {
      if (!wanted) return;
      attempt = 0;
      if (current) current.heartbeat?.ask();
      else connect();
    },
    start() {
      if (wanted) return;
      wanted = true;
      attempt = 0;
      connect();
    },
    stop() {
      wanted = false;
      clearRetry();
      if (current) end(current, 'cancelled', 1000);
      else setState('closed', null, null);
    },
  };
}
