/**
 * Stands between the application and a relay on the loopback interface and breaks things as a network does: requests
 * that never arrive, arrive late, or whose answers are lost or cut off; sockets that die. What it breaks, a seed decides.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { shuffled } from '../../contract/model/play-queue.ts';

export const FAULTS = ['lost_request', 'lost_answer', 'late_request', 'cut_answer'] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultProxyOptions {
  /** Port of the relay. */
  target: number;
  random: () => number;
  /**
   * Of every `1 / chance` sends exactly one meets each fault, and the seed decides which; other requests meet a lost
   * answer by chance, a quarter as often.
   */
  chance: number;
  /** The longest that a late request is late, in milliseconds. */
  lateMs: number;
  /** A request waits here before it goes on to the relay; `what` is its method and path. */
  hold?: (what: string) => Promise<void>;
}

export interface FaultProxy {
  readonly url: string;
  readonly counts: Record<Fault | 'passed' | 'dropped_sockets', number>;
  /** Kills every live socket, as a cable does: no close frame, no goodbye. */
  dropSockets(): number;
  /** Nobody listens: connections are refused until `accept`, and those that were open end. */
  refuse(): void;
  accept(): Promise<void>;
  /** From here on nothing is broken any more. */
  calm(): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Starts a proxy on a free port. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, random } = options;
  const counts: FaultProxy['counts'] = {
    lost_request: 0,
    lost_answer: 0,
    late_request: 0,
    cut_answer: 0,
    passed: 0,
    dropped_sockets: 0,
  };
  const live = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let isCalm = false;

  const ask = (incoming: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { ...incoming.headers, connection: 'close' };
      const outgoing = request(
        { host: '127.0.0.1', port: target, method: incoming.method, path: incoming.url, headers },
        (answer) => {
          readAll(answer).then(
            (read) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: read }),
            reject,
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  // Dealt from a shuffled deck: with a die for each send, now and then a whole run meets a fault not once.
  let deck: (Fault | null)[] = [];
  const deal = (): Fault | null => {
    if (deck.length === 0) {
      const size = Math.max(FAULTS.length, Math.round(1 / options.chance));
      deck = shuffled<Fault | null>([...FAULTS, ...Array<null>(size - FAULTS.length).fill(null)], random);
    }
    return deck.pop() ?? null;
  };

  const pick = (incoming: IncomingMessage): Fault | null => {
    if (isCalm || options.chance === 0) return null;
    const isSend = incoming.method === 'POST' && incoming.url === '/api/messages/send';
    if (isSend) return deal();
    return random() < options.chance / 4 ? 'lost_answer' : null;
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readAll(incoming);
    await options.hold?.(`${incoming.method} ${incoming.url}`);
    const fault = pick(incoming);
    counts[fault ?? 'passed'] += 1;
    const cut = (): void => void incoming.socket.destroy();
    switch (fault) {
      case 'lost_request':
        cut();
        return;
      case 'late_request': {
        cut();
        const timer = setTimeout(() => {
          timers.delete(timer);
          // Nobody waits for this answer any more.
          ask(incoming, body).catch(() => undefined);
        }, random() * options.lateMs);
        timers.add(timer);
        return;
      }
      case 'lost_answer':
        await ask(incoming, body);
        cut();
        return;
      case 'cut_answer': {
        const answer = await ask(incoming, body);
        outgoing.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': answer.body.length });
        outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), cut);
        return;
      }
      case null: {
        const answer = await ask(incoming, body);
        outgoing.writeHead(answer.status, answer.headers);
        outgoing.end(answer.body);
      }
    }
  };

  const server = createServer((incoming, outgoing) => {
    // The relay is down: the way there breaks, as it does without a proxy.
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  server.on('upgrade', (incoming, client: Socket, head) => {
    const upstream = connect(target, '127.0.0.1');
    const end = (): void => {
      live.delete(client);
      client.destroy();
      upstream.destroy();
    };
    live.add(client);
    upstream.on('connect', () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let n = 0; n < incoming.rawHeaders.length; n += 2)
        lines.push(`${incoming.rawHeaders[n]}: ${incoming.rawHeaders[n + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    for (const one of [client, upstream]) {
      one.on('error', end);
      one.on('close', end);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const dropSockets = (): number => {
    const dropped = live.size;
    for (const socket of [...live]) socket.destroy();
    counts.dropped_sockets += dropped;
    return dropped;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    dropSockets,
    refuse() {
      dropSockets();
      server.close();
      server.closeAllConnections();
    },
    async accept() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    calm: () => void (isCalm = true),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      dropSockets();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
