/** A line to a TURN server: one question at a time, by UDP, TCP or TLS. */
import { createSocket } from 'node:dgram';
import { connect, isIP } from 'node:net';
import { connect as connectSafely } from 'node:tls';
import { lookup } from 'node:dns/promises';
import { readTurnAnswer, turnMessageBytes, type TurnAnswer, type TurnPlace } from './stun.ts';

export interface TurnLine {
  /** Sends a request and waits for its answer. @throws Error when none comes in time, or the line breaks. */
  ask(request: Buffer): Promise<TurnAnswer>;
  close(): void;
}

/** UDP loses: a request is sent again after this long, and then after twice as long. */
const AGAIN_MS = 500;

interface Waiting {
  id: Buffer;
  take: (answer: TurnAnswer) => void;
  fail: (error: Error) => void;
}

/** What both kinds of line have: who waits, and for how long. */
function questions(timeoutMs: number) {
  let waiting: Waiting | null = null;
  return {
    hear(bytes: Buffer): void {
      const answer = readTurnAnswer(bytes);
      if (answer && waiting?.id.equals(answer.id)) waiting.take(answer);
    },
    fail: (error: Error): void => waiting?.fail(error),
    wait: (id: Buffer): Promise<TurnAnswer> =>
      new Promise<TurnAnswer>((take, fail) => {
        const late = setTimeout(() => fail(new Error(`no answer within ${String(timeoutMs / 1000)} s`)), timeoutMs);
        const end = <T>(run: (value: T) => void) => {
          return (value: T): void => {
            clearTimeout(late);
            waiting = null;
            run(value);
          };
        };
        waiting = { id, take: end(take), fail: end(fail) };
      }),
  };
}

const idOf = (request: Buffer): Buffer => request.subarray(8, 20);

async function byUdp({ host, port }: TurnPlace, timeoutMs: number): Promise<TurnLine> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const asked = questions(timeoutMs);
  socket.on('message', (bytes) => asked.hear(bytes)).on('error', (error) => asked.fail(error));
  return {
    async ask(request) {
      const send = (): void => socket.send(request, port, address);
      const answer = asked.wait(idOf(request));
      send();
      const again = [AGAIN_MS, 3 * AGAIN_MS].map((ms) => setTimeout(send, ms));
      return answer.finally(() => again.forEach(clearTimeout));
    },
    close: () => void socket.close(),
  };
}

async function byStream({ host, port, way }: TurnPlace, timeoutMs: number): Promise<TurnLine> {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = way === 'tls' ? connectSafely({ host, port, ...name }) : connect({ host, port });
  const asked = questions(timeoutMs);
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no line within ${String(timeoutMs / 1000)} s`));
    }, timeoutMs);
    socket.once(way === 'tls' ? 'secureConnect' : 'connect', () => (clearTimeout(late), resolve()));
    socket.once('error', (error: Error) => {
      clearTimeout(late);
      reject(error);
    });
  });
  let held = Buffer.alloc(0);
  socket.on('error', (error: Error) => asked.fail(error)).on('close', () => asked.fail(new Error('the line was cut')));
  socket.on('data', (bytes) => {
    held = Buffer.concat([held, bytes]);
    for (let size = turnMessageBytes(held); size !== null && held.length >= size; size = turnMessageBytes(held)) {
      asked.hear(held.subarray(0, size));
      held = held.subarray(size);
    }
  });
  return {
    ask: async (request) => {
      const answer = asked.wait(idOf(request));
      socket.write(request);
      return answer;
    },
    close: () => void socket.destroy(),
  };
}

/** Opens a line. @param timeoutMs for the line and for each answer. @throws Error with the reason. */
export function openTurnLine(place: TurnPlace, timeoutMs: number): Promise<TurnLine> {
  return place.way === 'udp' ? byUdp(place, timeoutMs) : byStream(place, timeoutMs);
}
