/** How many messages a relay takes: 64 people who each send the next one when the one before was answered. */
import { once } from 'node:events';
import type WebSocket from 'ws';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import type { LoopRecord } from '../lib/host-link.ts';
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';
import { openBenchNode, plainNode, type BenchNode } from '../growth/bench-node.ts';
import { chat, fillRelay, person } from '../growth/fill-relay.ts';

const SENDERS = 64;
/** Enough that no two senders share a chat. */
const SIZE = { people: SENDERS * 2, messages: 10_000, crowd: 1 };
const TEXT = 'A message of the length that most messages have.';
/** Milliseconds between a message per sender at the aim of 2,500 messages per second. */
const AIM_MS = 1000 / 2500;

interface Run {
  /** Milliseconds from the send to its answer. */
  times: number[];
  perSecond: number;
  loop: LoopRecord;
}

/** One sender: sends a message, and resolves with the milliseconds until it was acknowledged. */
type Send = (round: number) => Promise<number>;

/** The chat of a sender, who is its first member. */
const chatOf = (sender: number): string => chat(sender * 2);

async function run(node: BenchNode, senders: readonly Send[], ms: number): Promise<Run> {
  // The first ones find a cold node.
  await Promise.all(senders.map((send) => send(-1)));
  const times: number[] = [];
  const begun = performance.now();
  const { loop } = await node.watch(() =>
    Promise.all(
      senders.map(async (send) => {
        for (let round = 0; performance.now() - begun < ms; round += 1) times.push(await send(round));
      }),
    ),
  );
  return { times, perSecond: times.length / ((performance.now() - begun) / 1000), loop };
}

function byRest(node: BenchNode, tokens: readonly string[]): Send[] {
  return tokens.map((token, sender) => (round) => {
    const body = { chatId: chatOf(sender), content: TEXT, clientId: `rest-${sender}-${round}` };
    return node.time('POST', '/messages/send', token, body);
  });
}

async function bySocket(
  node: BenchNode,
  tokens: readonly string[],
): Promise<{ senders: Send[]; sockets: WebSocket[] }> {
  const waiting = new Map<string, (answer: string) => void>();
  const hear = (text: string): void => {
    const key = /"clientId":"([^"]+)"/.exec(text)?.[1];
    if (key === undefined) return;
    waiting.get(key)?.(text);
    waiting.delete(key);
  };
  const sockets = await Promise.all(tokens.map((token) => node.socket(token, hear)));
  const senders = sockets.map((socket, sender): Send => {
    return async (round) => {
      const clientId = `socket-${sender}-${round}`;
      const begun = performance.now();
      const answered = new Promise<string>((resolve) => waiting.set(clientId, resolve));
      socket.send(JSON.stringify({ type: 'message:send', data: { chatId: chatOf(sender), content: TEXT, clientId } }));
      const answer = await answered;
      if (answer.startsWith('{"type":"error"')) throw new Error(answer);
      return performance.now() - begun;
    };
  });
  return { senders, sockets };
}

function figuresOf(way: string, words: string, { times, perSecond, loop }: Run): Figure[] {
  const summary = summarize(times);
  return [
    { name: `relay.${way}.rate`, what: `messages per second ${words}`, value: perSecond, unit: '/s', budget: null },
    {
      name: `relay.${way}.each`,
      what: `time per message ${words} (2,500/s is 0.4 ms)`,
      value: 1000 / perSecond,
      unit: 'ms',
      budget: { atMost: AIM_MS },
    },
    {
      name: `relay.${way}.p99`,
      what: `send to acknowledged ${words}, p99 (p50 ${summary.p50} ms)`,
      value: summary.p99,
      unit: 'ms',
      budget: { atMost: 100 },
      summary,
    },
    {
      name: `relay.${way}.block`,
      what: `longest block of the loop ${words}`,
      value: loop.longestWall,
      unit: 'ms',
      budget: { atMost: 50 },
      note: `computing in the longest ${loop.longestCpu.toFixed(1)} ms`,
    },
  ];
}

async function prepare(context: BenchContext): Promise<BenchNode> {
  const dataDir = await context.folder('relay');
  const builder = await plainNode(dataDir);
  await builder.stop();
  await builder.close();
  await fillRelay(dataDir, SIZE, context.seed, (line) => context.say(line));
  return openBenchNode(dataDir);
}

export const relayCase: BenchCase = {
  name: 'relay',
  title: 'messages per second of a relay',
  withoutApp: true,
  async run(context) {
    const ms = context.quick ? 2000 : 20_000;
    const node = await prepare(context);
    try {
      const tokensOf = (side: 0 | 1): Promise<string[]> =>
        Promise.all(Array.from({ length: SENDERS }, (_, sender) => node.token(person(sender * 2 + side))));
      const tokens = await tokensOf(0);
      const receivers = await Promise.all((await tokensOf(1)).map((token) => node.socket(token)));
      const rest = await run(node, byRest(node, tokens), ms);
      const { senders, sockets } = await bySocket(node, tokens);
      const socket = await run(node, senders, ms);
      for (const open of [...receivers, ...sockets]) {
        open.close();
        await once(open, 'close');
      }
      return {
        method:
          `${SENDERS} people with a chat each send for ${ms / 1000} s, first by request and then by socket frame, each the next message when the one before ` +
          `was acknowledged: by the answer, or by the frame that comes back with its key. The other side of each chat is connected, so that every message is delivered and its ` +
          `receipt stored. The node is a process of its own with synchronous = FULL; the senders share the other core with everything else. The node's limits are wide open.`,
        figures: [...figuresOf('rest', 'by REST', rest), ...figuresOf('socket', 'by socket', socket)],
        refused: [],
      };
    } finally {
      await node.close();
    }
  },
};
