/** Places of the screen, by the names that a person sees or hears, in either language. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { App } from '../../helpers/app.ts';
import { say, type Language } from './words.ts';

export function chatRowById(page: Page, chatId: string): Locator {
  return page.locator(`[data-chat="${chatId}"]`);
}

/** Opens a chat from the list; the caret is in the composer then. */
export async function openChat(page: Page, chatId: string): Promise<void> {
  await chatRowById(page, chatId).click();
  // Another chat's composer may have had the focus before.
  await expect(chatRowById(page, chatId)).toHaveAttribute('aria-current', 'page');
  await expect(composer(page)).toBeFocused();
}

export function composer(page: Page): Locator {
  return page.locator('form.composer textarea');
}

/** Writes and sends by Enter. */
export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** What is a message's own text: neither its sender nor its time, which could look like a part of it. */
const TEXT = '.text-paragraph, .text-quote, .text-block, .text-emoji';

/** The bubbles whose own text holds this. */
export function bubble(page: Page, text: string): Locator {
  return page.getByRole('article').filter({ has: page.locator(TEXT, { hasText: text }) });
}

/** The texts of all bubbles that are drawn, oldest first. */
export async function bubbleTexts(page: Page): Promise<string[]> {
  return page
    .getByRole('article')
    .evaluateAll(
      (articles, parts) =>
        articles.map((article) => [...article.querySelectorAll(parts)].map((part) => part.textContent).join('\n')),
      TEXT,
    );
}

/** How far a message of one's own has come, as the tick's name says it. */
export async function expectState(page: Page, text: string, state: string, language: Language = 'en'): Promise<void> {
  await expect(
    bubble(page, text).getByRole('img', { name: say(language, `states.${state}`), exact: true }),
  ).toBeVisible();
}

/** Opens the menu of a message, or of a chat in the list, and chooses. */
export async function chooseFrom(page: Page, target: Locator, ...path: string[]): Promise<void> {
  await target.click({ button: 'right' });
  for (const name of path) await page.getByRole('menuitem', { name, exact: true }).click();
}

/** Makes the application try the network at once, as a computer that wakes up does, instead of after its pause. */
export async function wake(app: App): Promise<void> {
  await app.control?.call('power', 'resume');
}

/** Goes to a place of the application by its address, as a reload or a link would. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** The field of a form with this label. */
export function field(page: Page, label: string): Locator {
  return page.getByLabel(label, { exact: true });
}

/** The words that stand under a field. */
export async function problemOf(target: Locator): Promise<string> {
  return target.evaluate((element) => {
    const id = element.getAttribute('aria-describedby');
    const words = id === null ? null : document.getElementById(id);
    return element.getAttribute('aria-invalid') === 'true' ? (words?.textContent ?? '').trim() : '';
  });
}

/** One kind of what a search has found. */
export function found(page: Page, words: string): Locator {
  return page
    .getByRole('group', { name: words, exact: true })
    .or(page.getByRole('region', { name: words, exact: true }));
}
