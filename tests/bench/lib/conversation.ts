/** Two people with an app each, on one real node over loopback, and one chat that both have open. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { spawnRelay } from '../../helpers/relay-process.ts';
import { currentAccount, until } from './account.ts';
import { launchApp, type RunningApp } from './app.ts';
import type { BenchContext } from './case.ts';
import { APP, present } from './markup.ts';
import { Dice } from './random.ts';

/** Each message is this, its number and a full stop. */
export const MESSAGE_PREFIX = 'bench-word-';
/** Milliseconds between one message shown and the next one typed, so that turns do not fall into step with frames. */
const GAP_MS: readonly [number, number] = [2, 40];
/** The same at a pace at which every message may go over the socket: the app sends ten a second that way. */
export const CALM_GAP_MS: readonly [number, number] = [100, 140];
const LATE_MS = 10_000;

export interface ConversationOptions {
  /** Put the instruments of a trace into both apps. */
  isTraced?: boolean;
  /** In place of the run's own. */
  browser?: Browser;
  /** Further variables of the node's process. */
  relayEnv?: Record<string, string>;
}

export interface Conversation {
  readonly sender: RunningApp;
  readonly receiver: RunningApp;
  close(): Promise<void>;
}

/** When a message was sent and seen, milliseconds since the epoch. */
export interface Delivery {
  word: number;
  pressed: number;
  shown: number;
  painted: number | null;
}

export interface SendOptions {
  count: number;
  seed: number;
  /** Milliseconds between one shown and the next typed: from, to. */
  gap?: readonly [number, number];
  first?: number;
}

async function openPerson(
  context: BenchContext,
  server: string,
  name: string,
  options: ConversationOptions,
): Promise<RunningApp> {
  const userData = await context.folder(name);
  const { appDir } = context;
  const browser = options.browser ?? context.browser;
  const trace = options.isTraced ? { trace: { role: 'main' as const, prefix: MESSAGE_PREFIX } } : {};
  const app = await launchApp({ browser, appDir, userData, server, ...trace });
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

/** Starts everything, and sends a first message so that both sides know the chat and have it open. */
export async function openConversation(
  context: BenchContext,
  options: ConversationOptions = {},
): Promise<Conversation> {
  const relay = await spawnRelay(options.relayEnv ? { env: options.relayEnv } : {});
  const apps: RunningApp[] = [];
  const close = async (): Promise<void> => {
    for (const app of apps) await app.close();
    await relay.close();
  };
  try {
    const sender = await openPerson(context, relay.url, 'sender', options);
    apps.push(sender);
    const receiver = await openPerson(context, relay.url, 'receiver', options);
    apps.push(receiver);
    const chatId = await makeChat(sender.page, 'receiver');
    await openChat(sender.page, chatId);
    // The first message makes the chat known at the other side.
    await sender.page.keyboard.insertText('hello');
    await sender.page.keyboard.press('Enter');
    await openChat(receiver.page, chatId);
    return { sender, receiver, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Types and sends messages, each when the one before is shown at the other side. `first`: the number of the first one. */
export async function sendOneByOne(
  { sender, receiver }: Conversation,
  { count, seed, gap = GAP_MS, first = 0 }: SendOptions,
): Promise<Delivery[]> {
  await sender.page.evaluate(() => window.relayBench?.watchPresses('Enter'));
  await receiver.page.evaluate((prefix) => window.relayBench?.watchTexts(null, prefix), MESSAGE_PREFIX);
  const dice = new Dice(seed);
  for (let n = 0; n < count; n += 1) {
    const text = `${MESSAGE_PREFIX}${first + n}.`;
    await sender.page.keyboard.insertText(text);
    await sender.page.keyboard.press('Enter');
    // This very message: rows of an earlier series can come into the document again, and must not count.
    await until(
      `message ${n} at the other side`,
      () => receiver.page.evaluate((wanted) => window.relayBench?.hasSeen(wanted) === true, text),
      LATE_MS,
    );
    await pause(dice.whole(...gap));
  }
  const pressed = present(await sender.page.evaluate(() => window.relayBench?.presses()));
  const seen = present(await receiver.page.evaluate(() => window.relayBench?.seenTexts()));
  const byText = new Map(seen.map((one) => [one.text, one]));
  return Array.from({ length: count }, (_, word) => {
    const at = pressed[word];
    const arrival = byText.get(`${MESSAGE_PREFIX}${first + word}.`);
    if (at === undefined || !arrival) throw new Error(`message ${word} was not shown`);
    return { word, pressed: at, shown: arrival.present, painted: arrival.painted };
  });
}
