/** How soon two people see and hear each other, by what lies between them: nothing, a TURN server, a slow link to one. */
import { X509Certificate, createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { CALL_FLAGS } from '../../helpers/call-flags.ts';
import { makeAuthority } from '../../helpers/certificates.ts';
import { createSlowLink, type LinkTerms } from '../../helpers/slow-link.ts';
import { hasTurnServer, startTurnServer, turnUrl, type TurnServer } from '../../helpers/turn-server.ts';
import { type SlowTcp, startSlowTcp } from '../../helpers/slow-tcp.ts';
import { createUdpProxy } from '../../helpers/udp-proxy.ts';
import { probeCalls, wayOf } from '../lib/call-probe.ts';
import { type Answered, call, chatOf, hangUp, type Sides } from '../lib/calling.ts';
import type { BenchCase, BenchContext, CaseOutcome } from '../lib/case.ts';
import { openConversation } from '../lib/conversation.ts';
import { Dice, subSeed } from '../lib/random.ts';
import type { Figure } from '../lib/report.ts';
import { median, summarize } from '../lib/stats.ts';

const SECRET = 'a shared secret of the bench';
/** Calls that are not counted: the page loads its parts for calls with the first one. */
const WARM_UP = 2;

interface Link {
  name: string;
  /** For a reader. */
  what: string;
  /** The way to the TURN server; null: the two see each other directly. */
  turn: 'udp' | 'tcp' | 'tls' | null;
  /** Between each side and the TURN server. */
  terms: LinkTerms | null;
  /** The same lies between each side and the node. */
  all?: true;
  rounds: number;
  /** Milliseconds: p95 from the press to the first picture must be below. */
  budget: number;
}

const MS50: LinkTerms = { delayMs: 50, jitterMs: 20, loss: 0.01 };
const MS100: LinkTerms = { delayMs: 100, jitterMs: 40, loss: 0.02 };
const FIFTY = '50 ± 20 ms each way, 1 % lost';
const HUNDRED = '100 ± 40 ms each way, 2 % lost';

const LINKS: readonly Link[] = [
  { name: 'direct', what: 'direct, on one machine', turn: null, terms: null, rounds: 50, budget: 500 },
  { name: 'udp', what: 'TURN by UDP', turn: 'udp', terms: null, rounds: 20, budget: 500 },
  { name: 'tcp', what: 'TURN by TCP', turn: 'tcp', terms: null, rounds: 20, budget: 500 },
  { name: 'tls', what: 'TURN by TLS', turn: 'tls', terms: null, rounds: 20, budget: 500 },
  { name: '50ms', what: `TURN by UDP, ${FIFTY}`, turn: 'udp', terms: MS50, rounds: 20, budget: 1_500 },
  { name: '100ms', what: `TURN by UDP, ${HUNDRED}`, turn: 'udp', terms: MS100, rounds: 20, budget: 2_200 },
  { name: '50ms.all', what: `${FIFTY}, signals too`, turn: 'udp', terms: MS50, all: true, rounds: 20, budget: 1_500 },
  {
    name: '100ms.all',
    what: `${HUNDRED}, signals too`,
    turn: 'udp',
    terms: MS100,
    all: true,
    rounds: 20,
    budget: 2_200,
  },
];

/** A certificate's key as the browser's switch wants it: the hash of its subject's public key info. */
function pinOf(cert: string): string {
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

/** By the page's own switch: what main is asked beside the page, the page may hear later than its next call. */
async function hideAddress(page: Page): Promise<void> {
  const place = new URL(page.url()).hash;
  await page.evaluate(() => (location.hash = '#/settings/calls'));
  await page.getByRole('switch', { name: 'Hide my address in calls' }).click();
  await page.evaluate((to) => (location.hash = to), place);
}

/** Makes the calls of one link. */
async function measure(context: BenchContext, link: Link, turn: TurnServer | null, pin: string): Promise<Answered[]> {
  const seed = subSeed(context.seed, LINKS.indexOf(link));
  context.say(`${link.what}, seed ${String(seed)}`);
  const dice = new Dice(seed);
  const proxy = createUdpProxy(link.terms ? createSlowLink(link.terms, () => dice.next()) : undefined);
  const relayEnv: Record<string, string> = { RELAY_CALLS_PER_MINUTE: '1000' };
  if (link.turn && turn) {
    const port = link.terms ? await proxy.via('127.0.0.1', turn.port) : turn.port;
    relayEnv['RELAY_TURN_URLS'] = turnUrl({ ...turn, port }, link.turn);
    relayEnv['RELAY_TURN_SECRET'] = SECRET;
  }
  const browser = await context.startBrowser([...CALL_FLAGS, `--ignore-certificate-errors-spki-list=${pin}`]);
  const { terms, all } = link;
  const slow: SlowTcp[] = [];
  const conversation = await openConversation(context, {
    ...{ browser, relayEnv },
    through: async (port) => {
      if (terms && all) slow.push(await startSlowTcp(port, terms, () => dice.next()));
      return `http://127.0.0.1:${String(slow[0]?.port ?? port)}`;
    },
  });
  const sides: Sides = { caller: conversation.sender, callee: conversation.receiver };
  try {
    const chatId = chatOf(sides.caller.page);
    for (const { page } of [sides.caller, sides.callee]) {
      await probeCalls(page);
      if (link.turn) await hideAddress(page);
    }
    const answered: Answered[] = [];
    for (let n = -WARM_UP; n < (context.quick ? 3 : link.rounds); n += 1) {
      const one = await call(sides, chatId, 'video');
      if (n >= 0) answered.push(one);
      if (link.turn) await checkWay(sides, `relay ${link.turn}`);
      await hangUp(sides);
    }
    return answered;
  } finally {
    await conversation.close();
    for (const one of slow) await one.close();
    await browser.close();
    await proxy.close();
  }
}

/** @throws Error when a call took another way than the one that is measured. */
async function checkWay({ caller, callee }: Sides, wanted: string): Promise<void> {
  for (const { page } of [caller, callee]) {
    const way = await wayOf(page);
    if (way !== wanted) throw new Error(`the call went by ${way}, and not by ${wanted}`);
  }
}

const sidesOf = ({ pressed, pictures }: Answered): number[] => [pictures.caller - pressed, pictures.callee - pressed];

const voicesOf = ({ pressed, marks }: Answered): number[] =>
  [marks.caller, marks.callee].map((side) => (side.get('first audio packet') ?? Number.NaN) - pressed);

function figuresOf({ name, what, budget }: Link, answered: readonly Answered[]): Figure[] {
  const pictures = summarize(answered.flatMap(sidesOf));
  const voices = summarize(answered.flatMap(voicesOf));
  return [
    {
      ...{ name: `links.${name}`, what: `${what}: to the first picture, p95 (p50 ${pictures.p50.toFixed(0)} ms)` },
      ...{ value: pictures.p95, unit: 'ms', budget: { atMost: budget, exclusive: true }, summary: pictures },
    },
    {
      ...{
        name: `links.${name}.voice`,
        what: `the same: to the first voice packet, p95 (p50 ${voices.p50.toFixed(0)} ms)`,
      },
      ...{ value: voices.p95, unit: 'ms', budget: null, summary: voices },
    },
  ];
}

/** The steps of both sides after the press, in the order of their medians. */
function stepsOf({ name, what }: Link, answered: readonly Answered[]): Figure[] {
  const steps = new Map<string, number[]>();
  for (const { pressed, marks } of answered) {
    for (const side of ['caller', 'callee'] as const) {
      for (const [step, at] of marks[side]) {
        const key = `${side}: ${step}`;
        steps.set(key, [...(steps.get(key) ?? []), at - pressed]);
      }
    }
  }
  return [...steps]
    .filter(([, times]) => times.length * 2 > answered.length)
    .map(([key, times]) => ({ key, times, middle: median(times) }))
    .toSorted((one, other) => one.middle - other.middle)
    .map(({ key, times, middle }): Figure => ({
      ...{ name: `links.${name}.${key}`, what: `${what} - ${key}`, value: middle, unit: 'ms', budget: null },
      summary: summarize(times),
    }));
}

async function run(
  context: BenchContext,
  figures: (link: Link, answered: readonly Answered[]) => Figure[],
  about: string,
): Promise<CaseOutcome> {
  const tls = makeAuthority('Bench authority').issue();
  const turn = hasTurnServer() ? await startTurnServer(SECRET, { tls }) : null;
  const all: Figure[] = [];
  const refused = turn ? [] : ['the calls through a TURN server: there is no coturn here (`turnserver` was not found)'];
  try {
    for (const link of LINKS) {
      if (link.turn && !turn) continue;
      try {
        all.push(...figures(link, await measure(context, link, turn, pinOf(tls.cert))));
      } catch (error) {
        // The others have taken minutes, and stand.
        console.warn(error);
        refused.push(
          `${link.what}: a call broke (${error instanceof Error ? error.message.split('\n', 1)[0] : 'unknown'})`,
        );
      }
    }
  } finally {
    await turn?.close();
  }
  return { method: `${METHOD} ${about}`, figures: all, refused };
}

const METHOD =
  'Two main processes and two pages in one browser with its own devices on one node, all on this machine. Video calls: from the click on ' +
  '"Accept with video" to the first frame of the other side\'s camera that was presented, and to the first packet of its voice, each on both sides; ' +
  "the press comes a second after the ring is seen, and the caller's devices are open by then. A camera's picture has 180 lines for its first second. With TURN both sides hide their address and a real coturn carries everything, which is checked in each " +
  'call; a slow link lies between each side and that server, so that a packet crosses it twice from one person to the other, and what it ' +
  'does to packets is computed from the seed. Signals go by the node and are not delayed, except in the last two. The certificate for TLS is made in the run, and trusted by a switch of the browser.';

export const linksCase: BenchCase = {
  name: 'links',
  title: 'links: the first picture of a call, by what lies between the two',
  run: (context) => run(context, figuresOf, ''),
  trace: (context) =>
    run(
      context,
      stepsOf,
      'Medians of the time from the click to each step, on either side; what came before it is below zero.',
    ),
};
