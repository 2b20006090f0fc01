/** The token: its bytes are in no file in clear, in nothing that crosses to the page, and nowhere in the page. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test, testHost, type App } from '../helpers/app.ts';
import { newPerson, registerOnScreen, sendText, signInOnScreen, startChatWith } from '../helpers/app-person.ts';
import { registerAt } from '../helpers/relay.ts';
import { spawnRelay, type SpawnedRelay } from '../helpers/relay-process.ts';

let relay: SpawnedRelay;

test.beforeEach(async () => {
  relay = await spawnRelay();
});

test.afterEach(async () => {
  await relay.close();
});

/** A JSON Web Token, as it would stand in any text. The first part of every one of this relay is the same. */
const TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/;

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The files in which the pattern stands, as it is, in UTF-16, or in base 64. */
async function filesWith(folder: string, pattern: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (const file of await filesBelow(folder)) {
    const bytes = await readFile(file);
    const readings = [bytes.toString('latin1'), bytes.toString('utf16le')];
    const encoded = bytes.toString('latin1').match(/[A-Za-z0-9+/]{80,}={0,2}/g) ?? [];
    readings.push(...encoded.map((text) => Buffer.from(text, 'base64').toString('latin1')));
    if (readings.some((text) => pattern.test(text))) found.push(file);
  }
  return found;
}

/** Everything that a script of the page can read: storage, globals, the document, what the bridge answers. */
async function everythingInPage(app: App): Promise<string> {
  return app.page.evaluate(async () => {
    const seen = new Set<unknown>();
    const parts: string[] = [document.documentElement.outerHTML, document.cookie, location.href];
    const walk = (value: unknown, depth: number): void => {
      if (typeof value === 'string') parts.push(value);
      if (typeof value === 'function') parts.push(String(value));
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
      if (depth > 6 || seen.has(value)) return;
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) {
        const own = Reflect.getOwnPropertyDescriptor(value, key);
        parts.push(String(key));
        if (own && 'value' in own) walk(own.value, depth + 1);
      }
    };
    for (const storage of [localStorage, sessionStorage]) walk({ ...storage }, 0);
    walk(globalThis, 0);
    for (const database of await indexedDB.databases()) parts.push(String(database.name));
    for (const name of await caches.keys()) parts.push(name);
    return parts.join('\n');
  });
}

test('no token in files, in what crosses to the page, or in the page', async ({ launch }) => {
  const person = newPerson('Clara', 'Frost');
  const other = newPerson('Dmitri', 'Vale');
  await registerAt(relay.url, other.username, { ...other });
  const app = await launch({ server: relay.url });
  await registerOnScreen(app.page, person);
  await startChatWith(app.page, other);
  await sendText(app.page, 'Something to keep');
  await expect(app.page.getByRole('article').getByLabel('Sent', { exact: true })).toBeVisible();

  // The pattern does find this relay's tokens, and the search does find what is kept in clear.
  const { token } = await registerAt(relay.url, newPerson('Edith', 'Marsh').username);
  expect(token).toMatch(TOKEN);
  expect(await filesWith(app.userDataDir, new RegExp(person.username))).not.toEqual([]);

  expect(await filesWith(app.userDataDir, TOKEN)).toEqual([]);
  expect(await filesWith(app.userDataDir, new RegExp(person.password))).toEqual([]);
  const page = await everythingInPage(app);
  expect(page).toContain('Something to keep');
  expect(page).not.toMatch(TOKEN);
  const wire = await app.control?.call('wire', { from: 0 });
  if (wire) {
    const crossed = wire.map(({ text }) => text).join('\n');
    expect(crossed).toContain('Something to keep');
    expect(crossed).not.toMatch(TOKEN);
  }
  expect(app.output()).not.toMatch(TOKEN);

  // Kept all the same: the next start is signed in.
  await app.close();
  const again = await launch({ server: relay.url, userDataDir: app.userDataDir });
  await expect(again.page.getByRole('region', { name: 'Chats', exact: true })).toBeVisible();
});

test('a weak key store: the token stays in memory until the person says otherwise', async ({ launch }) => {
  test.skip(testHost() !== 'stand-in', 'the mood of the key store is set on the stand-in');
  const person = newPerson('Clara', 'Frost');
  await registerAt(relay.url, person.username, { ...person });
  const app = await launch({ server: relay.url, keyStore: 'weak' });
  await signInOnScreen(app.page, person);
  const told = app.page.getByRole('alertdialog').or(app.page.getByRole('dialog'));
  await expect(told).toContainText('Your sign-in can’t be stored safely');
  await told.getByRole('button', { name: 'Only until I quit' }).click();
  await expect(told).toHaveCount(0);
  const kept = /v10[\s\S]{100}|djEw[A-Za-z0-9+/]{100}/;
  expect(await filesWith(app.userDataDir, kept)).toEqual([]);

  await app.close();
  const again = await launch({ server: relay.url, keyStore: 'weak', userDataDir: app.userDataDir });
  await expect(again.page.getByText('Your session has expired.').first()).toBeVisible();
});
