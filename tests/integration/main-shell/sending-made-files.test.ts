/** What is sent that is not as it lies in a folder: pictures without tags or made smaller, what the page has made. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../../helpers/data-world.ts';
import { stage, stageBytes, toldUploads, untilUpload } from '../../helpers/files-world.ts';
import { arrived, outgoing, type Senders, senders } from '../../helpers/senders.ts';

let world: Senders;

beforeEach(async () => {
  world = await senders();
});
afterEach(() => world.close());

describe('a picture', () => {
  const photo = (width = 3000, height = 1000): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: '#3a5' } })
      .withExif({ IFD0: { Make: 'SecretCamera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();

  it('goes without its tags, or with them on request', async () => {
    const { anna, boris, chat } = await world.pair();
    const bytes = await photo();
    const path = join(world.own.folder, 'photo.jpg');
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
      (arrived(boris)[0]?.attachments ?? []).map(({ id }) => world.bytesAt(boris, id)),
    );
    expect(clean?.includes('SecretCamera')).toBe(false);
    expect((await sharp(clean).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer())).toBe(true);
    expect(whole?.equals(bytes)).toBe(true);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });

  it('goes smaller in the place of the original, or the original after all', async () => {
    const { anna, boris, chat } = await world.pair();
    const path = join(world.own.folder, 'photo.jpg');
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
    expect((await world.bytesAt(boris, arrived(boris)[0]?.attachments[0]?.id ?? '')).equals(small)).toBe(true);
    await anna.page.until('nothing is left', () => toldUploads(anna, chat.id).length === 0);
    await expect.poll(() => outgoing(anna)).toEqual([]);
  });
});

describe('a film', () => {
  const box = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length + 8);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };

  it('goes without its place, as long as before, and lies here as it was', async () => {
    const { anna, boris, chat } = await world.pair();
    const place = box('moov', box('udta', box('\u00A9xyz', Buffer.from('SecretPlace'))));
    const bytes = Buffer.concat([
      ...[box('ftyp', Buffer.from('mp42\0\0\0\0mp42isom')), box('mdat', Buffer.alloc(1_500_000, 7)), place],
    ]);
    const path = join(world.own.folder, 'film.mp4');
    const damaged = join(world.own.folder, 'damaged.mp4');
    await writeFile(path, bytes);
    await writeFile(damaged, bytes.subarray(0, -4));
    const staged = await stage(anna, chat.id, path, damaged);
    expect(staged).toMatchObject([
      { kind: 'video', tagged: true, keepTags: false, size: bytes.length },
      { kind: 'video', tagged: true, keepTags: true, size: bytes.length - 4 },
    ]);
    const uploads = staged.map(({ id }) => id);
    must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads }));
    await boris.page.until('it came', () => arrived(boris).length === 1);
    const [clean, whole] = await Promise.all(
      (arrived(boris)[0]?.attachments ?? []).map(({ id }) => world.bytesAt(boris, id)),
    );
    expect(clean?.length).toBe(bytes.length);
    expect(clean?.includes('SecretPlace')).toBe(false);
    expect(clean?.subarray(0, 1_500_000).equals(bytes.subarray(0, 1_500_000))).toBe(true);
    expect(whole?.equals(bytes.subarray(0, -4))).toBe(true);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });
});

describe('bytes from the page', () => {
  it('are collected, sent as a voice message, and leave nothing here', async () => {
    const { anna, boris, chat } = await world.pair();
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
    expect((await world.bytesAt(boris, arrived(boris)[0]?.attachments[0]?.id ?? '')).equals(sound)).toBe(true);
    await anna.page.until('nothing is left', () => toldUploads(anna, chat.id).length === 0);
    await expect.poll(() => outgoing(anna)).toEqual([]);
  });

  it('that do not fit what was said of them are refused, and nothing stays', async () => {
    const { anna, chat } = await world.pair();
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
