/**
 * What the trials stand on: a real relay in a process of its own, people who are registered there by its own requests,
 * and applications that are signed in. Signing in goes through the application's own session; the screens of signing in
 * have trials of their own.
 */
import type { Page } from '@playwright/test';
import type { Bridge } from '../../../contract/ipc/channels.ts';
import type { Chat } from '../../../contract/api/chat.ts';
import type { Message } from '../../../contract/api/message.ts';
import { test as base, type App, type AppOptions, closeAll } from '../../helpers/app.ts';
import { createRelayClient, type RelayClient } from '../../helpers/relay-client.ts';
import { spawnRelay, type SpawnedRelay } from '../../helpers/relay.ts';

declare global {
  interface Window {
    readonly relay: Bridge;
  }
}

export interface Person {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  /** First and last name, as every screen shows it. */
  name: string;
  password: string;
  /** Signed in on a device of its own. */
  api: RelayClient;
}

export interface World {
  readonly relay: SpawnedRelay;
  /** Somebody new on the relay, or on another one. */
  person(
    firstName: string,
    lastName: string,
    fields?: Record<string, unknown>,
    relay?: Pick<SpawnedRelay, 'url'>,
  ): Promise<Person>;
  /** The chat of two people. */
  chat(one: Person, two: Person): Promise<string>;
  /** Sends from the person's other device; answers the message's id. */
  write(from: Person, chatId: string, content: string, replyToId?: string): Promise<string>;
  /** An application with this person signed in, at the list of chats. */
  open(person: Person, options?: AppOptions): Promise<App>;
}

let people = 0;

/** A username that no other test of this run uses: at most 20 characters. */
export function freshUsername(prefix: string): string {
  people += 1;
  return `${
    prefix
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .slice(0, 6) || 'user'
  }_${Date.now().toString(36)}${String(people)}`;
}

async function register(
  relay: Pick<SpawnedRelay, 'url'>,
  firstName: string,
  lastName: string,
  fields: Record<string, unknown>,
): Promise<Person> {
  const username = freshUsername(firstName);
  const password = `pass-${username}-word`;
  const body = { username, firstName, lastName, age: 30, password, ...fields };
  const answer = await createRelayClient(relay.url).post<{ user: { id: string }; token: string }>(
    '/auth/register',
    body,
  );
  if (answer.status !== 201) throw new Error(`register: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
  const { user, token } = answer.body;
  const name = `${firstName} ${lastName}`;
  return { id: user.id, username, firstName, lastName, name, password, api: createRelayClient(relay.url, token) };
}

/** Signs in through the page's bridge, beside whoever is signed in, and waits for a list of chats. Answers the account. */
export async function signIn(page: Page, server: string, person: Person): Promise<string> {
  const result = await page.evaluate((input) => window.relay.accounts.login(input), {
    server,
    username: person.username,
    password: person.password,
  });
  if (!result.ok) throw new Error(`sign in: ${result.error.code} ${result.error.message}`);
  await page.locator('nav a[href*="/chats"]').first().waitFor();
  return result.value.accountId;
}

/** Playwright's test with `launch`, and `world`: a relay of the test's own with people on it. */
export const test = base.extend<{ world: World }>({
  world: async ({ launch }, use) => {
    const relay = await spawnRelay();
    const apps: App[] = [];
    await use({
      relay,
      person: (firstName, lastName, fields = {}, on = relay) => register(on, firstName, lastName, fields),
      async chat(one, two) {
        const answer = await one.api.post<{ chat: Chat }>('/chats', { userId: two.id });
        if (answer.status > 201) throw new Error(`chat: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
        return answer.body.chat.id;
      },
      async write(from, chatId, content, replyToId) {
        const body = { chatId, content, ...(replyToId === undefined ? {} : { replyToId }) };
        const answer = await from.api.post<{ message: Message }>('/messages/send', body);
        if (answer.status !== 201) throw new Error(`write: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
        return answer.body.message.id;
      },
      async open(person, options = {}) {
        const app = await launch({ server: relay.url, ...options });
        apps.push(app);
        await signIn(app.page, relay.url, person);
        return app;
      },
    });
    // First, so that no page complains of a picture that it was about to load when the server went.
    await closeAll(apps).finally(() => relay.close());
  },
});

/** What the server holds of a chat, oldest first. */
export async function stored(person: Person, chatId: string): Promise<string[]> {
  const answer = await person.api.get<{ messages: Message[] }>(`/chats/${chatId}/messages`, { limit: 100 });
  if (answer.status !== 200) throw new Error(`history: ${String(answer.status)}`);
  return answer.body.messages.map((message) => message.content).reverse();
}

/** The same person with a new token, after a relay has forgotten the old one. */
export async function signedInAgain(relay: SpawnedRelay, person: Person): Promise<Person> {
  const body = { username: person.username, password: person.password };
  const answer = await createRelayClient(relay.url).post<{ token: string }>('/auth/login', body);
  if (answer.status !== 200) throw new Error(`log in: ${String(answer.status)}`);
  return { ...person, api: createRelayClient(relay.url, answer.body.token) };
}
