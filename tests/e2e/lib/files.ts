/** Files as a person handles them: made on this computer, dragged, attached, and compared with what the server has. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Message } from '../../../contract/api/message.ts';
import { createRelayClient } from '../../helpers/relay-client.ts';
import { test as base, type Person } from './world.ts';

export const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface SampleFile {
  name: string;
  path: string;
  bytes: Buffer;
}

/** Bytes that look like nothing, the same on every run. */
export function noise(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Playwright's test with `world`, and `sample`: writes a file into a folder of the test's own. */
export const test = base.extend<{ sample: (name: string, bytes: Buffer) => Promise<SampleFile> }>({
  sample: async ({ browserName: _name }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-samples-'));
    await use(async (name, bytes) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return { name, path, bytes };
    });
    await rm(folder, { recursive: true, force: true });
  },
});

type DragStep = 'dragEnter' | 'dragOver' | 'drop';

/** A drag of files from the system over the middle of a place, by the browser's own events. */
export async function dragFiles(page: Page, over: Locator, files: readonly SampleFile[], modifiers = 0) {
  const box = await over.boundingBox();
  if (!box) throw new Error('the place of the drag is not on the screen');
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: files.map(({ path }) => path), dragOperationsMask: 1 };
  const step = (type: DragStep, x = box.x + box.width / 2, y = box.y + box.height / 2): Promise<unknown> =>
    session.send('Input.dispatchDragEvent', { type, x, y, data, modifiers });
  await step('dragEnter');
  await step('dragOver');
  return {
    drop: () => step('drop'),
    /** Over another place. */
    async moveTo(other: Locator): Promise<void> {
      const to = await other.boundingBox();
      if (!to) throw new Error('the place of the drag is not on the screen');
      await step('dragOver', to.x + to.width / 2, to.y + to.height / 2);
    },
  };
}

/** Milliseconds within which the page hears of a drop, and how often a person tries. */
const HEARD_MS = 3_000;
const TRIES = 3;

/**
 * Drags files over a place and drops them as a person does: when the place has said that it takes them, and once more when
 * the drop did not arrive. A browser that has not heard by then that the page takes them makes a leave of the drop.
 */
export async function dropFiles(page: Page, over: Locator, files: readonly SampleFile[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const drag = await dragFiles(page, over, files);
    await over.locator('.zone').waitFor();
    // Listened for before the drop.
    const listening = await page.evaluateHandle((ms) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      setTimeout(resolve, ms, false);
      addEventListener('drop', () => resolve(true), { capture: true, once: true });
      return { heard: promise };
    }, HEARD_MS);
    await drag.drop();
    if (await listening.evaluate(({ heard }) => heard)) return;
    if (attempt === TRIES) throw new Error('the page heard of no drop');
  }
}

/** The list in the composer, and its chips. */
export const attachments = (page: Page): Locator => page.getByRole('list', { name: 'Attachments' });
export const chip = (page: Page, name: string): Locator =>
  attachments(page).getByRole('listitem').filter({ hasText: name });

/** Chooses files by the button "Attach files" and the system's dialog. */
export async function attach(page: Page, files: readonly SampleFile[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (await chooser).setFiles(files.map(({ path }) => path));
}

/** Waits until the server has everything that is in the composer. */
export async function untilReady(page: Page, name: string): Promise<void> {
  await chip(page, name).getByText('Ready to send').waitFor();
}

export interface StoredFile {
  name: string;
  sha: string;
  mimeType: string;
}

/** The token of a new session: what the clients of tests cannot say is said with it. */
async function tokenOf(url: string, { username, password }: Person): Promise<string> {
  const { body } = await createRelayClient(url).post<{ token: string }>('/auth/login', { username, password });
  return body.token;
}

/** Sends files from the person's other device. */
export async function sendFiles(
  from: Person,
  chatId: string,
  content: string,
  files: readonly [name: string, bytes: Buffer][],
): Promise<void> {
  const ids: string[] = [];
  for (const [name, bytes] of files) {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(bytes)]), name);
    const answer = await from.api.request<{ file: { id: string } }>('POST', '/files/upload', { body: form });
    if (answer.status !== 201) throw new Error(`upload: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    ids.push(answer.body.file.id);
  }
  const sent = await from.api.post('/messages/send', { chatId, content, attachments: ids });
  if (sent.status !== 201) throw new Error(`send: ${String(sent.status)} ${JSON.stringify(sent.body)}`);
}

/** A person's messages in a chat as the server has them, oldest first, with the bytes of their files by hash. */
export async function storedFiles(
  url: string,
  person: Person,
  chatId: string,
): Promise<{ content: string; files: StoredFile[] }[]> {
  const headers = { authorization: `Bearer ${await tokenOf(url, person)}` };
  const answer = await person.api.get<{ messages: Message[] }>(`/chats/${chatId}/messages`, { limit: 100 });
  const messages = answer.body.messages.toReversed();
  return Promise.all(
    messages.map(async ({ content, attachments: files }) => ({
      content,
      files: await Promise.all(
        (files ?? []).map(async ({ id, name, mimeType }) => {
          const file = await fetch(`${url}/api/files/${id}`, { headers });
          if (!file.ok) throw new Error(`file ${id}: ${String(file.status)}`);
          return { name, mimeType, sha: sha(new Uint8Array(await file.arrayBuffer())) };
        }),
      ),
    })),
  );
}
