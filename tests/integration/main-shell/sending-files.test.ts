/** Files from a folder of one person to another one, through a real relay. */
import { appendFile, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UploadView } from '../../../contract/ipc/file-views.ts';
import { must, type Person } from '../../helpers/data-world.ts';
import { randomFile, sha, stage, stageBytes, toldUploads, untilUpload } from '../../helpers/files-world.ts';
import { arrived, outgoing, type Senders, senders } from '../../helpers/senders.ts';

/** More than the systems on the way take in. */
const LARGE = 16_000_000;

let world: Senders;

beforeEach(async () => {
  world = await senders();
});
afterEach(() => world.close());

describe('a message with files', () => {
  it('arrives with the bytes that lay in the folder, in their order', async () => {
    const { anna, boris, chat } = await world.pair();
    const files = await Promise.all(
      [1, 70_000, 3_000_000].map((size, n) => randomFile(world.own.folder, `ä ${n}.bin`, size)),
    );
    const staged = await stage(anna, chat.id, ...files.map(({ path }) => path));
    expect(staged.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['ä 0.bin', 'document', 1],
      ['ä 1.bin', 'document', 70_000],
      ['ä 2.bin', 'document', 3_000_000],
    ]);
    const ids = staged.map(({ id }) => id).reverse();
    must(await anna.data.files.arrange({ chatId: chat.id, ids }));
    expect(must(await anna.data.files.uploads({ chatId: chat.id })).uploads.map(({ id }) => id)).toEqual(ids);
    const sent = must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads: ids }));
    expect(sent.attachments.map(({ uploadId }) => uploadId)).toEqual(ids);
    await boris.page.until('it came', () => arrived(boris).length === 1);
    const [message] = arrived(boris);
    expect(message?.attachments.map(({ name }) => name)).toEqual(['ä 2.bin', 'ä 1.bin', 'ä 0.bin']);
    const got = await Promise.all((message?.attachments ?? []).map(({ id }) => world.bytesAt(boris, id)));
    expect(got.map(sha)).toEqual(files.map(({ bytes }) => sha(bytes)).reverse());
    await anna.page.until('nothing is left of them', () => toldUploads(anna, chat.id).length === 0);
    const own_ = anna.page.messages.get(sent.key);
    expect(own_?.attachments.map(({ uploadId, id }) => [uploadId, id])).toEqual(
      message?.attachments.map(({ id }) => [null, id]),
    );
  });

  it('is told of often enough and no more, never backwards, and is full only by the answer', async () => {
    const { anna, chat } = await world.pair();
    const { path, bytes } = await randomFile(world.own.folder, 'large.bin', 30_000_000);
    const [upload] = await stage(anna, chat.id, path);
    const id = upload?.id ?? '';
    await untilUpload(anna, chat.id, id, (one) => one?.state === 'ready');
    const told = anna.page.events
      .flatMap((event) => (event.kind === 'uploads' ? event.uploads : []))
      .filter((one) => one.id === id);
    const order = ['waiting', 'sending', 'finishing', 'ready'];
    expect(told.map(({ state }) => order.indexOf(state))).toEqual(
      told.map(({ state }) => order.indexOf(state)).toSorted((a, b) => a - b),
    );
    expect(told.map(({ sent }) => sent)).toEqual(told.map(({ sent }) => sent).toSorted((a, b) => a - b));
    expect(told.at(-1)).toMatchObject({ state: 'ready', sent: bytes.length, problem: null });
    expect(told.length).toBeLessThan(60);
  });

  it('of one file waits for it, while a text goes past it', async () => {
    const { anna, boris, chat } = await world.pair();
    const slow = await world.throughGate(anna);
    const { path } = await randomFile(world.own.folder, 'film.bin', LARGE);
    world.proxy.allow(world.proxy.passed() + 500_000);
    const [upload] = await stage(slow, chat.id, path);
    const sent = must(
      await slow.data.messages.send({ chatId: chat.id, text: 'see', replyTo: null, uploads: [upload?.id ?? ''] }),
    );
    await untilUpload(slow, chat.id, upload?.id ?? '', (one) => (one?.sent ?? 0) > 0);
    expect(toldUploads(slow, chat.id)).toMatchObject([{ messageKey: sent.key, state: 'sending' }]);
    expect(slow.page.messages.get(sent.key) ?? sent).toMatchObject({ state: 'queued', id: null });
    world.proxy.allow(Number.POSITIVE_INFINITY);
    await boris.page.until('the film', () => boris.page.texts(chat.id).includes('see'));
  });

  it('is paused, goes on, and is taken back with its files', async () => {
    const { anna, chat } = await world.pair();
    const slow = await world.throughGate(anna);
    const { path, bytes } = await randomFile(world.own.folder, 'film.bin', LARGE);
    world.proxy.allow(world.proxy.passed() + 300_000);
    const [upload] = await stage(slow, chat.id, path);
    const id = upload?.id ?? '';
    await untilUpload(slow, chat.id, id, (one) => one?.state === 'sending');
    must(await slow.data.files.pause({ uploadId: id }));
    await untilUpload(slow, chat.id, id, (one) => one?.state === 'paused');
    world.proxy.allow(Number.POSITIVE_INFINITY);
    must(await slow.data.files.resume({ uploadId: id }));
    await untilUpload(slow, chat.id, id, (one) => one?.state === 'ready' && one.sent === bytes.length);

    world.proxy.allow(world.proxy.passed() + 300_000);
    const [second] = await stage(slow, chat.id, path);
    const uploads = [second?.id ?? ''];
    const sent = must(await slow.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads }));
    world.proxy.allow(Number.POSITIVE_INFINITY);
    must(await slow.data.messages.cancel({ localId: sent.localId ?? '' }));
    await slow.page.until('only the first', () => toldUploads(slow, chat.id).length === 1);
    must(await slow.data.files.remove({ uploadId: id }));
    await slow.page.until('none', () => toldUploads(slow, chat.id).length === 0);
  });

  it('sends at most three at once, over all accounts of the program', async () => {
    const { anna, chat } = await world.pair();
    const slow = await world.throughGate(anna);
    const beside = await world.relay.register('carla');
    const second = await world.open(beside, { url: world.proxy.url, beside: slow });
    const other = must(await second.data.chats.create({ userId: anna.user.id }));
    world.proxy.allow(world.proxy.passed() + 100_000);
    const files = await Promise.all(
      Array.from({ length: 4 }, (_, n) => randomFile(world.own.folder, `f${n}.bin`, LARGE + n)),
    );
    const paths = files.map(({ path }) => path);
    await stage(slow, chat.id, ...paths);
    await stage(second, other.id, ...paths);
    // Nothing moves while the gate is shut, so that two answers make one picture.
    const states = async (): Promise<Record<string, number>> => {
      const lists = [slow.data.files.uploads({ chatId: chat.id }), second.data.files.uploads({ chatId: other.id })];
      const counts: Record<string, number> = {};
      for (const { state } of (await Promise.all(lists)).flatMap((list) => must(list).uploads))
        counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    };
    expect(await states()).toEqual({ sending: 3, waiting: 5 });
    world.proxy.allow(Number.POSITIVE_INFINITY);
    const all = (): UploadView[] => [...toldUploads(slow, chat.id), ...toldUploads(second, other.id)];
    await slow.page.until('all', () => all().length === 8 && all().every(({ state }) => state === 'ready'));
  });
});

describe('a file that cannot be sent', () => {
  it('is refused in words when it is chosen', async () => {
    const { anna, chat } = await world.pair();
    const { path } = await randomFile(world.own.folder, 'good.bin', 10);
    const at = (name: string): string => join(world.own.folder, name);
    await mkdir(at('folder'));
    await writeFile(at('empty'), '');
    await symlink(path, at('link'));
    await writeFile(at('large'), '');
    await truncate(at('large'), 100 * 1024 * 1024 + 1);
    await writeFile(at('exact'), '');
    await truncate(at('exact'), 100 * 1024 * 1024);
    const names = ['folder', 'empty', 'link', 'large', 'gone', 'good.bin', 'exact'];
    const { staged, refused } = must(
      await anna.data.files.stage({ chatId: chat.id, paths: names.map((name) => ({ path: at(name), name })) }),
    );
    expect(refused).toEqual([
      { name: 'folder', code: 'file_is_folder' },
      { name: 'empty', code: 'file_empty' },
      { name: 'link', code: 'file_is_link' },
      { name: 'large', code: 'file_too_large' },
      { name: 'gone', code: 'file_gone' },
    ]);
    expect(staged.map(({ name }) => name)).toEqual(['good.bin', 'exact']);
    expect(await anna.data.files.stage({ chatId: 'nowhere', paths: [{ path, name: 'x' }] })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it.each<[string, (path: string) => Promise<unknown>, string]>([
    ['grew', (path) => appendFile(path, 'more'), 'file_changed'],
    ['went', (path) => rm(path), 'file_gone'],
  ])('that %s before it left fails its message, which says why and can be tried again', async (_what, change, code) => {
    const anna = await world.person('anna');
    const boris = await world.person('boris');
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    anna.open(false);
    const { path, bytes } = await randomFile(world.own.folder, 'plan.bin', 1000);
    const [upload] = await stage(anna, chat.id, path);
    await untilUpload(anna, chat.id, upload?.id ?? '', (one) => one?.problem === 'unauthenticated');
    const uploads = [upload?.id ?? ''];
    const sent = must(await anna.data.messages.send({ chatId: chat.id, text: 'the plan', replyTo: null, uploads }));
    await change(path);
    anna.open();
    await anna.page.until('it failed', () => anna.page.messages.get(sent.key)?.state === 'failed');
    expect(anna.page.messages.get(sent.key)?.problem).toBe(code);
    await untilUpload(anna, chat.id, uploads[0] ?? '', (one) => one?.state === 'failed');
    expect(toldUploads(anna, chat.id)).toMatchObject([{ state: 'failed', problem: code, messageKey: sent.key }]);
    expect(anna.page.last('notice')).toMatchObject({ notice: 'send_failed', code });
    // It is the same file only if it is that very file.
    await writeFile(path, bytes);
    must(await anna.data.messages.resend({ localId: sent.localId ?? '' }));
    await anna.page.until('again', () => anna.page.messages.get(sent.key)?.state === 'failed');
    must(await anna.data.messages.discard({ localId: sent.localId ?? '' }));
    await anna.page.until('gone', () => toldUploads(anna, chat.id).length === 0);
    expect(arrived(boris)).toEqual([]);
  });
});

describe('a start', () => {
  it('sends what the last run had staged and written, and forgets what lies about', async () => {
    const boris = await world.person('boris');
    const user = await world.relay.register('anna');
    const userDataDir = join(world.own.folder, 'anna');
    const begin = (): Promise<Person> => world.open(user, { url: world.proxy.url, userDataDir });
    const first = await begin();
    const chat = must(await first.data.chats.create({ userId: boris.user.id }));
    const { path, bytes } = await randomFile(world.own.folder, 'film.bin', LARGE);
    world.proxy.allow(world.proxy.passed() + 400_000);
    const [film] = await stage(first, chat.id, path);
    const pasted = await stageBytes(
      first,
      chat.id,
      await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    );
    const sent = must(
      await first.data.messages.send({
        chatId: chat.id,
        text: 'see',
        replyTo: null,
        uploads: [film?.id ?? '', pasted.id],
      }),
    );
    const [kept] = await stage(first, chat.id, path);
    await untilUpload(first, chat.id, film?.id ?? '', (one) => (one?.sent ?? 0) > 0);
    const stray = join(String((await outgoing(first))[0]), '..', 'stray');
    await writeFile(stray, 'left by a crash');
    await world.closePerson(first);
    world.proxy.cut();
    world.proxy.allow(Number.POSITIVE_INFINITY);

    const second = await begin();
    expect(
      must(await second.data.files.uploads({ chatId: chat.id })).uploads.map(({ id, messageKey }) => [id, messageKey]),
    ).toEqual(expect.arrayContaining([[kept?.id, null]]));
    await boris.page.until('it came', () => boris.page.texts(chat.id).includes('see'));
    const files = arrived(boris).find(({ text }) => text === 'see')?.attachments ?? [];
    expect(files.map(({ name }) => name)).toEqual(['film.bin', 'pasted.png']);
    expect((await world.bytesAt(boris, files[0]?.id ?? '')).equals(bytes)).toBe(true);
    await second.page.until('sent', () => typeof second.page.messages.get(sent.key)?.id === 'string');
    await untilUpload(second, chat.id, kept?.id ?? '', (one) => one?.state === 'ready');
    await expect.poll(() => outgoing(second)).toEqual([]);
    expect(arrived(boris)).toHaveLength(1);
  });
});
