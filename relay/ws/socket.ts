/**
 * The life cycle of one socket.
 *
 * new: connected. With a valid token in the URL it is authenticated at once; otherwise the first frame must carry one.
 * -> checking: the token is being checked and the user's place looked up; frames that arrive are queued, and so are those
 * that others send, since the first word is `auth:success`. -> open: authenticated; frames are handled in order, at the
 * user's rate, and pings detect a dead peer. -> closed. An invalid token, no token in time, bytes that are not
 * frames, too many frames, a reader that does not read: each closes with its own code, and closed is final.
 */
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '#contract/ws/server-frames.ts';
import { MAX_FRAME_BYTES } from '#contract/model/limits.ts';
import { RelayError } from '../errors.ts';
import type { Connection } from '../delivery/ports.ts';
import { newId } from '../ids.ts';
import type { UserRow } from '../records.ts';
import type { Caller } from '../services/accounts.ts';
import { tooMany } from '../services/budgets.ts';
import { UNNAMED } from '../services/call-telling.ts';
import { errorFrame, keyOf, parseFrame, type ParsedFrame } from './frames.ts';
import { createLine } from './line.ts';
import type { SocketServices } from './services.ts';
import { createSession, type Session } from './session.ts';

/** Frames queued while a token is being checked or others are handled, and pings answered before it is. */
const MAX_WAITING = 60;
/** Frames for the user that are held back while they are being signed in. */
const MAX_HELD = 1000;
/** The cost of authenticating a socket, in units of a plain request. */
const SIGN_IN_COST = 5;
const BAD_TOKEN = 'The token is not valid, or not any more.';
/** Milliseconds for the peer to answer a close before the connection is dropped. */
const CLOSE_MS = 1000;

export interface SocketEvents {
  onSignedIn(): void;
  onClosed(): void;
  onFault: (error: unknown) => void;
}

/** A new connection: with a valid token, with an invalid one, or with none yet. */
export interface Visitor {
  /** As counted by the limits. */
  address: string;
  admission: Caller | 'refused' | 'stranger';
}

export interface LiveSocket extends Connection {
  /** Authenticates a connection that came with a token. */
  start(): void;
  /** Sends a ping; drops the connection if the previous one was not answered. */
  heartbeat(): void;
}

function sizeOf(data: WebSocket.RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** Manages a socket that was just opened; does nothing before `start`. */
export function attachSocket(
  socket: WebSocket,
  services: SocketServices,
  { address, admission }: Visitor,
  events: SocketEvents,
): LiveSocket {
  const { limits, hub, accounts, budgets, log, receipts, calls, capabilities, epoch } = services;
  /** Names this connection among those of all nodes. */
  const source = newId();
  let device = UNNAMED;
  const waiting: ParsedFrame[] = [];
  let state: 'new' | 'checking' | 'open' | 'closed' = 'new';
  let session: Session | null = null;
  let caller: Caller | null = null;
  let alive = true;
  let unauthenticatedPings = 0;
  /** What is sent to the user before they have been told that they are signed in. */
  let held: { text: string; onSent: (() => void) | undefined }[] | null = null;
  let isRefused = false;
  const isClosed = (): boolean => state === 'closed';

  const line = createLine({
    most: MAX_WAITING,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    onFault: failed,
  });

  const deadline = setTimeout(() => refuseToken('Sign in first.'), limits.unauthenticatedMs);

  const connection: LiveSocket = {
    start() {
      if (admission === 'refused') refuseToken(BAD_TOKEN);
      if (typeof admission === 'object') open(admission).catch(failed);
    },
    send(text, onSent) {
      if (held) {
        if (held.push({ text, onSent }) > MAX_HELD) close(CLOSE_CODES.policy, 'signing in too slowly');
        return;
      }
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > limits.unsentBytes) {
        close(CLOSE_CODES.policy, 'reading too slowly');
        return;
      }
      socket.send(text, (error) => {
        if (!error) onSent?.();
      });
    },
    close,
    isNamed: (name) => name === source || name === device,
    heartbeat() {
      if (!alive) {
        socket.terminate();
        return;
      }
      beat().catch(events.onFault);
    },
  };

  async function beat(): Promise<void> {
    if (caller && !(await isAdmitted(caller))) return;
    if (socket.readyState !== socket.OPEN) return;
    alive = false;
    socket.ping();
  }

  /** Whether the caller still may; if not, the connection is closed. */
  async function isAdmitted(known: Caller): Promise<boolean> {
    const isGood = await accounts.isStillGood(known);
    if (!isGood) refuseToken('The token has ended.');
    return isGood;
  }

  function close(code: number, reason: string): void {
    if (isClosed()) return;
    line.end();
    leave();
    socket.close(code, reason);
    // The peer may never read what is queued before the close frame.
    const cut = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.once('close', () => clearTimeout(cut));
  }

  function refuseToken(message: string): void {
    if (state === 'closed') return;
    held = null;
    isRefused = true;
    connection.send(JSON.stringify({ type: 'auth:error', data: { message } }));
    close(CLOSE_CODES.unauthenticated, 'not signed in');
  }

  function leave(): void {
    if (state === 'closed') return;
    state = 'closed';
    clearTimeout(deadline);
    waiting.length = 0;
    held = null;
    session?.end();
    if (caller) hub.remove(caller.user.id, connection);
    events.onClosed();
  }

  async function signIn(given: string): Promise<void> {
    // The token arrived in time; how long the check takes is not up to the client.
    clearTimeout(deadline);
    state = 'checking';
    // Further data stays in the kernel, except for what has already been read.
    socket.pause();
    try {
      const found = await accounts.authenticate(given, address);
      if (isClosed()) return;
      if (found) await open(found);
      else refuseToken(BAD_TOKEN);
    } finally {
      socket.resume();
    }
  }

  /**
   * @returns false when the connection was closed in the meantime.
   * @throws RelayError `rate_limited`
   */
  async function takePlace(user: UserRow): Promise<boolean> {
    await budgets.request(user.id, SIGN_IN_COST);
    if (isClosed()) return false;
    if (!hub.add(user.id, connection)) throw tooMany('Too many connections of this person.', limits.heartbeatMs);
    return true;
  }

  async function open(found: Caller): Promise<void> {
    const { user } = found;
    clearTimeout(deadline);
    state = 'checking';
    try {
      if (!(await takePlace(user))) return;
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      connection.send(errorFrame(error));
      close(CLOSE_CODES.policy, 'too many connections');
      return;
    }
    caller = found;
    held = [];
    events.onSignedIn();
    session = createSession(services, user, connection, { source, device }, events.onFault);
    const seq = await log.current(user.id);
    if (isClosed()) return;
    state = 'open';
    const early = held;
    held = null;
    const extensions = capabilities.length > 0 ? { capabilities } : {};
    const numbers = seq === null ? {} : { epoch, seq };
    connection.send(
      JSON.stringify({
        type: 'auth:success',
        data: { userId: user.id, username: user.username, ...extensions, ...numbers },
      }),
    );
    for (const { text, onSent } of early) connection.send(text, onSent);
    for (const parsed of waiting.splice(0)) enqueue(parsed);
    receipts.receivedAll(user.id).catch(events.onFault);
    calls.connected(user.id, device, connection).catch(events.onFault);
  }

  function failed(error: unknown): void {
    events.onFault(error);
    // Never 4401 for our own fault: the client would discard a valid token.
    close(1011, 'server error');
  }

  async function handle(parsed: ParsedFrame): Promise<void> {
    if (!parsed.ok && parsed.fatal) {
      close(CLOSE_CODES.policy, 'not a frame');
      return;
    }
    if (!caller) return;
    const verdict = await budgets.frame(caller.user.id, address);
    if (verdict.kind !== 'served') {
      session?.refuse(verdict.error, keyOf(parsed));
      if (verdict.kind === 'flood') close(CLOSE_CODES.policy, 'too many frames');
      return;
    }
    if (!parsed.ok) {
      session?.refuse(parsed.error, parsed.clientId);
      return;
    }
    // What came before the end of the connection counts, unless it ended because of the token.
    if (!isRefused && (await isAdmitted(caller))) await session?.handle(parsed.frame);
  }

  function enqueue(parsed: ParsedFrame): void {
    line.push(() => handle(parsed));
  }

  /** Sent by hand, since pongs that nobody reads pile up like anything else. */
  async function answerPing(data: Buffer): Promise<void> {
    const isFew = caller ? await budgets.ping(caller.user.id) : (unauthenticatedPings += 1) <= MAX_WAITING;
    if (isClosed()) return;
    if (!isFew) close(CLOSE_CODES.policy, 'too many pings');
    else if (socket.bufferedAmount > limits.unsentBytes) close(CLOSE_CODES.policy, 'reading too slowly');
    else if (socket.readyState === socket.OPEN) socket.pong(data);
  }

  function handleFirst(parsed: ParsedFrame): void {
    if (parsed.ok && parsed.frame.type === 'auth') {
      device = parsed.frame.data.device ?? UNNAMED;
      signIn(parsed.frame.data.token).catch(failed);
    } else refuseToken('Sign in first.');
  }

  socket.on('message', (data, isBinary) => {
    if (state === 'closed') return;
    const bytes = sizeOf(data);
    const parsed: ParsedFrame =
      isBinary || bytes.byteLength > MAX_FRAME_BYTES ? { ok: false, fatal: true } : parseFrame(bytes);
    if (state === 'new') handleFirst(parsed);
    else if (state === 'open') enqueue(parsed);
    else if (waiting.length < MAX_WAITING) waiting.push(parsed);
    else close(CLOSE_CODES.policy, 'too many frames');
  });
  socket.on('ping', (data) => line.push(() => answerPing(data)));
  socket.on('pong', () => (alive = true));
  socket.on('close', leave);
  // The library has already closed the socket with the right code (1002, 1007, 1009); the event needs a listener.
  socket.on('error', leave);

  return connection;
}
