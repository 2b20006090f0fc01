/** Where the keyboard is. */
import { expect, type Locator, type Page } from '@playwright/test';

interface Place {
  /** What has the focus, in a word or two. */
  what: string;
  lost: boolean;
  inView: boolean;
  marked: boolean;
}

async function place(page: Page): Promise<Place> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body)
      return { what: element?.tagName ?? 'nothing', lost: true, inView: false, marked: false };
    const box = element.getBoundingClientRect();
    const inView = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    // The ring is around the element, or around the box that it is the inside of; a choice marks its face beside it.
    const near = [element, element.parentElement, element.parentElement?.parentElement, element.nextElementSibling];
    const isRinged = (one: Element | null | undefined): boolean => {
      if (!one) return false;
      const style = getComputedStyle(one);
      const outline = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
      return outline || (style.boxShadow !== 'none' && one.matches(':focus-within, :focus + *'));
    };
    const isTyping = element.matches('input[type="text"], input[type="search"], input[type="password"], textarea');
    const what = `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}"`;
    // In a field of text the caret itself says where one is.
    return { what, lost: false, inView, marked: isTyping || near.some(isRinged) };
  });
}

/** The focus is on something, in view, and can be seen; `after` names the step in the message. */
export async function expectFocus(page: Page, after: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { what, lost, inView, marked } = await place(page);
        if (lost) return `the focus is lost (${what})`;
        if (!inView) return `${what} has the focus out of view`;
        return marked ? 'seen' : `nothing shows that ${what} has the focus`;
      },
      { message: after },
    )
    .toBe('seen');
}

/** Presses `key` until the target has the focus; each stop on the way is seen. */
export async function walkTo(page: Page, target: Locator, key = 'Tab', most = 60): Promise<void> {
  const there = (): Promise<boolean> =>
    target.evaluateAll((elements) => elements.some((element) => element === document.activeElement));
  for (let steps = 0; steps < most; steps++) {
    if (await there()) return;
    await page.keyboard.press(key);
    await expectFocus(page, `${key} number ${String(steps + 1)}`);
  }
  throw new Error(`${String(most)} times ${key} did not lead to ${String(target)}`);
}
