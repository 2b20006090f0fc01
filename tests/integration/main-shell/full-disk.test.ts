/** A disk without room: whatever cannot be written says so, and nothing that is half written looks whole. */
import type * as Files from 'node:fs/promises';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ExportView } from '../../../contract/ipc/export-schemas.ts';
import { StoreError } from '../../../electron/main/lib/store-problem.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { ownFolder } from '../../helpers/main-parts.ts';
import { registerAt, spawnRelay, type SpawnedRelay, type TestUser } from '../../helpers/relay.ts';
import { upload } from '../../helpers/relay-files.ts';

/** The ending of the files for which there is no room; null: there is room for all. */
const disk = vi.hoisted(() => ({ full: null as string | null, opened: [] as { readonly fd: number }[] }));
vi.mock('node:fs/promises', async (original) => {
  const files = await original<typeof Files>();
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const open: typeof files.open = async (path, ...more) => {
    const handle = await files.open(path, ...more);
    if (disk.full === null || !String(path).endsWith(disk.full)) return handle;
    disk.opened.push(handle);
    return Object.assign(handle, { write: async () => full(), writeFile: async () => full() });
  };
  return { ...files, open, default: { ...files, open } };
});

let relay: SpawnedRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let anna: Person;
let boris: TestUser;
let chatId: string;

beforeEach(async () => {
  disk.full = null;
  own = await ownFolder();
  relay = await spawnRelay();
  boris = await registerAt(relay.url, 'boris');
  const user = await registerAt(relay.url, 'anna');
  anna = await createPerson({ url: relay.url, ...user, capabilities: [...ALL_CAPABILITIES, 'files'] });
  chatId = (await boris.api.post<{ chat: { id: string } }>('/chats', { userId: user.user.id })).body.chat.id;
  const file = await upload(boris, Buffer.from('The plan of the harbour'), 'plan.txt');
  await boris.api.post('/messages/send', { chatId, content: 'Look', attachments: [file.id] });
  anna.open();
  await anna.page.until('the chat', () => anna.page.chats.has(chatId));
  await anna.page.until('live', () => anna.data.connection.phase === 'live');
  await mkdir(join(own.folder, 'out'));
});
afterEach(async () => {
  disk.full = null;
  await anna.close();
  await relay.close();
  await own.remove();
});

async function exported(): Promise<ExportView> {
  anna.program.system.folders.push(join(own.folder, 'out'));
  const answer = must(await anna.data.exports.start({ chatId, format: 'json', since: null, files: true }));
  const find = (): ExportView | undefined =>
    anna.page.last('exports')?.exports.find(({ id, state }) => id === answer?.exportId && state !== 'running');
  await anna.page.until('the end', () => find() !== undefined);
  const view = find();
  if (!view) throw new Error('it is not told');
  return view;
}

it.each([
  ['its messages', 'messages.part'],
  ['its files', 'plan.txt.part'],
  ['its document', '.json'],
])('an export without room for %s says so, and is named as incomplete', async (_what, ending) => {
  disk.full = ending;
  expect(await exported()).toMatchObject({ state: 'incomplete', problem: 'disk_full' });
  // A file that nobody closes stays open until the program ends.
  expect(disk.opened.splice(0).map(({ fd }) => fd)).toEqual([-1]);
  const [folder = ''] = await readdir(join(own.folder, 'out'));
  expect(folder).toMatch(/incomplete/i);
  // With room again the next one is whole.
  disk.full = null;
  expect(await exported()).toMatchObject({ state: 'done', problem: null });
});

it('a command whose store has no room says so', async () => {
  const { accounts } = anna.program;
  const failing = (problem: ConstructorParameters<typeof StoreError>[0]) =>
    accounts.command(anna.accountId, () => Promise.reject(new StoreError(problem, 'enqueue')));
  expect(await failing('full')).toMatchObject({ ok: false, error: { code: 'disk_full' } });
  expect(await failing('read_only')).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
});
