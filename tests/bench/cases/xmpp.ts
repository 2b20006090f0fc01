/** The load of the `relay` case on XMPP servers of Debian, where they are installed: a yardstick, without a budget. */
import type { BenchCase, BenchContext } from '../lib/case.ts';
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';
import { openXmppClient, type XmppClient } from '../growth/xmpp-client.ts';
import { XMPP_PROGRAMS, type XmppProgram } from '../growth/xmpp-server.ts';

const SENDERS = 64;
const PASSWORD = 'bench-sample';
const sender = (index: number): string => `sender${index}`;
const receiver = (index: number): string => `receiver${index}`;
const LATE_MS = 20_000;

interface Pair {
  from: XmppClient;
  to: XmppClient;
  index: number;
}

async function openPair(port: number, index: number): Promise<Pair> {
  const [from, to] = await Promise.all([
    openXmppClient(port, sender(index), PASSWORD),
    openXmppClient(port, receiver(index), PASSWORD),
  ]);
  return { from, to, index };
}

/** Sends one message after the other for so many milliseconds; the times until each was heard. */
async function chatter({ from, to, index }: Pair, ms: number): Promise<number[]> {
  const waiting = new Map<string, () => void>();
  to.onText((text) => waiting.get(text)?.());
  const times: number[] = [];
  const end = performance.now() + ms;
  for (let round = 0; performance.now() < end; round += 1) {
    const id = `m${index}-${round}`;
    const begun = performance.now();
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${id} was not heard after ${LATE_MS} ms`)), LATE_MS);
      waiting.set(id, () => {
        clearTimeout(late);
        resolve();
      });
      from.send(receiver(index), id);
    });
    waiting.delete(id);
    times.push(performance.now() - begun);
  }
  return times;
}

async function measure(context: BenchContext, { name, start }: XmppProgram, program: string): Promise<Figure[]> {
  const users = Array.from({ length: SENDERS }, (_, index) => [sender(index), receiver(index)]).flat();
  const ms = context.quick ? 2000 : 20_000;
  const server = await start(program, await context.folder(name.toLowerCase()), users, PASSWORD);
  const pairs: Pair[] = [];
  try {
    for (let index = 0; index < SENDERS; index += 1) pairs.push(await openPair(server.port, index));
    const begun = performance.now();
    const times = (await Promise.all(pairs.map((pair) => chatter(pair, ms)))).flat();
    const perSecond = times.length / ((performance.now() - begun) / 1000);
    const summary = summarize(times);
    const key = name.toLowerCase();
    return [
      {
        name: `xmpp.${key}.rate`,
        what: `${name}: messages per second`,
        value: perSecond,
        unit: '/s',
        budget: null,
      },
      {
        name: `xmpp.${key}.p99`,
        what: `${name}: send to heard, p99 (p50 ${summary.p50} ms)`,
        value: summary.p99,
        unit: 'ms',
        budget: null,
        summary,
      },
    ];
  } finally {
    for (const { from, to } of pairs) {
      from.close();
      to.close();
    }
    await server.close();
  }
}

export const xmppCase: BenchCase = {
  name: 'xmpp',
  title: 'the same load on XMPP servers',
  withoutApp: true,
  async run(context) {
    const figures: Figure[] = [];
    const refused: string[] = [];
    for (const one of XMPP_PROGRAMS) {
      if (one.program === null) refused.push(`${one.name} is not installed (${one.install})`);
      else figures.push(...(await measure(context, one, one.program)));
    }
    return {
      method:
        `Debian's servers, each on an empty folder and a loopback port without TLS, with the archive on (MAM): ${SENDERS} people each send to a connected partner, the next message when ` +
        `the partner has heard the one before. They answer before anything is on disk, which the relay never does; what is heard there has no receipt stored either.`,
      figures,
      refused,
    };
  },
};
