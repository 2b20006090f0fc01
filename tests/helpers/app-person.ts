/** What a person does on the screens of the application, by the names that everybody sees and hears. English only. */
import { expect, type Locator, type Page } from '@playwright/test';

export interface Person {
  username: string;
  firstName: string;
  lastName: string;
  password: string;
}

/** Somebody with a name that no other test uses. */
export function newPerson(firstName: string, lastName: string): Person {
  const unique = Math.random().toString(36).slice(2, 8);
  return { username: `${firstName.toLowerCase()}_${unique}`, firstName, lastName, password: `pass-${unique}-word` };
}

/** Registers at the server that the screen offers, and arrives at the list of chats. */
export async function registerOnScreen(page: Page, person: Person): Promise<void> {
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('First name').fill(person.firstName);
  await page.getByLabel('Last name').fill(person.lastName);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Age').fill('30');
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(chatList(page)).toBeVisible();
}

/** Signs in on the first screen. */
export async function signInOnScreen(page: Page, person: Pick<Person, 'username' | 'password'>): Promise<void> {
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  // A question about the key store may stand before the list, which nobody finds behind it.
  await expect(chatList(page).or(page.getByRole('dialog')).first()).toBeVisible();
}

/** The pane with the list of chats. */
export function chatList(page: Page): Locator {
  return page.getByRole('region', { name: 'Chats', exact: true });
}

/** Finds somebody on the server and opens the chat with them. */
export async function startChatWith(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New chat' });
  await dialog.getByRole('combobox', { name: 'Search people' }).fill(person.username);
  await dialog.getByRole('option', { name: nameOf(person) }).click();
  await expect(composer(page)).toBeFocused();
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

/** Writes and sends by Enter. */
export async function sendText(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The message that holds the text, as itself and not as somebody's quote. */
export function message(page: Page, text: string): Locator {
  return page.getByRole('article').filter({ has: page.getByRole('paragraph').filter({ hasText: text }) });
}

/** Waits until one's own message has come so far: `Sent`, `Delivered`, `Read`. */
export async function expectState(page: Page, text: string, state: string): Promise<void> {
  await expect(message(page, text).getByLabel(state, { exact: true })).toBeVisible();
}

/** Opens the chat of the list with this person. */
export async function openChat(page: Page, person: Person): Promise<void> {
  await chatRow(page, person).click();
  await expect(composer(page)).toBeVisible();
}

/** The row of the list with this person. */
export function chatRow(page: Page, person: Person): Locator {
  return page.getByRole('list', { name: 'Chat list' }).getByRole('link', { name: nameOf(person) });
}

export function nameOf(person: Person): string {
  return `${person.firstName} ${person.lastName}`;
}
