/**
 * What must hold wherever the application runs, step by step: the browser tests take these steps on the stand-in, `npm run
 * smoke:electron` takes the same ones under Electron, in the project and packaged. Each step stands on those before it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Bridge } from '../../contract/ipc/channels.ts';
import { DEMO_PEOPLE, seedDemo } from '../../scripts/lib/demo.ts';
import { chatList, expectState, message, nameOf, openChat, sendText, signInOnScreen } from './app-person.ts';
import { createRelayClient } from './relay-client.ts';

/** The application as the steps see it, on whichever host. */
export interface SmokeDesk {
  /** The page of the one window; another one after `open`. */
  readonly page: Page;
  /** The folder of the person's data, kept from one `open` to the next. */
  readonly userDataDir: string;
  open(): Promise<void>;
  /** Ends it as a person does. */
  quit(): Promise<void>;
  /** Starts it once more while it runs; answers the exit code of the second one, null when it did not end. */
  startSecond(): Promise<number | null>;
  /**
   * Ends the page's process and waits until the page is back; `told`: this time a dialog asks before, and the answer is to
   * try again. Null where nobody can do it from outside. What is open then may only be quit.
   */
  readonly crash: ((told: boolean) => Promise<void>) | null;
  /** `maximized` is null where it cannot be known. */
  window(): Promise<{ visible: boolean; maximized: boolean | null }>;
  /** What pages have complained of so far: console errors, failed scripts, breaches of the content security policy. */
  problems(): string[];
}

/** A step that cannot be taken here; its message says why. */
export class SmokeSkip extends Error {}

/** The people around the application. */
export interface SmokeWorld {
  /** The other one writes, on a device of their own. */
  write(text: string): Promise<void>;
  /** What the server holds of the chat, newest first. */
  stored(): Promise<string[]>;
}

export interface SmokeStep<Desk extends SmokeDesk = SmokeDesk> {
  name: string;
  /** Throws what is wrong; answers what is worth a word. */
  run: (desk: Desk, world: SmokeWorld) => Promise<string | void>;
}

const [ME, OTHER] = DEMO_PEOPLE;

/** Puts the demonstration's two people and their conversation on a relay; the second one is signed in. */
export async function smokeWorld(server: string): Promise<SmokeWorld> {
  await seedDemo(server);
  const { username, password } = OTHER;
  const login = await createRelayClient(server).post<{ token: string }>('/auth/login', { username, password });
  const api = createRelayClient(server, login.body.token);
  const { body } = await api.get<{ chats: { id: string }[] }>('/chats');
  const chatId = body.chats[0]?.id ?? '';
  return {
    async write(content) {
      const answer = await api.post('/messages/send', { chatId, content });
      if (answer.status !== 201) throw new Error(`the other one could not write: ${String(answer.status)}`);
    },
    async stored() {
      const answer = await api.get<{ messages: { content: string }[] }>(`/chats/${chatId}/messages`, { limit: 50 });
      return answer.body.messages.map(({ content }) => content);
    },
  };
}

const signIn: SmokeStep = {
  name: 'sign in',
  async run({ page }) {
    await signInOnScreen(page, ME);
    // Without a key store the token would be gone with the process, and every further start would ask again.
    await page.evaluate(async () => {
      const { relay } = globalThis as typeof globalThis & { relay: Bridge };
      await relay.accounts.keepWeakly({ keep: true });
    });
  },
};

const send: SmokeStep = {
  name: 'send',
  async run({ page }, world) {
    await openChat(page, OTHER);
    await sendText(page, 'Sent by the smoke test');
    await expectState(page, 'Sent by the smoke test', 'Sent');
    expect(await world.stored()).toContain('Sent by the smoke test');
  },
};

const forward: SmokeStep = {
  name: 'forward',
  async run({ page }, world) {
    await message(page, 'Sent by the smoke test').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Forward', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Forward' });
    await dialog.getByRole('checkbox', { name: nameOf(OTHER) }).check();
    await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(async () => countOf(await world.stored(), 'Sent by the smoke test')).toBe(2);
  },
};

const navigation: SmokeStep = {
  name: 'a prevented navigation, then a push',
  async run({ page }, world) {
    const before = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.org/elsewhere';
    });
    await world.write('Told after a navigation that was not allowed');
    await expect(message(page, 'Told after a navigation that was not allowed')).toBeVisible();
    expect(page.url()).toBe(before);
  },
};

const search: SmokeStep = {
  name: 'search in what is stored',
  async run({ page }) {
    await page.getByRole('searchbox').fill('smoke');
    await expect(page.locator('mark').first()).toBeVisible();
    await page.getByRole('searchbox').fill('');
  },
};

const again: SmokeStep = {
  name: 'close and open again: still signed in',
  async run(desk) {
    await desk.quit();
    await desk.open();
    await expect(chatList(desk.page)).toBeVisible();
  },
};

const maximized: SmokeStep = {
  name: 'start maximized',
  async run(desk) {
    await desk.quit();
    // As it is kept when a maximized window is closed.
    const place = { x: 40, y: 40, width: 1000, height: 700, maximized: true };
    await writeFile(join(desk.userDataDir, 'window.json'), JSON.stringify(place));
    await desk.open();
    await expect(chatList(desk.page)).toBeVisible();
    await expect.poll(async () => (await desk.window()).visible).toBe(true);
    const { maximized: is } = await desk.window();
    if (is === false) throw new Error('the window is not maximized');
    return is === null ? 'the window is visible; whether it is maximized cannot be known here' : undefined;
  },
};

const second: SmokeStep = {
  name: 'a second instance ends, the first one stays',
  async run(desk) {
    expect(await desk.startSecond()).toBe(0);
    await expect(chatList(desk.page)).toBeVisible();
    expect((await desk.window()).visible).toBe(true);
  },
};

const crashes: SmokeStep = {
  name: 'the page crashes three times',
  async run(desk) {
    if (desk.crash === null) throw new SmokeSkip('a dialog asks after the third, which nobody can answer from outside');
    for (const told of [false, false, true]) await desk.crash(told);
    await desk.quit();
    await desk.open();
    await expect(chatList(desk.page)).toBeVisible();
  },
};

const quiet: SmokeStep = {
  name: 'no page complained: no console error, no breach of the content security policy',
  async run(desk) {
    expect(desk.problems()).toEqual([]);
  },
};

/** In this order; the crashes come late, since what they leave may only be quit. */
export const SHARED_STEPS: readonly SmokeStep[] = [
  signIn,
  send,
  forward,
  navigation,
  search,
  again,
  maximized,
  second,
  crashes,
  quiet,
];

function countOf(texts: string[], wanted: string): number {
  return texts.filter((text) => text === wanted).length;
}
