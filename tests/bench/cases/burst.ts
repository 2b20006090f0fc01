/** 5,000 messages per second: what main and the page are held up by, and whether anything is lost. */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { prepareAccount, until, type PreparedAccount } from '../lib/account.ts';
import type { RunningApp } from '../lib/app.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import type { LoopRecord } from '../lib/host-link.ts';
import { APP, clickToPainted, painted, PEER, present } from '../lib/markup.ts';
import { openPeer } from '../lib/peer.ts';
import type { Figure } from '../lib/report.ts';
import { recordTasks } from '../lib/task-times.ts';

const PER_SECOND = 5000;
const CHATS = 20;
const SETTLE_MS = 120_000;

interface Burst {
  main: LoopRecord;
  /** Tasks of the page over 50 ms by the clock. */
  longTasks: number[];
  /** What the page's thread computed in each task, milliseconds. */
  tasks: number[];
  pushMs: number;
  storedMs: number;
  paintedMs: number;
  lost: number;
  doubled: number;
}

/** Messages in the store, and how many different ones. */
function countStored(folder: string): { rows: number; ids: number } {
  const db = new DatabaseSync(join(folder, 'relay.db'), { readOnly: true });
  try {
    const row = db.prepare('SELECT count(*) AS n, count(DISTINCT id) AS ids FROM messages').get();
    return { rows: Number(row?.n), ids: Number(row?.ids) };
  } finally {
    db.close();
  }
}

async function burstInApp(account: PreparedAccount, app: RunningApp, count: number): Promise<Burst> {
  const { server, world, home } = account;
  const chats = Array.from({ length: CHATS }, (_, chat) => chat);
  if (!app.main) throw new Error('main has no instrument');
  await clickToPainted(app.page, APP.chatRow(world.chatId(0)), APP.messages, world.lastWords(0));
  await app.page.waitForLoadState('networkidle');
  const before = countStored(home.folder).rows;
  const stopTasks = await recordTasks(app.devtools);
  await app.page.evaluate(() => window.relayBench?.startLongTasks());
  await app.main.startLoop();
  const begun = performance.now();
  await server.pushMany(chats, count - 1, PER_SECOND);
  const pushMs = performance.now() - begun;
  const marker = 'this is where the burst ends';
  const shown = painted(app.page, APP.messages, marker);
  server.push(0, marker);
  await until('storing the burst', () => countStored(home.folder).rows >= before + count, SETTLE_MS);
  const storedMs = performance.now() - begun;
  await shown;
  const paintedMs = performance.now() - begun;
  const main = await app.main.stopLoop();
  const longTasks = present(await app.page.evaluate(() => window.relayBench?.stopLongTasks()));
  const tasks = await stopTasks();
  if (tasks.length === 0) throw new Error('the browser told of no task of the page');
  const after = countStored(home.folder);
  return {
    main,
    longTasks,
    tasks,
    pushMs,
    storedMs,
    paintedMs,
    lost: before + count - after.ids,
    doubled: after.rows - after.ids,
  };
}

/** The same number at the same pace into the component's open room, handed over once per frame. */
async function burstInPeer(
  context: BenchContext,
  sizes: readonly number[],
  lastWords: string,
  count: number,
): Promise<{ longTasks: number[]; seconds: number; shown: boolean }> {
  const peer = await openPeer(context, context.browser, sizes);
  try {
    await clickToPainted(peer.page, `${PEER.roomRow} >> nth=0`, PEER.messages, lastWords);
    await peer.page.evaluate(() => window.relayBench?.startLongTasks());
    const begun = performance.now();
    const ended = peer.page
      .evaluate(([all, rate]) => window.peerPage?.burst(all, rate), [count, PER_SECOND] as const)
      .then(() => painted(peer.page, PEER.messages, `burst ${count - 1}`))
      .then(() => true);
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), SETTLE_MS).unref());
    const shown = await Promise.race([ended, late]);
    const seconds = (performance.now() - begun) / 1000;
    ended.catch(() => undefined);
    const longTasks = shown ? present(await peer.page.evaluate(() => window.relayBench?.stopLongTasks())) : [];
    return { longTasks, seconds, shown };
  } finally {
    await peer.close();
  }
}

function worst(tasks: readonly number[]): number {
  return tasks.length === 0 ? 0 : Math.max(...tasks);
}

export const burstCase: BenchCase = {
  name: 'burst',
  title: 'a burst of 5,000 messages/s',
  async run(context) {
    const count = context.quick ? 2500 : 10_000;
    const sizes = Array.from({ length: CHATS }, () => 200);
    const account = await prepareAccount(context, sizes);
    let ours: Burst;
    try {
      const app = await account.open({ probeMain: true });
      try {
        ours = await burstInApp(account, app, count);
      } finally {
        await app.close();
      }
    } finally {
      await account.server.close();
    }
    context.say('the component beside it');
    const peer = await burstInPeer(context, sizes, account.world.lastWords(0), count);
    const plain = (name: string, what: string, value: number, unit: string): Figure => ({
      name,
      what,
      value,
      unit,
      budget: null,
    });
    return {
      method:
        `${count} messages at ${PER_SECOND}/s through a real socket into ${CHATS} chats, one of them open at its newest message. ` +
        `Main: every 2 ms a look at how much this thread computed since the last one; the longest stretch bounds its longest task ` +
        `from above, and leaves out what other processes took on two cores. Page: what its thread computed in each of its tasks, ` +
        `by the browser's own tracing; beside it the browser's record of tasks over 50 ms by the clock, which other processes ` +
        `lengthen (the server, main, its store and the compositor share the two cores). Lost: the server's messages minus those in the store at the end. The component gets the same number at ` +
        `the same pace into its open room, handed over once per frame, without a socket or a store.`,
      figures: [
        {
          name: 'burst.main.task',
          what: 'longest task of main',
          value: ours.main.longestCpu,
          unit: 'ms',
          budget: { atMost: 50 },
        },
        {
          name: 'burst.page.task',
          what: 'longest task of the page',
          value: worst(ours.tasks),
          unit: 'ms',
          budget: { atMost: 50 },
        },
        { name: 'burst.lost', what: 'messages lost', value: ours.lost, unit: '', budget: { atMost: 0 } },
        { name: 'burst.doubled', what: 'messages doubled', value: ours.doubled, unit: '', budget: { atMost: 0 } },
        plain(
          'burst.page.wall',
          `the page: longest task by the clock (${ours.longTasks.length} over 50 ms)`,
          worst(ours.longTasks),
          'ms',
        ),
        plain('burst.main.wall', 'main: longest wait of a timer by the clock', ours.main.longestWall, 'ms'),
        plain('burst.pushed', 'all handed to the socket after', ours.pushMs, 'ms'),
        plain('burst.stored', 'all stored after', ours.storedMs, 'ms'),
        plain('burst.painted', 'the last one painted after', ours.paintedMs, 'ms'),
        plain(
          'burst.peer.task',
          `the component: longest task by the clock (${peer.longTasks.length} over 50 ms)`,
          peer.shown ? worst(peer.longTasks) : Number.NaN,
          'ms',
        ),
        plain(
          'burst.peer.painted',
          'the component: the last one painted after',
          peer.shown ? peer.seconds * 1000 : Number.NaN,
          'ms',
        ),
      ],
      refused: peer.shown ? [] : [`the component had not painted the burst after ${peer.seconds.toFixed(0)} s`],
    };
  },
};
