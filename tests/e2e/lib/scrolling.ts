/** Scrolling as a person does it: begun by a wheel or a key, ended only when nothing moves any more. */
import { expect, type Page } from '@playwright/test';

/** Where a conversation stands: its first whole message, and how many pixels below the list's upper edge it begins. */
export interface Place {
  key: string;
  top: number;
}

/** The place of the conversation on the screen. */
export function placeOf(page: Page): Promise<Place> {
  return page.locator('.timeline').evaluate((list) => {
    const edge = list.getBoundingClientRect().top;
    for (const article of list.querySelectorAll('[data-message-key]')) {
      const top = article.getBoundingClientRect().top - edge;
      if (top >= 0) return { key: article.getAttribute('data-message-key') ?? '', top };
    }
    return { key: '', top: Number.NaN };
  });
}

/**
 * The place where a scroll that has begun comes to its end. The browser scrolls by an animation that a loaded machine
 * starts late, so two equal looks prove nothing: half a second's worth of painted frames must agree.
 */
export async function restingPlace(page: Page): Promise<Place> {
  await page.locator('.timeline').evaluate((list) => {
    const look = (): string => {
      const first = list.querySelector('[data-timeline-row]');
      return `${String(list.scrollTop)} ${String(first?.getBoundingClientRect().top)}`;
    };
    return new Promise<void>((resolve) => {
      let before = look();
      let still = 0;
      const frame = (): void => {
        const now = look();
        still = now === before ? still + 1 : 0;
        before = now;
        if (still === 30) resolve();
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  });
  return placeOf(page);
}

/** Turns the wheel over the conversation, `pixels` upwards, and answers where that ends. */
export async function wheelUp(page: Page, pixels: number): Promise<Place> {
  await page.locator('.timeline').hover();
  const from = await placeOf(page);
  await page.mouse.wheel(0, -pixels);
  await expect.poll(() => placeOf(page), 'the wheel moves the list').not.toEqual(from);
  return restingPlace(page);
}

/** How many pixels below the list's upper edge a message begins; null when it is not rendered. */
export function topOf(page: Page, key: string): Promise<number | null> {
  return page.locator('.timeline').evaluate((list, wanted) => {
    const article = list.querySelector(`[data-message-key="${wanted}"]`);
    return article ? article.getBoundingClientRect().top - list.getBoundingClientRect().top : null;
  }, key);
}

/** Expects the conversation to come to a place that it had, to the pixel. */
export async function expectPlace(page: Page, { key, top }: Place, why: string): Promise<void> {
  await expect.poll(async () => Math.abs(((await topOf(page, key)) ?? Number.NaN) - top), why).toBeLessThan(1);
}
