/** This relay beside that of another checkout, in turns on one machine: what a change of the house costs. */
import { Agent, request } from 'node:http';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { summarize } from '../lib/stats.ts';
import { registerAt } from '../../helpers/relay.ts';
import { spawnRelay, type SpawnedRelay } from '../../helpers/relay-process.ts';

const SENDERS = 64;
const ROUNDS = 5;
const TEXT = 'A message of the length that most messages have.';

interface Side {
  relay: SpawnedRelay;
  agent: Agent;
  chats: { token: string; chatId: string }[];
}

async function open(context: BenchContext, name: string, root?: string): Promise<Side> {
  const relay = await spawnRelay({
    dataDir: await context.folder(name),
    ...(root === undefined ? {} : { root }),
    env: { RELAY_REGISTRATIONS_PER_HOUR: '100000', RELAY_CONNECTIONS_PER_ADDRESS: '100000' },
  });
  const chats: Side['chats'] = [];
  for (let sender = 0; sender < SENDERS; sender += 1) {
    const from = await registerAt(relay.url, `from${sender}`);
    const to = await registerAt(relay.url, `to${sender}`);
    const made = await from.api.post<{ chat: { id: string } }>('/chats', { userId: to.user.id });
    if (made.status >= 300) throw new Error(`no chat: ${made.status}`);
    chats.push({ token: from.token, chatId: made.body.chat.id });
  }
  return { relay, agent: new Agent({ keepAlive: true, maxSockets: SENDERS }), chats };
}

function send({ relay, agent }: Side, token: string, body: unknown): Promise<void> {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${relay.url}/api/messages/send`, { method: 'POST', headers, agent }, (response) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 201 || response.statusCode === 200) resolve();
        else reject(new Error(`a message was refused: ${response.statusCode}`));
      });
    });
    sent.once('error', reject);
    sent.end(text);
  });
}

/** Messages per second over so many milliseconds, and the times of each. */
async function load(side: Side, round: number, ms: number): Promise<{ perSecond: number; times: number[] }> {
  const times: number[] = [];
  const begun = performance.now();
  await Promise.all(
    side.chats.map(async ({ token, chatId }, sender) => {
      for (let n = 0; performance.now() - begun < ms; n += 1) {
        const at = performance.now();
        await send(side, token, { chatId, content: TEXT, clientId: `r${round}-${sender}-${n}` });
        times.push(performance.now() - at);
      }
    }),
  );
  return { perSecond: (times.length * 1000) / (performance.now() - begun), times };
}

export const besideCase: BenchCase = {
  name: 'beside',
  title: 'messages per second beside an older relay',
  withoutApp: true,
  async run(context) {
    const root = process.env.RELAY_BENCH_BESIDE;
    const method =
      `${SENDERS} people send by request, each the next message when the one before was answered, to this relay and to ` +
      `the one of another checkout (RELAY_BENCH_BESIDE), in turns. Ratios are taken within a round.`;
    if (root === undefined) return { method, figures: [], refused: ['RELAY_BENCH_BESIDE names no other checkout'] };
    const ms = context.quick ? 1000 : 6000;
    const sides: Side[] = [];
    try {
      sides.push(await open(context, 'new'), await open(context, 'old', root));
      const [ours, theirs] = sides;
      if (!ours || !theirs) throw new Error('two relays are needed');
      const rates: { ours: number; theirs: number }[] = [];
      const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
      for (let round = 0; round <= ROUNDS; round += 1) {
        const [a, b] = [await load(ours, round, ms), await load(theirs, round, ms)];
        // The first round finds cold nodes.
        if (round === 0) continue;
        rates.push({ ours: a.perSecond, theirs: b.perSecond });
        times.ours.push(...a.times);
        times.theirs.push(...b.times);
      }
      const middle = (values: number[]): number => summarize(values).p50;
      const [now, before] = [middle(rates.map((rate) => rate.ours)), middle(rates.map((rate) => rate.theirs))];
      return {
        method,
        figures: [
          {
            name: 'beside.each',
            what: `time per message against the older relay (${now.toFixed(0)} and ${before.toFixed(0)} messages per second)`,
            value: middle(rates.map((rate) => rate.theirs / rate.ours)),
            unit: 'x',
            // At most 20 % fewer messages per second.
            budget: { atMost: 1.25 },
          },
          ...(['ours', 'theirs'] as const).map((which) => ({
            name: `beside.${which}.p99`,
            what: `send to acknowledged, p99, ${which === 'ours' ? 'this relay' : 'the older one'}`,
            value: summarize(times[which]).p99,
            unit: 'ms' as const,
            budget: null,
          })),
        ],
        refused: [],
      };
    } finally {
      for (const { relay, agent } of sides) {
        agent.destroy();
        await relay.close();
      }
    }
  },
};
