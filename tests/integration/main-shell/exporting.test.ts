/** A chat of a real relay, written into a folder of this computer. */
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportView } from '../../../contract/ipc/export-schemas.ts';
import type { Capability } from '../../../contract/api/capabilities.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { randomFile } from '../../helpers/files-world.ts';
import { type GateProxy, gateProxy } from '../../helpers/gate-proxy.ts';
import { ownFolder } from '../../helpers/main-parts.ts';
import { registerAt, spawnRelay, type SpawnedRelay, type TestUser } from '../../helpers/relay.ts';
import { upload } from '../../helpers/relay-files.ts';

let relay: SpawnedRelay;
let proxy: GateProxy;
let own: Awaited<ReturnType<typeof ownFolder>>;
let anna: Person;
let boris: TestUser;
let chatId: string;

beforeEach(async () => {
  own = await ownFolder();
  relay = await spawnRelay();
  proxy = await gateProxy(relay.port);
  boris = await registerAt(relay.url, 'boris');
});
afterEach(async () => {
  await anna.close();
  await proxy.close();
  await relay.close();
  await own.remove();
});

async function begin(capabilities: Capability[] = [...ALL_CAPABILITIES, 'files']): Promise<void> {
  const user = await registerAt(relay.url, 'anna');
  anna = await createPerson({ url: proxy.url, ...user, capabilities });
  const made = await boris.api.post<{ chat: { id: string } }>('/chats', { userId: user.user.id });
  chatId = made.body.chat.id;
  await mkdir(join(own.folder, 'out'));
}

async function write(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1)
    await boris.api.post('/messages/send', { chatId, content: `Message ${String(n)}` });
}

async function open(): Promise<void> {
  anna.open();
  await anna.page.until('live', () => anna.data.connection.phase === 'live');
  await anna.page.until('the chat', () => anna.page.chats.has(chatId));
}

const told = (): ExportView[] => anna.page.last('exports')?.exports ?? [];
const out = (...parts: string[]): string => join(own.folder, 'out', ...parts);

async function start(more: { format?: 'html' | 'json'; since?: number | null; files?: boolean } = {}): Promise<string> {
  anna.program.system.folders.push(out());
  const answer = must(await anna.data.exports.start({ chatId, format: 'json', since: null, files: true, ...more }));
  if (!answer) throw new Error('no folder');
  return answer.exportId;
}

async function ended(id: string): Promise<ExportView> {
  await anna.page.until('the end', () => told().some((one) => one.id === id && one.state !== 'running'), 20_000);
  const view = told().find((one) => one.id === id);
  if (!view) throw new Error('it is not told');
  return view;
}

interface Document {
  complete: boolean;
  count: number;
  messages: { text: string; sender: string; files: { path: string | null }[] }[];
}
const document = async (folder: string): Promise<Document> =>
  JSON.parse(await readFile(out(folder, 'messages.json'), 'utf8')) as Document;
const texts = async (folder: string): Promise<string[]> => (await document(folder)).messages.map(({ text }) => text);
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `Message ${String(n)}`);

describe('an exported chat', () => {
  it.each([
    ['with cursors', [...ALL_CAPABILITIES, 'files']],
    ['by counted pages', []],
  ] satisfies [string, Capability[]][])('has all of the server’s history in order, %s', async (_, capabilities) => {
    await begin(capabilities);
    await write(0, 230);
    await open();
    const view = await ended(await start());
    expect(view).toMatchObject({ state: 'done', messages: 230, problem: null });
    const [folder = ''] = await readdir(out());
    expect(folder).toMatch(/^Chat with /);
    expect(await texts(folder)).toEqual(numbered(230));
    expect(await readdir(out(folder))).toEqual(['messages.json']);
    const document_ = await document(folder);
    expect(document_).toMatchObject({ complete: true, count: 230 });
  });

  it('marks nothing as read where the server tells reading apart', async () => {
    await begin();
    await write(0, 120);
    await open();
    await anna.page.until('unread', () => anna.page.chats.get(chatId)?.unread === 120);
    await ended(await start());
    const chats = await boris.api.get<{ messages: { status: string }[] }>(`/chats/${chatId}/messages?limit=100`);
    expect(new Set(chats.body.messages.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(anna.page.chats.get(chatId)?.unread).toBe(120);
  });

  it('has its files, each once, under names of its own, and never takes a place', async () => {
    await begin();
    const { bytes } = await randomFile(own.folder, 'film.bin', 3_000_000);
    const [one, two] = [await upload(boris, bytes, 'film.bin'), await upload(boris, Buffer.from('two'), 'FILM.BIN')];
    for (const attachments of [[one.id], [two.id], [one.id]])
      await boris.api.post('/messages/send', { chatId, content: '', attachments });
    await open();
    for (let n = 0; n < 2; n += 1)
      expect(await ended(await start())).toMatchObject({ state: 'done', filesTotal: 2, files: 2 });
    const folders = (await readdir(out())).toSorted();
    expect(folders).toHaveLength(2);
    expect(folders.filter((name) => name.endsWith(' (2)'))).toHaveLength(1);
    for (const folder of folders) {
      expect((await readdir(out(folder, 'files'))).toSorted()).toEqual(['FILM (2).BIN', 'film.bin']);
      expect((await readFile(out(folder, 'files', 'film.bin'))).equals(bytes)).toBe(true);
      const paths = (await document(folder)).messages.map(({ files }) => files[0]?.path);
      expect(paths).toEqual(['files/film.bin', 'files/FILM (2).BIN', 'files/film.bin']);
    }
    expect(must(await anna.data.exports.show({ exportId: told()[0]?.id ?? '' }))).toBeNull();
    expect(anna.program.system.shown).toHaveLength(1);
    expect(JSON.stringify(anna.page.events)).not.toContain(own.folder);
    expect(JSON.stringify(anna.logger.entries)).not.toContain(own.folder);
  });

  it('begins at a date', async () => {
    await begin();
    await write(0, 3);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const since = Date.now();
    await write(3, 6);
    await open();
    await ended(await start({ since, format: 'html', files: false }));
    const [folder = ''] = await readdir(out());
    const html = await readFile(out(folder, 'index.html'), 'utf8');
    expect([...html.matchAll(/Message \d/g)].map(String)).toEqual(['Message 3', 'Message 4', 'Message 5']);
  });

  it('is cancelled without a trace', async () => {
    await begin();
    const { bytes } = await randomFile(own.folder, 'film.bin', 20_000_000);
    const file = await upload(boris, bytes, 'film.bin');
    await boris.api.post('/messages/send', { chatId, content: '', attachments: [file.id] });
    await open();
    const id = await start();
    await anna.page.until('bytes', () => (told()[0]?.bytes ?? 0) > 0);
    must(await anna.data.exports.cancel({ exportId: id }));
    expect(await ended(id)).toMatchObject({ state: 'cancelled' });
    expect(await readdir(out())).toEqual([]);
  });

  it('says so when the line breaks, and keeps what it has under a name that says it too', async () => {
    await begin();
    const { bytes } = await randomFile(own.folder, 'film.bin', 20_000_000);
    const file = await upload(boris, bytes, 'film.bin');
    await boris.api.post('/messages/send', { chatId, content: 'The film', attachments: [file.id] });
    await open();
    const id = await start({ format: 'html' });
    await anna.page.until('bytes', () => (told()[0]?.bytes ?? 0) > 0);
    await proxy.close();
    const view = await ended(id);
    expect(view).toMatchObject({ state: 'incomplete', messages: 1 });
    expect(view.problem).not.toBeNull();
    const [folder = ''] = await readdir(out());
    expect(folder).toMatch(/\(incomplete\)$/);
    const html = await readFile(out(folder, 'index.html'), 'utf8');
    expect(html).toContain('This export is incomplete');
    expect(html).toContain('The film');
    expect(html).toContain('couldn’t be fetched');
    expect((await readdir(out(folder))).toSorted()).toEqual(['files', 'index.html']);
    expect(await readdir(out(folder, 'files'))).toEqual([]);
  });

  it('fails in words where nothing can be written', async () => {
    await begin();
    await open();
    await chmod(out(), 0o500);
    // Root writes everywhere.
    if (process.getuid?.() === 0) anna.program.system.folders.push(join(own.folder, 'nowhere'));
    else anna.program.system.folders.push(out());
    const answer = must(await anna.data.exports.start({ chatId, format: 'html', since: null, files: true }));
    expect(await ended(answer?.exportId ?? '')).toMatchObject({ state: 'failed', problem: 'storage_failed' });
  });
});
