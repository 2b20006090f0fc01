/** Memory after an hour of use, told in events: what an hour brings, without its pauses. */
import type { Page } from '@playwright/test';
import { currentAccount, prepareAccount, type PreparedAccount } from '../lib/account.ts';
import type { RunningApp } from '../lib/app.ts';
import type { BenchCase } from '../lib/case.ts';
import { APP } from '../lib/markup.ts';
import { Dice } from '../lib/random.ts';
import type { Figure } from '../lib/report.ts';
import { wheel } from '../lib/scroll.ts';

const CHATS = 20;
/** What one minute of the simulated hour brings. */
const MINUTE = { received: 120, sent: 10, opened: 3, scrolled: 3, searched: 1 } as const;

interface Memory {
  minute: number;
  /** Bytes. */
  page: number;
  main: number;
  mainRss: number;
  nodes: number;
  listeners: number;
}

async function measure(app: RunningApp, minute: number): Promise<Memory> {
  if (!app.main) throw new Error('main has no instrument');
  // Twice: what the first collection finalizes, the second one frees.
  await app.devtools.send('HeapProfiler.collectGarbage');
  await app.devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await app.devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await app.devtools.send('Memory.getDOMCounters');
  const { heapUsed, rss } = await app.main.memory();
  return { minute, page: usedSize, main: heapUsed, mainRss: rss, nodes, listeners: jsEventListeners };
}

async function send(page: Page, count: number): Promise<void> {
  await page.locator(APP.composer).click();
  for (let n = 0; n < count; n += 1) {
    await page.keyboard.insertText(`written in between, number ${n}`);
    await page.keyboard.press('Enter');
  }
}

async function liveMinute(app: RunningApp, account: PreparedAccount, minute: number, dice: Dice): Promise<void> {
  const { server, world } = account;
  const all = Array.from({ length: CHATS }, (_, chat) => chat);
  const received = server.pushMany(all, MINUTE.received, 200);
  for (let n = 0; n < MINUTE.opened; n += 1) {
    const chat = (minute * MINUTE.opened + n) % CHATS;
    // By its address: the list draws only the rows in view, and the order changes with what arrives.
    const id = world.chatId(chat);
    await app.page.evaluate((place) => (location.hash = place), `#/chats/${id}`);
    await app.page.locator(`${APP.messages.selector}[data-message-key^="bench-m${chat}-"]`).first().waitFor();
    for (let turn = 0; turn < MINUTE.scrolled; turn += 1) await wheel(app.devtools, turn === 2 ? -4000 : 4000, 20_000);
  }
  await send(app.page, MINUTE.sent);
  const query = world.writer.word(dice.whole(0, 500));
  await app.page.evaluate(
    ({ accountId, text }) =>
      window.relay.search.messages({ accountId, query: text, chatId: null, limit: 30, offset: 0 }),
    { accountId: await currentAccount(app.page), text: query },
  );
  await received;
}

export const heapCase: BenchCase = {
  name: 'heap',
  title: 'memory after an hour of simulated use',
  async run(context) {
    const minutes = context.quick ? 6 : 60;
    const account = await prepareAccount(
      context,
      Array.from({ length: CHATS }, () => 1000),
    );
    const dice = new Dice(context.seed);
    const seen: Memory[] = [];
    try {
      const app = await account.open({ probeMain: true });
      try {
        for (let minute = 1; minute <= minutes; minute += 1) {
          await liveMinute(app, account, minute, dice);
          if (minute === 1 || minute % Math.ceil(minutes / 6) === 0) seen.push(await measure(app, minute));
        }
      } finally {
        await app.close();
      }
    } finally {
      await account.server.close();
    }
    return {
      method:
        `${minutes} minutes' worth of events without their pauses, each: ${MINUTE.received} messages received over ${CHATS} chats, ` +
        `${MINUTE.sent} sent, ${MINUTE.opened} chats opened and scrolled, a search. Sizes after two full collections. Growth is ` +
        `from the first minute (when 3 of ${CHATS} chats have been open) to the last, and from a sixth of the time, when the page's ` +
        `cache of conversations is full, to the last.`,
      figures: figures(seen, minutes),
      refused: [],
    };
  },
};

function figures(seen: readonly Memory[], minutes: number): Figure[] {
  const [first, warm] = seen;
  const last = seen.at(-1);
  if (!first || !warm || !last) throw new Error('too few minutes to compare');
  const series = (key: keyof Memory): string =>
    seen
      .map((one) => `${one.minute}: ${key === 'nodes' || key === 'listeners' ? one[key] : (one[key] / 1e6).toFixed(1)}`)
      .join(', ');
  const grown = (name: string, what: string, key: 'page' | 'main' | 'mainRss'): Figure[] => [
    {
      name: `heap.${name}`,
      what: `${what} after minute ${minutes}`,
      value: last[key] / 1e6,
      unit: 'MB',
      budget: null,
      note: `by minute: ${series(key)}`,
    },
    {
      name: `heap.${name}.growth`,
      what: `${what}: growth since minute 1`,
      value: (last[key] - first[key]) / 1e6,
      unit: 'MB',
      budget: null,
    },
    {
      name: `heap.${name}.late`,
      what: `${what}: growth since minute ${warm.minute}`,
      value: (last[key] - warm[key]) / 1e6,
      unit: 'MB',
      budget: null,
    },
  ];
  return [
    ...grown('page', "the page's heap", 'page'),
    ...grown('main', "main's heap", 'main'),
    ...grown('rss', "main's memory in all", 'mainRss'),
    {
      name: 'heap.nodes',
      what: 'nodes of the document after the last minute',
      value: last.nodes,
      unit: '',
      budget: null,
      note: `by minute: ${series('nodes')}`,
    },
    {
      name: 'heap.listeners',
      what: 'event listeners after the last minute',
      value: last.listeners,
      unit: '',
      budget: null,
      note: `by minute: ${series('listeners')}`,
    },
  ];
}
