/** Where things stand in the two pages that are measured. */
import type { Page } from '@playwright/test';
import type { Place } from './page-probe.ts';

/** The app's own page. */
export const APP = {
  chatRow: (chatId: string): string => `.chat-row[data-chat="${chatId}"]`,
  anyChatRow: '.chat-row',
  messages: { host: null, selector: '[data-message-key]' } satisfies Place,
  rows: { host: null, selector: '[data-timeline-row]' } satisfies Place,
  scroller: '.timeline',
  composer: 'textarea.field',
} as const;

/** The published component's page. */
export const PEER = {
  host: 'vue-advanced-chat',
  roomRow: '.vac-room-item',
  rooms: { host: 'vue-advanced-chat', selector: '.vac-room-item' } satisfies Place,
  messages: { host: 'vue-advanced-chat', selector: '.vac-message-wrapper' } satisfies Place,
  composer: 'textarea',
} as const;

/** Waits until something of a place has been painted; answers when, in milliseconds since the epoch. */
export function painted(page: Page, place: Place, text: string | null): Promise<number> {
  return page
    .evaluate(([where, what]) => window.relayBench?.painted(where, what), [place, text] as const)
    .then(present);
}

/**
 * Clicks and waits until `text` has been painted.
 * @returns milliseconds from the browser's receipt of the click.
 */
export async function clickToPainted(page: Page, selector: string, place: Place, text: string): Promise<number> {
  const target = page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  await page.evaluate(() => window.relayBench?.armEvent('click'));
  const done = painted(page, place, text);
  await target.click();
  const end = await done;
  const start = await page.evaluate(() => window.relayBench?.eventTime() ?? null);
  if (start === null) throw new Error(`the click on ${selector} did not arrive`);
  return end - start;
}

/** What the page's instrument answered; its absence is a mistake of the bench. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the page has no instrument');
  return value;
}
