/** Files from the user's hands into main: chosen, dropped, pasted, made by a script; and out again into a folder. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { UploadView } from '../../contract/ipc/file-views.ts';
import type { Bridge } from '../../contract/ipc/channels.ts';
import type { App } from '../helpers/app.ts';
import { testHost } from '../helpers/app.ts';
import { chatRowById } from './lib/screen.ts';
import { test, type World } from './lib/world.ts';

type Staged = Awaited<ReturnType<Bridge['stageFiles']>>;
declare global {
  interface Window {
    staging: Promise<Staged>[];
  }
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Opened {
  app: App;
  page: Page;
  accountId: string;
  chatId: string;
  other: Awaited<ReturnType<World['person']>>;
  me: Awaited<ReturnType<World['person']>>;
}

/** The application with a place that stages whatever is chosen or dropped there. */
async function open(world: World): Promise<Opened> {
  const [me, other] = [await world.person('Anna', 'Berg'), await world.person('Boris', 'Olin')];
  const chatId = await world.chat(me, other);
  const app = await world.open(me);
  const { page } = app;
  // Files are staged in a chat that is known here.
  await expect(chatRowById(page, chatId)).toBeVisible();
  const accountId = `${world.relay.url}/${me.id}`;
  await page.evaluate(
    (of) => {
      window.staging = [];
      const stage = (files: Iterable<File>): void => void window.staging.push(window.relay.stageFiles(of, [...files]));
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.id = 'choose';
      input.addEventListener('change', () => stage(input.files ?? []));
      const place = document.createElement('div');
      place.id = 'place';
      Object.assign(place.style, {
        position: 'fixed',
        inset: '0 auto auto 0',
        width: '200px',
        height: '200px',
        zIndex: '9999',
      });
      place.addEventListener('dragover', (event) => event.preventDefault());
      place.addEventListener('drop', (event) => {
        event.preventDefault();
        event.stopPropagation();
        stage(event.dataTransfer?.files ?? []);
      });
      document.body.append(input, place);
    },
    { accountId, chatId },
  );
  return { app, page, accountId, chatId, other, me };
}

/** What came of the nth attempt. */
const result = (page: Page, n: number): Promise<Staged> =>
  page.evaluate((index) => window.staging[index], n) as Promise<Staged>;

function stagedOf(answer: Staged): UploadView[] {
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.staged;
}

/** Drops files of the disk onto a place of the page, as a person does from a file manager. */
async function drop(page: Page, files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
  }
  await session.detach();
}

test.describe('files of the user', () => {
  test.skip(testHost() !== 'stand-in', 'their paths under Electron are Electron’s own');

  test('that are chosen or dropped are staged without the page knowing where they are', async ({ world }, info) => {
    const { page, app } = await open(world);
    const bytes = randomBytes(3_000_000);
    const folder = info.outputPath('folder with ü and spaces');
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'Ünïcode 文件.png');
    await writeFile(path, PNG);
    await writeFile(join(folder, 'large.bin'), bytes);
    await page.setInputFiles('#choose', [path, join(folder, 'large.bin')]);
    const chosen = await result(page, 0);
    expect(stagedOf(chosen).map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['Ünïcode 文件.png'.normalize('NFC'), 'image', PNG.length],
      ['large.bin', 'document', bytes.length],
    ]);
    // From the root of the page's own origin, as main names it.
    const url = stagedOf(chosen)[0]?.previewUrl ?? '';
    const width = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return image.naturalWidth;
    }, url);
    expect(width).toBe(1);

    await drop(page, [folder, join(folder, 'large.bin')]);
    const dropped = await result(page, 1);
    expect(dropped).toMatchObject({ value: { refused: [{ code: 'file_is_folder' }] } });
    expect(stagedOf(dropped).map(({ name, size }) => [name, size])).toEqual([['large.bin', bytes.length]]);

    // Neither the answers nor anything else that has reached the page names a folder of this computer.
    const wire = (await app.control?.call('wire', { from: 0 })) ?? [];
    const toPage = wire.filter(({ direction }) => direction === 'to-page').map(({ text }) => text);
    expect(toPage.some((text) => text.includes('large.bin'))).toBe(true);
    expect(toPage.filter((text) => text.includes('/folder with') || text.includes('relay-given'))).toEqual([]);
  });

  test('that a script made have no path, however they come', async ({ world }) => {
    const { page, accountId, chatId } = await open(world);
    const answers = await page.evaluate(
      async (of) => {
        const made = new File(['made here'], 'made.txt');
        const transfer = new DataTransfer();
        transfer.items.add(made);
        const input = document.createElement('input');
        input.type = 'file';
        input.files = transfer.files;
        document.body.append(input);
        input.dispatchEvent(new Event('change', { bubbles: true }));
        const place = document.querySelector('#place');
        place?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
        const direct = await window.relay.stageFiles(of, [made, ...(input.files ?? [])]);
        const wrong = await window.relay.stageFiles(of, ['/etc/passwd'] as never).then(
          () => 'taken',
          (error: unknown) => String(error),
        );
        return { direct, dropped: await window.staging[0], wrong, bridge: Object.keys(window.relay.files) };
      },
      { accountId, chatId },
    );
    const refused = [{ name: 'made.txt', code: 'no_path' }];
    expect(answers.direct).toEqual({ ok: true, value: { staged: [], refused: [...refused, ...refused] } });
    expect(answers.dropped).toEqual({ ok: true, value: { staged: [], refused } });
    expect(answers.wrong).not.toBe('taken');
    // The command that takes paths is not the page's.
    expect(answers.bridge).not.toContain('stage');
    expect(answers.bridge).toContain('stageBytes');
  });

  test('arrive whole, and are saved to a folder beside what is there', async ({ world }, info) => {
    const { page, app, accountId, chatId, other } = await open(world);
    const bytes = randomBytes(2_000_000);
    const folder = info.outputPath('saved');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.bin'), bytes);
    await page.setInputFiles('#choose', join(folder, 'report.bin'));
    const [upload] = stagedOf(await result(page, 0));
    const sent = await page.evaluate((input) => window.relay.messages.send(input), {
      accountId,
      chatId,
      text: '',
      replyTo: null,
      uploads: [upload?.id ?? ''],
    });
    expect(sent).toMatchObject({ ok: true, value: { attachments: [{ uploadId: upload?.id }] } });
    type History = { messages: { attachments: { id: string }[] }[] };
    const history = async () => (await other.api.get<History>(`/chats/${chatId}/messages`)).body.messages;
    await expect.poll(async () => (await history())[0]?.attachments.length).toBe(1);
    const fileId = (await history())[0]?.attachments[0]?.id ?? '';

    const save = (name: string) =>
      page.evaluate((input) => window.relay.files.save(input), { accountId, fileId, name });
    const answerDialog = async (action: string): Promise<void> => {
      const open = async () => (await app.control?.call('state', null))?.outside.find(({ what }) => what === 'dialog');
      await expect.poll(async () => (await open())?.title).toBe('Save As');
      expect(await app.control?.call('act', { id: (await open())?.id ?? '', action })).toBe(true);
    };
    const first = save('report.bin');
    await answerDialog('cancel');
    expect(await first).toEqual({ ok: true, value: null });
    const second = save('report.bin');
    await answerDialog(`save:${join(folder, 'report.bin')}`);
    expect(await second).toMatchObject({ ok: true, value: { downloadId: expect.any(String) as unknown } });
    await expect.poll(() => readdir(folder)).toEqual(['report (2).bin', 'report.bin']);
    expect(sha(await readFile(join(folder, 'report (2).bin')))).toBe(sha(bytes));
    const shown = await page.evaluate((input) => window.relay.files.showInFolder(input), { accountId, fileId });
    expect(shown).toEqual({ ok: true, value: null });
    const records = (await app.control?.call('state', null))?.records ?? [];
    expect(records.filter(({ what }) => what === 'show-item').map(({ detail }) => detail)).toEqual([
      join(folder, 'report (2).bin'),
    ]);
    expect(records.filter(({ what }) => what === 'save-dialog')).toHaveLength(2);
  });
});
