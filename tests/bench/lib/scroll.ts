/** Scrolling as a hand does it: wheel input made by the browser itself, at a steady speed. */
import type { CDPSession, Page } from '@playwright/test';
import { present } from './markup.ts';
import type { FrameRecord, Place } from './page-probe.ts';

/** The middle of the conversation at 1280 x 800. */
const AT = { x: 860, y: 400 };

/** Scrolls by `pixels` (towards older ones when positive) at `speed` pixels per second; resolves at its end. */
export async function wheel(devtools: CDPSession, pixels: number, speed: number): Promise<void> {
  await devtools.send('Input.synthesizeScrollGesture', {
    ...AT,
    yDistance: pixels,
    speed,
    gestureSourceType: 'mouse',
    preventFling: true,
  });
}

/** Records the frames while `work` runs. */
export async function recordFrames(page: Page, rows: Place, work: () => Promise<void>): Promise<FrameRecord> {
  await page.evaluate((place) => window.relayBench?.startFrames(place), rows);
  await work();
  return present(await page.evaluate(() => window.relayBench?.stopFrames()));
}
