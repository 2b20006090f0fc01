/** Files from a real relay into folders of this computer, and pictures to the clipboard. */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DownloadView } from '../../../contract/ipc/file-views.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { mediaOf, randomFile } from '../../helpers/files-world.ts';
import { type GateProxy, gateProxy } from '../../helpers/gate-proxy.ts';
import { ownFolder } from '../../helpers/main-parts.ts';
import { registerAt, spawnRelay, type SpawnedRelay, type TestUser } from '../../helpers/relay.ts';
import { upload } from '../../helpers/relay-files.ts';

const SIZE = 30_000_000;
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
  const user = await registerAt(relay.url, 'anna');
  anna = await createPerson({ url: proxy.url, ...user, capabilities: [...ALL_CAPABILITIES, 'files'] });
  anna.open();
  await anna.page.until('live', () => anna.data.connection.phase === 'live');
  const made = await boris.api.post<{ chat: { id: string } }>('/chats', { userId: user.user.id });
  chatId = made.body.chat.id;
  await mkdir(join(own.folder, 'saved'));
});
afterEach(async () => {
  await anna.close();
  await proxy.close();
  await relay.close();
  await own.remove();
});

/** Boris sends a file; its id, once Anna has the message. */
async function receive(name: string, bytes: Uint8Array): Promise<string> {
  const file = await upload(boris, bytes, name);
  await boris.api.post('/messages/send', { chatId, content: '', attachments: [file.id] });
  await anna.page.until('it came', () =>
    [...anna.page.messages.values()].some((message) => message.attachments[0]?.id === file.id),
  );
  return file.id;
}

const saved = (): Promise<string[]> => readdir(join(own.folder, 'saved'));
const place = (name: string): string => join(own.folder, 'saved', name);
const told = (): DownloadView[] => anna.page.last('downloads')?.downloads ?? [];
const untilState = (id: string, state: DownloadView['state']): Promise<void> =>
  anna.page.until(state, () => told().find((one) => one.id === id)?.state === state);

async function save(fileId: string, name: string): Promise<string> {
  anna.program.system.places.push(place(name));
  const answer = must(await anna.data.files.save({ fileId, name }));
  if (!answer) throw new Error('no place');
  return answer.downloadId;
}

describe('a saved file', () => {
  it('has the bytes that were sent, a name of its own, and told how far it was', async () => {
    const { bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    const fileId = await receive('film.bin', bytes);
    await writeFile(place('film.bin'), 'what was there');
    const id = await save(fileId, 'film.bin');
    await untilState(id, 'done');
    expect(await saved()).toEqual(['film (2).bin', 'film.bin']);
    expect((await readFile(place('film (2).bin'))).equals(bytes)).toBe(true);
    expect(await readFile(place('film.bin'), 'utf8')).toBe('what was there');
    const steps = anna.page.events.flatMap((event) => (event.kind === 'downloads' ? event.downloads : []));
    const got = steps.filter((one) => one.id === id).map((one) => one.got);
    expect(got).toEqual(got.toSorted((a, b) => a - b));
    expect(steps.at(-1)).toEqual({
      id,
      fileId,
      name: 'film (2).bin',
      size: SIZE,
      got: SIZE,
      state: 'done',
      problem: null,
    });
    expect(must(await anna.data.files.downloads({}))).toEqual([steps.at(-1)]);
    expect(anna.page.events.filter(({ kind }) => kind === 'downloads').length).toBeLessThan(100);
  });

  it('is offered a name that every system takes', async () => {
    const fileId = await receive('plan.bin', Buffer.from('plan'));
    const { system } = anna.program;
    for (const name of ['../../.ssh/authorized_keys', 'CON.txt', 'photo\u202Egnp.exe', '']) {
      expect(must(await anna.data.files.save({ fileId, name }))).toBeNull();
    }
    expect(system.asked).toEqual(['authorized_keys', '_CON.txt', 'photognp.exe', 'plan.bin']);
    expect(await saved()).toEqual([]);
    expect(must(await anna.data.files.downloads({}))).toEqual([]);
    expect(await anna.data.files.save({ fileId: 'unknown', name: 'x' })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('is two files when it is saved twice at once', async () => {
    const { bytes } = await randomFile(own.folder, 'x', 2_000_000);
    const fileId = await receive('x.bin', bytes);
    const ids = await Promise.all([save(fileId, 'x.bin'), save(fileId, 'x.bin'), save(fileId, 'x.bin')]);
    for (const id of ids) await untilState(id, 'done');
    expect(await saved()).toEqual(['x (2).bin', 'x (3).bin', 'x.bin']);
    for (const name of await saved()) expect((await readFile(place(name))).equals(bytes)).toBe(true);
  });

  it.each<[string, () => Promise<void> | void]>([
    ['the network', () => proxy.cut()],
    ['the end of the relay', () => relay.restart()],
  ])('goes on after %s where it was', async (_what, interrupt) => {
    const { bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    const fileId = await receive('film.bin', bytes);
    proxy.allowBack(SIZE / 2);
    const id = await save(fileId, 'film.bin');
    await anna.page.until('a part of it', () => (told()[0]?.got ?? 0) > SIZE / 4);
    await interrupt();
    // Not all of it a second time.
    proxy.allowBack(SIZE * 0.9);
    await untilState(id, 'done');
    proxy.allowBack(Number.POSITIVE_INFINITY);
    expect((await readFile(place('film.bin'))).equals(bytes)).toBe(true);
    expect(await saved()).toEqual(['film.bin']);
  });

  it('that is cancelled leaves nothing, and has not failed', async () => {
    const { bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    const fileId = await receive('film.bin', bytes);
    proxy.allowBack(SIZE / 2);
    const id = await save(fileId, 'film.bin');
    await anna.page.until('a part of it', () => (told()[0]?.got ?? 0) > 0);
    expect(await saved()).toEqual(['film.bin.part']);
    must(await anna.data.files.cancelSave({ downloadId: id }));
    await untilState(id, 'cancelled');
    expect(told()[0]).toMatchObject({ state: 'cancelled', problem: null });
    expect(await saved()).toEqual([]);
    expect(await anna.data.files.cancelSave({ downloadId: 'nobody' })).toMatchObject({ error: { code: 'not_found' } });
  });

  it('that the relay does not have any more, or that cannot be written, says why and leaves nothing', async () => {
    const fileId = await receive('plan.bin', Buffer.from('plan'));
    await relay.stop();
    await rm(join(relay.dataDir, 'files'), { recursive: true, force: true });
    await relay.restart();
    const id = await save(fileId, 'plan.bin');
    await anna.page.until('it failed', () => told().at(-1)?.state === 'failed', 30_000);
    expect(told().at(-1)).toMatchObject({ id, state: 'failed' });
    expect(told().at(-1)?.problem).not.toBeNull();
    const nowhere = await save(fileId, 'no such folder/plan.bin');
    await untilState(nowhere, 'failed');
    expect(told().at(-1)).toMatchObject({ problem: 'storage_failed' });
    expect(await saved()).toEqual([]);
  }, 40_000);

  it.runIf(process.platform === 'linux' && process.getuid?.() !== 0)('in a folder that is closed fails', async () => {
    const fileId = await receive('plan.bin', Buffer.from('plan'));
    await chmod(join(own.folder, 'saved'), 0o500);
    await untilState(await save(fileId, 'plan.bin'), 'failed');
    await chmod(join(own.folder, 'saved'), 0o700);
  });

  it.runIf(process.platform === 'win32')('is marked as coming from elsewhere', async () => {
    anna.program.system.marksOfTheWeb = true;
    const fileId = await receive('tool.exe', Buffer.from('MZ'));
    await untilState(await save(fileId, 'tool.exe'), 'done');
    expect(await readFile(`${place('tool.exe')}:Zone.Identifier`, 'utf8')).toContain('ZoneId=3');
  });

  it('comes from the disk when all of it is there', async () => {
    const bytes = await sharp({ create: { width: 90, height: 60, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const fileId = await receive('red.png', bytes);
    const [message] = [...anna.page.messages.values()].filter(({ attachments }) => attachments.length > 0);
    await mediaOf(anna).get(message?.attachments[0]?.url ?? '');
    await relay.stop();
    const id = await save(fileId, 'red.png');
    await untilState(id, 'done');
    expect((await readFile(place('red.png'))).equals(bytes)).toBe(true);
  });
});

describe('a file in its folder', () => {
  it('is shown where it was saved, and saved first when it is not there', async () => {
    const { system, userDataDir } = anna.program;
    const downloads = join(userDataDir, 'downloads');
    await mkdir(downloads);
    const fileId = await receive('CON.txt', Buffer.from('text'));
    must(await anna.data.files.showInFolder({ fileId }));
    expect(system.shown).toEqual([join(downloads, '_CON.txt')]);
    must(await anna.data.files.showInFolder({ fileId }));
    expect(await readdir(downloads)).toEqual(['_CON.txt']);
    await rm(join(downloads, '_CON.txt'));
    must(await anna.data.files.showInFolder({ fileId }));
    expect(system.shown).toHaveLength(3);
    expect(await readFile(join(downloads, '_CON.txt'), 'utf8')).toBe('text');
    // Saved elsewhere since: that is where it is shown.
    await untilState(await save(fileId, 'mine.txt'), 'done');
    must(await anna.data.files.showInFolder({ fileId }));
    expect(system.shown.at(-1)).toBe(place('mine.txt'));
    expect(await anna.data.files.showInFolder({ fileId: 'unknown' })).toMatchObject({ error: { code: 'not_found' } });
    await rm(downloads, { recursive: true });
    await rm(place('mine.txt'));
    expect(await anna.data.files.showInFolder({ fileId })).toMatchObject({ error: { code: 'storage_failed' } });
  });
});

describe('the clipboard', () => {
  it('gets a picture that the system takes, and nothing else', async () => {
    const picture = sharp({ create: { width: 30, height: 20, channels: 3, background: '#0f0' } });
    const png = await picture.clone().png().toBuffer();
    const ids = {
      png: await receive('a.png', png),
      webp: await receive('a.webp', await picture.clone().webp().toBuffer()),
      text: await receive('a.txt', Buffer.from('text')),
      bomb: await receive(
        'bomb.png',
        await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#000' } })
          .png()
          .toBuffer(),
      ),
    };
    const copy = async (fileId: string) => {
      const answer = await anna.data.files.copyImage({ fileId });
      return answer.ok ? 'copied' : answer.error.code;
    };
    expect(await copy(ids.png)).toBe('copied');
    expect(await copy(ids.webp)).toBe('unsupported_media');
    expect(await copy(ids.text)).toBe('unsupported_media');
    expect(await copy(ids.bomb)).toBe('unsupported_media');
    expect(await copy('unknown')).toBe('not_found');
    expect(anna.program.system.copied.map((bytes) => Buffer.from(bytes).equals(png))).toEqual([true]);
  }, 30_000);
});
