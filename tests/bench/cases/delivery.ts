/** From the key that sends to the text on the other side: two real apps, one real node, over loopback. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { spawnRelay } from '../../helpers/relay-process.ts';
import { currentAccount, until } from '../lib/account.ts';
import { launchApp, type RunningApp } from '../lib/app.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { APP, present } from '../lib/markup.ts';
import { Dice } from '../lib/random.ts';
import { summarize } from '../lib/stats.ts';

const PREFIX = 'bench-word-';
/** Milliseconds between one message shown and the next one typed, so that turns do not fall into step with frames. */
const GAP_MS: readonly [number, number] = [2, 40];
const LATE_MS = 10_000;

async function openPerson(context: BenchContext, server: string, name: string): Promise<RunningApp> {
  const userData = await context.folder(name);
  const app = await launchApp({ browser: context.browser, appDir: context.appDir, userData, server });
  await until('the page', () => app.page.evaluate(() => 'relay' in window));
  const person = {
    server,
    username: name,
    password: 'bench sample',
    firstName: name,
    lastName: 'Bench',
    age: 30,
    bio: '',
  };
  const answer = await app.page.evaluate((input) => window.relay.accounts.register(input), person);
  if (!answer.ok) throw new Error(`registering ${name}: ${answer.error.code}`);
  return app;
}

/** Opens the chat of the two in a page and puts the caret into the composer. */
async function openChat(page: Page, chatId: string): Promise<void> {
  await page.locator(APP.chatRow(chatId)).click();
  await page.locator(APP.composer).click();
}

async function makeChat(page: Page, other: string): Promise<string> {
  const answer = await page.evaluate(
    async ({ accountId, q }) => {
      const found = await window.relay.users.search({ accountId, q });
      const user = found.ok ? found.value[0] : undefined;
      return user ? window.relay.chats.create({ accountId, userId: user.id }) : null;
    },
    { accountId: await currentAccount(page), q: other },
  );
  if (!answer?.ok) throw new Error(`no chat with ${other}`);
  return answer.value.id;
}

export const deliveryCase: BenchCase = {
  name: 'delivery',
  title: 'send to shown at the other side, loopback',
  async run(context) {
    const count = context.quick ? 100 : 1000;
    const warmUp = 20;
    const relay = await spawnRelay();
    const apps: RunningApp[] = [];
    try {
      const sender = await openPerson(context, relay.url, 'sender');
      apps.push(sender);
      const receiver = await openPerson(context, relay.url, 'receiver');
      apps.push(receiver);
      const chatId = await makeChat(sender.page, 'receiver');
      await openChat(sender.page, chatId);
      // The first message makes the chat known at the other side.
      await sender.page.keyboard.insertText('hello');
      await sender.page.keyboard.press('Enter');
      await openChat(receiver.page, chatId);
      await sender.page.evaluate(() => window.relayBench?.watchPresses('Enter'));
      await receiver.page.evaluate((prefix) => window.relayBench?.watchTexts(null, prefix), PREFIX);
      const dice = new Dice(context.seed);
      for (let n = 0; n < count + warmUp; n += 1) {
        await sender.page.keyboard.insertText(`${PREFIX}${n}.`);
        await sender.page.keyboard.press('Enter');
        await until(
          `message ${n} at the other side`,
          () => receiver.page.evaluate((least) => (window.relayBench?.seenTexts().length ?? 0) > least, n),
          LATE_MS,
        );
        await pause(dice.whole(...GAP_MS));
      }
      const pressed = present(await sender.page.evaluate(() => window.relayBench?.presses()));
      const seen = present(await receiver.page.evaluate(() => window.relayBench?.seenTexts()));
      const byText = new Map(seen.map((one) => [one.text, one]));
      const shown: number[] = [];
      const paintedAfter: number[] = [];
      for (let n = warmUp; n < count + warmUp; n += 1) {
        const at = pressed[n];
        const arrival = byText.get(`${PREFIX}${n}.`);
        if (at === undefined || !arrival) throw new Error(`message ${n} was not shown`);
        shown.push(arrival.present - at);
        if (arrival.painted !== null) paintedAfter.push(arrival.painted - at);
      }
      const summary = summarize(shown);
      const painting = summarize(paintedAfter);
      return {
        method:
          `Two main processes and two pages on one node, all on this machine. A real key press (Enter) in page A is stamped ` +
          `when the browser received it; in page B a MutationObserver stamps the text when it stands in the document. ` +
          `${count} messages one after the other, 2-40 ms apart at random, after ${warmUp} to warm up. In between lie: the ` +
          `commit of A's outbox (synchronous=FULL), the node's commit (FULL), its fan-out, B's commit, and the push to page B. ` +
          `The stand-in's bridge is a WebSocket; Electron's own channel is shorter.`,
        figures: [
          {
            name: 'delivery.p50',
            what: 'shown at the other side, p50',
            value: summary.p50,
            unit: 'ms',
            budget: { atMost: 10 },
            summary,
          },
          {
            name: 'delivery.p99',
            what: 'shown at the other side, p99',
            value: summary.p99,
            unit: 'ms',
            budget: { atMost: 50 },
            summary,
          },
          {
            name: 'delivery.painted.p50',
            what: 'painted at the other side, p50 (with the wait for the next frame)',
            value: painting.p50,
            unit: 'ms',
            budget: null,
            summary: painting,
          },
        ],
        refused: [],
      };
    } finally {
      for (const app of apps) await app.close();
      await relay.close();
    }
  },
};
