/** Two people who call each other, again and again: the press, the picture, the end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { currentAccount, until } from './account.ts';
import { epochNow, type RunningApp } from './app.ts';
import { callLeftovers, firstFrame, forgetMarks, takeMarks } from './call-probe.ts';

/** Milliseconds from the moment when the ring is seen to the press: a person is not faster. */
const RING_MS = 1_000;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const region = (page: Page) => page.getByRole('region', { name: 'Call', exact: true });

export interface Sides {
  caller: RunningApp;
  callee: RunningApp;
}

/** A call that was answered. Milliseconds since the epoch. */
export interface Answered {
  pressed: number;
  /** When the other side's first picture was presented (or, in an audio call, when each side was connected). */
  pictures: { caller: number; callee: number };
  /** When each step was first passed on each side. */
  marks: { caller: Map<string, number>; callee: Map<string, number> };
}

async function connectedAt(page: Page): Promise<number> {
  await region(page).getByRole('timer').waitFor();
  return epochNow();
}

/** The caller calls, the callee accepts a second after the ring is seen: what a person's decision hides. */
export async function call({ caller, callee }: Sides, chatId: string, type: 'audio' | 'video'): Promise<Answered> {
  const accountId = await currentAccount(caller.page);
  for (const { page } of [caller, callee]) await forgetMarks(page);
  const made = await caller.page.evaluate((input) => window.relay.calls.start(input), { accountId, chatId, type });
  if (!made.ok) throw new Error(`calling: ${made.error.code}`);
  const accept = button(callee.page, type === 'video' ? 'Accept with video' : 'Accept');
  await accept.waitFor();
  await pause(RING_MS);
  await until('the caller’s devices', async () => (await callLeftovers(caller.page)) > (type === 'video' ? 2 : 1));
  const seen =
    type === 'video'
      ? ([firstFrame(caller.page, 'receiver Bench'), firstFrame(callee.page, 'sender Bench')] as const)
      : ([connectedAt(caller.page), connectedAt(callee.page)] as const);
  await accept.click();
  const [atCaller, atCallee] = await Promise.all(seen);
  const marks = { caller: await takeMarks(caller.page), callee: await takeMarks(callee.page) };
  const pressed = marks.callee.get('pressed');
  if (pressed === undefined) throw new Error('the press was not seen');
  return { pressed, pictures: { caller: atCaller, callee: atCallee }, marks };
}

/** Hangs up; false when something of the call is left after a second. */
export async function hangUp({ caller, callee }: Sides): Promise<boolean> {
  await button(caller.page, 'Hang up').click();
  for (const { page } of [caller, callee]) await region(page).waitFor({ state: 'detached' });
  try {
    for (const { page } of [caller, callee])
      await until('an end without leftovers', async () => (await callLeftovers(page)) === 0, 1_000);
    return true;
  } catch (error) {
    console.warn('a call has left something', error);
    return false;
  }
}

/** The one chat that both are in. */
export function chatOf(page: Page): string {
  const found = /#\/(?:[^/]+\/)*chats\/([A-Za-z0-9_-]+)|chats\/([A-Za-z0-9_-]+)/.exec(page.url());
  const id = found?.[1] ?? found?.[2];
  if (id === undefined) throw new Error(`no chat in ${page.url()}`);
  return id;
}
