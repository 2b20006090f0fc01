/**
 * One socket's life.
 *
 * new: connected. Whoever showed a good token in the address is signed in at once; else the first frame must bring one, and
 * frames that come while it is being checked wait. -> open: signed in, frames are handled at the rate of the person, pings
 * find out whether the other side is still there. -> closed. A bad token, no token in time, bytes that are no frames, too many
 * frames, a reader that does not read: each closes with its own code, and closed is the end.
 */
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '#contract/ws/server-frames.ts';
import { MAX_FRAME_BYTES } from '#contract/model/limits.ts';
import { RelayError } from '../errors.ts';
import type { Connection } from '../delivery/ports.ts';
import type { UserRow } from '../records.ts';
import type { Caller } from '../services/accounts.ts';
import { tooMany } from '../services/budgets.ts';
import { errorFrame, keyOf, parseFrame, type ParsedFrame } from './frames.ts';
import type { SocketServices } from './services.ts';
import { createSession, type Session } from './session.ts';

/** Frames that may wait while a token is being checked, and pings that are answered before it is. */
const MAX_WAITING = 60;
/** What signing in asks of the node, in plain requests. */
const SIGN_IN_COST = 5;
const BAD_TOKEN = 'The token is not valid, or not any more.';
/** Milliseconds for the other side to answer a close before the line is cut. */
const CLOSE_MS = 1000;

export interface SocketEvents {
  onSignedIn(): void;
  onClosed(): void;
  onFault: (error: unknown) => void;
}

/** Who comes: somebody whose token was good, somebody whose token was not, somebody who has shown none yet. */
export interface Visitor {
  /** As the limits count it. */
  address: string;
  admission: Caller | 'refused' | 'stranger';
}

export interface LiveSocket extends Connection {
  /** Signs in who has shown a token already. */
  start(): void;
  /** Sends a ping; cuts the line when the last one was not answered. */
  heartbeat(): void;
}

function sizeOf(data: WebSocket.RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** Leads a socket that has just been opened; nothing happens before `start`. */
export function attachSocket(
  socket: WebSocket,
  services: SocketServices,
  { address, admission }: Visitor,
  events: SocketEvents,
): LiveSocket {
  const { limits, hub, accounts, budgets, log, receipts, capabilities, epoch } = services;
  const waiting: ParsedFrame[] = [];
  let state: 'new' | 'checking' | 'open' | 'closed' = 'new';
  let session: Session | null = null;
  let caller: Caller | null = null;
  let alive = true;
  let strangePings = 0;

  const deadline = setTimeout(() => refuseToken('Sign in first.'), limits.unauthenticatedMs);

  const connection: LiveSocket = {
    start() {
      if (admission === 'refused') refuseToken(BAD_TOKEN);
      if (typeof admission !== 'object') return;
      try {
        open(admission);
      } catch (error) {
        failed(error);
      }
    },
    send(text, onSent) {
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
    heartbeat() {
      if (!alive) {
        socket.terminate();
        return;
      }
      if (caller && !accounts.isStillGood(caller)) {
        refuseToken('The token has ended.');
        return;
      }
      alive = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    },
  };

  function close(code: number, reason: string): void {
    if (state === 'closed') return;
    leave();
    socket.close(code, reason);
    // What waits in front of the close frame may never be read.
    const cut = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.once('close', () => clearTimeout(cut));
  }

  function refuseToken(message: string): void {
    if (state === 'closed') return;
    connection.send(JSON.stringify({ type: 'auth:error', data: { message } }));
    close(CLOSE_CODES.unauthenticated, 'not signed in');
  }

  function leave(): void {
    if (state === 'closed') return;
    state = 'closed';
    clearTimeout(deadline);
    waiting.length = 0;
    session?.end();
    if (caller) hub.remove(caller.user.id, connection);
    events.onClosed();
  }

  async function signIn(given: string): Promise<void> {
    // The token has come in time; how long it takes to check is not the client's doing.
    clearTimeout(deadline);
    state = 'checking';
    // What comes meanwhile stays with the system, but for what had been read already.
    socket.pause();
    const found = await accounts.authenticate(given, address).finally(() => socket.resume());
    if (state !== 'checking') return;
    if (found) open(found);
    else refuseToken(BAD_TOKEN);
  }

  /** @throws RelayError `rate_limited` */
  function takePlace(user: UserRow): void {
    budgets.request(user.id, SIGN_IN_COST);
    if (!hub.add(user.id, connection)) throw tooMany('Too many connections of this person.', limits.heartbeatMs);
  }

  function open(found: Caller): void {
    const { user } = found;
    clearTimeout(deadline);
    try {
      takePlace(user);
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      connection.send(errorFrame(error));
      close(CLOSE_CODES.policy, 'too many connections');
      return;
    }
    state = 'open';
    caller = found;
    events.onSignedIn();
    session = createSession(services, user, connection, events.onFault);
    const seq = log.current(user.id);
    const extensions = capabilities.length > 0 ? { capabilities } : {};
    const numbers = seq === null ? {} : { epoch, seq };
    connection.send(
      JSON.stringify({
        type: 'auth:success',
        data: { userId: user.id, username: user.username, ...extensions, ...numbers },
      }),
    );
    for (const parsed of waiting.splice(0)) handle(parsed);
    receipts.receivedAll(user.id).catch(events.onFault);
  }

  function failed(error: unknown): void {
    events.onFault(error);
    // Never 4401 for a fault of ours: a client would take its good token for a bad one.
    close(1011, 'server error');
  }

  function handle(parsed: ParsedFrame): void {
    if (!parsed.ok && parsed.fatal) {
      close(CLOSE_CODES.policy, 'not a frame');
      return;
    }
    if (!caller) return;
    const verdict = budgets.frame(caller.user.id, address);
    if (verdict.kind !== 'served') {
      session?.refuse(verdict.error, keyOf(parsed));
      if (verdict.kind === 'flood') close(CLOSE_CODES.policy, 'too many frames');
      return;
    }
    if (!parsed.ok) {
      session?.refuse(parsed.error, parsed.clientId);
      return;
    }
    if (!accounts.isStillGood(caller)) {
      refuseToken('The token has ended.');
      return;
    }
    session?.handle(parsed.frame);
  }

  /** By hand, since answers that nobody reads pile up as anything else does. */
  function answerPing(data: Buffer): void {
    if (state === 'closed') return;
    const isFew = caller ? budgets.ping(caller.user.id) : (strangePings += 1) <= MAX_WAITING;
    if (!isFew) close(CLOSE_CODES.policy, 'too many pings');
    else if (socket.bufferedAmount > limits.unsentBytes) close(CLOSE_CODES.policy, 'reading too slowly');
    else if (socket.readyState === socket.OPEN) socket.pong(data);
  }

  function handleFirst(parsed: ParsedFrame): void {
    if (parsed.ok && parsed.frame.type === 'auth') signIn(parsed.frame.data.token).catch(failed);
    else refuseToken('Sign in first.');
  }

  socket.on('message', (data, isBinary) => {
    if (state === 'closed') return;
    const bytes = sizeOf(data);
    const parsed: ParsedFrame =
      isBinary || bytes.byteLength > MAX_FRAME_BYTES ? { ok: false, fatal: true } : parseFrame(bytes);
    if (state === 'new') handleFirst(parsed);
    else if (state === 'open') handle(parsed);
    else if (waiting.length < MAX_WAITING) waiting.push(parsed);
    else close(CLOSE_CODES.policy, 'too many frames');
  });
  socket.on('ping', answerPing);
  socket.on('pong', () => (alive = true));
  socket.on('close', leave);
  // The library has closed the socket with the fitting code already (1002, 1007, 1009); the event must have a listener.
  socket.on('error', leave);

  return connection;
}
