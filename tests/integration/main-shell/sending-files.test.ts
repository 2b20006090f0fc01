/** Files from a folder of one person to another one, through a real relay. */
import { appendFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UploadView } from '../../../contract/ipc/file-views.ts';
import type { ChatView, MessageView } from '../../../contract/ipc/views.ts';
import { createPerson, must, type Person } from '../../helpers/data-world.ts';
import { listing, randomFile, sha, stage, stageBytes, toldUploads, untilUpload } from '../../helpers/files-world.ts';
import { type GateProxy, gateProxy } from '../../helpers/gate-proxy.ts';
import { ownFolder } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download } from '../../helpers/relay-files.ts';

/** More than the systems on the way take in. */
const LARGE = 16_000_000;

let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let proxy: GateProxy;
const people: Person[] = [];
const users = new Map<Person, TestUser>();

async function person(name: string, more: Partial<Parameters<typeof createPerson>[0]> = {}): Promise<Person> {
  const user = await relay.register(name);
  const made = await createPerson({ url: relay.url, ...user, ...more });
  users.set(made, user);
  people.push(made);
  made.open();
  await made.page.until('live', () => made.data.connection.phase === 'live');
  return made;
}

async function pair(): Promise<{ anna: Person; boris: Person; chat: ChatView }> {
  const [anna, boris] = [await person('anna'), await person('boris')];
  const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
  return { anna, boris, chat };
}

const arrived = (one: Person): MessageView[] => [...one.page.messages.values()].filter(({ mine }) => !mine);
const bytesAt = async (one: Person, fileId: string): Promise<Buffer> => {
  const user = users.get(one);
  if (!user) throw new Error('nobody');
  return (await download(relay.url, user, `/files/${fileId}`)).bytes;
};
const outgoing = async (one: Person): Promise<string[]> =>
  (await listing(one.userDataDir)).filter((path) => path.includes('outgoing'));

beforeEach(async () => {
  relay = await startTestRelay();
  own = await ownFolder();
  proxy = await gateProxy(relay.port);
});
afterEach(async () => {
  for (const one of people.splice(0)) await one.close();
  await proxy.close();
  await relay.close();
  await own.remove();
});

describe('a message with files', () => {
  it('arrives with the bytes that lay in the folder, in their order', async () => {
    const { anna, boris, chat } = await pair();
    const files = await Promise.all(
      [1, 70_000, 3_000_000].map((size, n) => randomFile(own.folder, `ä ${n}.bin`, size)),
    );
    const staged = await stage(anna, chat.id, ...files.map(({ path }) => path));
    expect(staged.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['ä 0.bin', 'document', 1],
      ['ä 1.bin', 'document', 70_000],
      ['ä 2.bin', 'document', 3_000_000],
    ]);
    const ids = staged.map(({ id }) => id).reverse();
    must(await anna.data.files.arrange({ chatId: chat.id, ids }));
    expect(must(await anna.data.files.uploads({ chatId: chat.id })).map(({ id }) => id)).toEqual(ids);
    const sent = must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads: ids }));
    expect(sent.attachments.map(({ uploadId }) => uploadId)).toEqual(ids);
    await boris.page.until('it came', () => arrived(boris).length === 1);
    const [message] = arrived(boris);
    expect(message?.attachments.map(({ name }) => name)).toEqual(['ä 2.bin', 'ä 1.bin', 'ä 0.bin']);
    const got = await Promise.all((message?.attachments ?? []).map(({ id }) => bytesAt(boris, id)));
    expect(got.map(sha)).toEqual(files.map(({ bytes }) => sha(bytes)).reverse());
    await anna.page.until('nothing is left of them', () => toldUploads(anna, chat.id).length === 0);
    const own_ = anna.page.messages.get(sent.key);
    expect(own_?.attachments.map(({ uploadId, id }) => [uploadId, id])).toEqual(
      message?.attachments.map(({ id }) => [null, id]),
    );
  });

  it('is told of often enough and no more, never backwards, and is full only by the answer', async () => {
    const { anna, chat } = await pair();
    const { path, bytes } = await randomFile(own.folder, 'large.bin', 30_000_000);
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
    const { anna, boris, chat } = await pair();
    const slow = await createPersonThrough(anna);
    const { path } = await randomFile(own.folder, 'film.bin', LARGE);
    proxy.allow(proxy.passed() + 500_000);
    const [upload] = await stage(slow, chat.id, path);
    const sent = must(
      await slow.data.messages.send({ chatId: chat.id, text: 'see', replyTo: null, uploads: [upload?.id ?? ''] }),
    );
    await untilUpload(slow, chat.id, upload?.id ?? '', (one) => (one?.sent ?? 0) > 0);
    expect(toldUploads(slow, chat.id)).toMatchObject([{ messageKey: sent.key, state: 'sending' }]);
    expect(slow.page.messages.get(sent.key) ?? sent).toMatchObject({ state: 'queued', id: null });
    proxy.allow(Number.POSITIVE_INFINITY);
    await boris.page.until('the film', () => boris.page.texts(chat.id).includes('see'));
  });

  /** Anna once more, as another program whose line goes through the gate. */
  async function createPersonThrough(anna: Person): Promise<Person> {
    const user = users.get(anna);
    if (!user) throw new Error('nobody');
    const made = await createPerson({ url: proxy.url, user: user.user, token: user.token });
    people.push(made);
    users.set(made, user);
    made.open();
    await made.page.until('live', () => made.data.connection.phase === 'live');
    return made;
  }

  it('is paused, goes on, and is taken back with its files', async () => {
    const { anna, chat } = await pair();
    const slow = await createPersonThrough(anna);
    const { path, bytes } = await randomFile(own.folder, 'film.bin', LARGE);
    proxy.allow(proxy.passed() + 300_000);
    const [upload] = await stage(slow, chat.id, path);
    const id = upload?.id ?? '';
    await untilUpload(slow, chat.id, id, (one) => one?.state === 'sending');
    must(await slow.data.files.pause({ uploadId: id }));
    await untilUpload(slow, chat.id, id, (one) => one?.state === 'paused');
    proxy.allow(Number.POSITIVE_INFINITY);
    must(await slow.data.files.resume({ uploadId: id }));
    await untilUpload(slow, chat.id, id, (one) => one?.state === 'ready' && one.sent === bytes.length);

    proxy.allow(proxy.passed() + 300_000);
    const [second] = await stage(slow, chat.id, path);
    const uploads = [second?.id ?? ''];
    const sent = must(await slow.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads }));
    proxy.allow(Number.POSITIVE_INFINITY);
    must(await slow.data.messages.cancel({ localId: sent.localId ?? '' }));
    await slow.page.until('only the first', () => toldUploads(slow, chat.id).length === 1);
    must(await slow.data.files.remove({ uploadId: id }));
    await slow.page.until('none', () => toldUploads(slow, chat.id).length === 0);
  });

  it('sends at most three at once, over all accounts of the program', async () => {
    const { anna, chat } = await pair();
    const slow = await createPersonThrough(anna);
    const beside = await relay.register('carla');
    const second = await createPerson({ url: proxy.url, ...beside, beside: slow });
    users.set(second, beside);
    second.open();
    await second.page.until('live', () => second.data.connection.phase === 'live');
    const other = must(await second.data.chats.create({ userId: anna.user.id }));
    proxy.allow(proxy.passed() + 100_000);
    const files = await Promise.all(
      Array.from({ length: 4 }, (_, n) => randomFile(own.folder, `f${n}.bin`, LARGE + n)),
    );
    const paths = files.map(({ path }) => path);
    await stage(slow, chat.id, ...paths);
    await stage(second, other.id, ...paths);
    const busy = (): UploadView[] =>
      [...toldUploads(slow, chat.id), ...toldUploads(second, other.id)].filter(({ state }) => state === 'sending');
    await slow.page.until('three', () => busy().length === 3);
    let most = 0;
    proxy.allow(Number.POSITIVE_INFINITY);
    await slow.page.until('all', () => {
      most = Math.max(most, busy().length);
      const all = [...toldUploads(slow, chat.id), ...toldUploads(second, other.id)];
      return all.length === 8 && all.every(({ state }) => state === 'ready');
    });
    expect(most).toBe(3);
  });
});

describe('a file that cannot be sent', () => {
  it('is refused in words when it is chosen', async () => {
    const { anna, chat } = await pair();
    const { path } = await randomFile(own.folder, 'good.bin', 10);
    const at = (name: string): string => join(own.folder, name);
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
    const anna = await person('anna');
    const boris = await person('boris');
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    anna.open(false);
    const { path, bytes } = await randomFile(own.folder, 'plan.bin', 1000);
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

describe('a picture', () => {
  const photo = (width = 3000, height = 1000): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: '#3a5' } })
      .withExif({ IFD0: { Make: 'SecretCamera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();

  it('goes without its tags, or with them on request', async () => {
    const { anna, boris, chat } = await pair();
    const bytes = await photo();
    const path = join(own.folder, 'photo.jpg');
    await writeFile(path, bytes);
    const staged = await stage(anna, chat.id, path, path);
    expect(staged[0]).toMatchObject({
      kind: 'image',
      width: 3000,
      height: 1000,
      tagged: true,
      keepTags: false,
      canReduce: true,
    });
    expect(staged[0]?.size).toBeLessThan(bytes.length);
    expect(staged[0]?.previewUrl).toMatch(/^\/media\/u/);
    const [first = '', second = ''] = staged.map(({ id }) => id);
    await untilUpload(anna, chat.id, second, (one) => one?.state === 'ready');
    // Too late for that one: another one is staged with its tags.
    expect(await anna.data.files.keepTags({ uploadId: second, keep: true })).toMatchObject({
      error: { code: 'too_late' },
    });
    anna.open(false);
    const [third = ''] = (await stage(anna, chat.id, path)).map(({ id }) => id);
    must(await anna.data.files.keepTags({ uploadId: third, keep: true }));
    await untilUpload(anna, chat.id, third, (one) => one?.keepTags === true && one.size === bytes.length);
    anna.open();
    const uploads = [first, third];
    must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads }));
    await boris.page.until('it came', () => arrived(boris).length === 1);
    const [clean, whole] = await Promise.all(
      (arrived(boris)[0]?.attachments ?? []).map(({ id }) => bytesAt(boris, id)),
    );
    expect(clean?.includes('SecretCamera')).toBe(false);
    expect(await sharp(clean).raw().toBuffer()).toEqual(await sharp(bytes).raw().toBuffer());
    expect(whole?.equals(bytes)).toBe(true);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('goes smaller in the place of the original, or the original after all', async () => {
    const { anna, boris, chat } = await pair();
    const path = join(own.folder, 'photo.jpg');
    await writeFile(path, await photo());
    anna.open(false);
    const [upload] = await stage(anna, chat.id, path);
    const id = upload?.id ?? '';
    must(await anna.data.files.reduce({ uploadId: id, reduce: true }));
    await untilUpload(anna, chat.id, id, (one) => one?.state === 'staging');
    const small = await sharp(await readFile(path))
      .resize(300)
      .jpeg()
      .toBuffer();
    const reduced = await stageBytes(anna, chat.id, small, { name: 'photo.jpg', mimeType: 'image/jpeg', replaces: id });
    expect(reduced).toMatchObject({ reduced: true, name: 'photo.jpg', width: 300, height: 100 });
    await anna.page.until('in its place', () => toldUploads(anna, chat.id).length === 1);
    expect(await outgoing(anna)).toHaveLength(1);
    must(await anna.data.files.reduce({ uploadId: reduced.id, reduce: false }));
    await untilUpload(anna, chat.id, id, (one) => one?.state === 'waiting');
    const again = await stageBytes(anna, chat.id, small, { name: 'photo.jpg', mimeType: 'image/jpeg', replaces: id });
    anna.open();
    must(await anna.data.messages.send({ chatId: chat.id, text: 'small', replyTo: null, uploads: [again.id] }));
    await boris.page.until('it came', () => arrived(boris).length === 1);
    expect((await bytesAt(boris, arrived(boris)[0]?.attachments[0]?.id ?? '')).equals(small)).toBe(true);
    await anna.page.until('nothing is left', () => toldUploads(anna, chat.id).length === 0);
    await expect.poll(() => outgoing(anna)).toEqual([]);
  });
});

describe('bytes from the page', () => {
  it('are collected, sent as a voice message, and leave nothing here', async () => {
    const { anna, boris, chat } = await pair();
    const sound = Buffer.concat([
      Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
      Buffer.alloc(2_500_000, 7),
    ]);
    const upload = await stageBytes(anna, chat.id, sound, {
      name: 'x',
      mimeType: 'audio/mp4;codecs=opus',
      voice: true,
    });
    expect(upload).toMatchObject({ voice: true, kind: 'audio', mimeType: 'audio/mp4' });
    expect(upload.name).toMatch(/^voice-\d{8}-\d{6}\.m4a$/);
    must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads: [upload.id] }));
    await boris.page.until('it came', () => arrived(boris).length === 1);
    expect(arrived(boris)[0]?.attachments).toMatchObject([{ voice: true, kind: 'audio', name: upload.name }]);
    expect((await bytesAt(boris, arrived(boris)[0]?.attachments[0]?.id ?? '')).equals(sound)).toBe(true);
    await anna.page.until('nothing is left', () => toldUploads(anna, chat.id).length === 0);
    await expect.poll(() => outgoing(anna)).toEqual([]);
  });

  it('that do not fit what was said of them are refused, and nothing stays', async () => {
    const { anna, chat } = await pair();
    const { stageBytes: take } = anna.data.files;
    const piece = { chatId: chat.id, uploadId: null, name: 'x', mimeType: '', size: 4, voice: false };
    const bytes = (length: number) => new Uint8Array(length);
    const code = async (...args: Parameters<typeof take>) => {
      const answer = await take(...args);
      return answer.ok ? answer.value.uploadId : answer.error.code;
    };
    expect(await code({ ...piece, chunk: bytes(5), last: false })).toBe('bad_request');
    expect(await code({ ...piece, chunk: bytes(3), last: true })).toBe('bad_request');
    expect(await code({ ...piece, size: 0, chunk: bytes(0), last: true })).toBe('file_empty');
    expect(await code({ ...piece, size: 25 * 1024 * 1024 + 1, chunk: bytes(3), last: false })).toBe('file_too_large');
    expect(await code({ ...piece, chatId: 'nowhere', chunk: bytes(4), last: true })).toBe('not_found');
    expect(await code({ ...piece, uploadId: 'guessed', chunk: bytes(4), last: true })).toBe('not_found');
    const id = await code({ ...piece, chunk: bytes(2), last: false });
    // Another size, or another chat, is another file.
    expect(await code({ ...piece, uploadId: id, chatId: 'other', chunk: bytes(2), last: true })).toBe('not_found');
    expect(await code({ ...piece, uploadId: id, size: 5, chunk: bytes(2), last: true })).toBe('bad_request');
    expect(await code({ ...piece, uploadId: id, chunk: bytes(2), last: true })).toBe('not_found');
    await expect.poll(() => outgoing(anna)).toEqual([]);
  });
});

describe('a start', () => {
  it('sends what the last run had staged and written, and forgets what lies about', async () => {
    const boris = await person('boris');
    const user = await relay.register('anna');
    const userDataDir = join(own.folder, 'anna');
    const begin = async (url: string): Promise<Person> => {
      const made = await createPerson({ url, ...user, userDataDir });
      users.set(made, user);
      made.open();
      await made.page.until('live', () => made.data.connection.phase === 'live');
      return made;
    };
    const first = await begin(proxy.url);
    const chat = must(await first.data.chats.create({ userId: boris.user.id }));
    const { path, bytes } = await randomFile(own.folder, 'film.bin', LARGE);
    proxy.allow(proxy.passed() + 400_000);
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
    await first.close();
    proxy.cut();
    proxy.allow(Number.POSITIVE_INFINITY);

    const second = await begin(proxy.url);
    people.push(second);
    expect(
      must(await second.data.files.uploads({ chatId: chat.id })).map(({ id, messageKey }) => [id, messageKey]),
    ).toEqual(expect.arrayContaining([[kept?.id, null]]));
    await boris.page.until('it came', () => boris.page.texts(chat.id).includes('see'));
    const files = arrived(boris).find(({ text }) => text === 'see')?.attachments ?? [];
    expect(files.map(({ name }) => name)).toEqual(['film.bin', 'pasted.png']);
    expect((await bytesAt(boris, files[0]?.id ?? '')).equals(bytes)).toBe(true);
    await second.page.until('sent', () => typeof second.page.messages.get(sent.key)?.id === 'string');
    await untilUpload(second, chat.id, kept?.id ?? '', (one) => one?.state === 'ready');
    await expect.poll(() => outgoing(second)).toEqual([]);
    expect(arrived(boris)).toHaveLength(1);
  });
});
