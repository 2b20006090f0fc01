/** What the page shows of files: from the relay, from the disk, from this computer. */
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../contract/api/capabilities.ts';
import type { AttachmentView, MessageView } from '../../../contract/ipc/views.ts';
import { PROFILE_CHAT } from '../../../contract/model/limits.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { listing, mediaOf, nextCache, stage, stageBytes, toldUploads } from '../../helpers/files-world.ts';
import { type GateProxy, gateProxy } from '../../helpers/gate-proxy.ts';
import { ownFolder } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';

const FILES: Capability[] = [...ALL_CAPABILITIES, 'files'];
/** A film by its first bytes, of which nothing but the bytes matters here. */
const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp41', 'latin1'), randomBytes(12_000_000)]);

let relay: TestRelay;
let proxy: GateProxy;
let own: Awaited<ReturnType<typeof ownFolder>>;
const people: Person[] = [];

async function person(name: string, more: Partial<Parameters<typeof createPerson>[0]> = {}): Promise<Person> {
  const made = await createPerson({ url: proxy.url, ...(await relay.register(name)), capabilities: FILES, ...more });
  people.push(made);
  made.open();
  await made.page.until('live', () => made.data.connection.phase === 'live');
  return made;
}

/** Anna sends files, Boris gets them. */
async function sent(
  ...files: [name: string, bytes: Buffer][]
): Promise<{ anna: Person; boris: Person; got: AttachmentView[] }> {
  const [anna, boris] = [await person('anna'), await person('boris')];
  const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
  const paths = await Promise.all(
    files.map(async ([name, bytes]) => {
      const path = join(own.folder, name);
      await writeFile(path, bytes);
      return path;
    }),
  );
  const staged = await stage(anna, chat.id, ...paths);
  const uploads = staged.map(({ id }) => id);
  must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads }));
  const found = (): MessageView | undefined => [...boris.page.messages.values()].find(({ mine }) => !mine);
  await boris.page.until('it came', () => found() !== undefined);
  return { anna, boris, got: found()?.attachments ?? [] };
}

beforeEach(async () => {
  own = await ownFolder();
  relay = await startTestRelay({ dataDir: join(own.folder, 'relay') });
  proxy = await gateProxy(relay.port);
});
afterEach(async () => {
  for (const one of people.splice(0)) await one.close();
  await proxy.close();
  await relay.close();
  await own.remove();
});

describe('a file of a message', () => {
  it('is played from anywhere, with exactly the part that was asked for', async () => {
    const { boris, got } = await sent(['film.mp4', film]);
    const media = mediaOf(boris);
    const [file] = got;
    expect(file).toMatchObject({ kind: 'video', url: expect.stringMatching(/^\/media\/f[0-9a-f]{16}/) as unknown });
    const url = file?.url ?? '';
    for (const [range, start, end] of [
      ['bytes=0-', 0, film.length - 1],
      ['bytes=9000000-', 9_000_000, film.length - 1],
      ['bytes=5000001-5000100', 5_000_001, 5_000_100],
      ['bytes=-100', film.length - 100, film.length - 1],
      [`bytes=0-${String(film.length + 5)}`, 0, film.length - 1],
    ] as const) {
      const part = await media.get(url, { range });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes ${String(start)}-${String(end)}/${String(film.length)}`);
      expect(part.headers.get('content-length')).toBe(String(end - start + 1));
      expect(part.headers.get('content-type')).toBe('video/mp4');
      expect(part.bytes.equals(film.subarray(start, end + 1))).toBe(true);
    }
    const whole = await media.get(url);
    expect([whole.status, whole.bytes.equals(film)]).toEqual([200, true]);
    const head = await media.get(url, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, String(film.length), 0]);
    const beyond = await media.get(url, { range: `bytes=${String(film.length)}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${String(film.length)}`]);
    expect((await media.get(url, {}, 'POST')).status).toBe(405);
    expect(media.cache.bytes).toBe(film.length);
  });

  it('is fetched once, and then comes from the disk, also without a server', async () => {
    const { boris, got } = await sent(['film.mp4', film]);
    const media = mediaOf(boris);
    const url = got[0]?.url ?? '';
    // A far seek does not wait for what is before it.
    const before = proxy.passed();
    const seek = await media.get(url, { range: 'bytes=10000000-10000099' });
    expect(seek.bytes.equals(film.subarray(10_000_000, 10_000_100))).toBe(true);
    await media.get(url, { range: 'bytes=0-' });
    expect(proxy.passed() - before).toBeLessThan(10_000);
    await relay.close();
    boris.dropSocket();
    const again = await media.get(url, { range: 'bytes=0-' });
    expect([again.status, again.bytes.equals(film)]).toEqual([206, true]);
    await media.cache.close();
    // And in the next run.
    const next = mediaOf(boris, nextCache(boris));
    expect((await next.get(url)).bytes.equals(film)).toBe(true);
    const names = await listing(join(boris.userDataDir, 'media'));
    expect(names).toHaveLength(1);
    expect(names[0]).not.toContain(got[0]?.id);
    relay = await startTestRelay({ dataDir: join(own.folder, 'relay') });
  });

  it('is not what the page makes up, nor another account’s, nor one that this person may not read', async () => {
    const { boris, got } = await sent(['film.mp4', film.subarray(0, 100_000)]);
    const media = mediaOf(boris);
    const url = got[0]?.url ?? '';
    const carla = await person('carla', { beside: boris });
    const [tag, id] = [url.slice(8, 24), url.slice(24)];
    const carlaTag = carla.program.accounts.get(carla.accountId)?.tag ?? '';
    expect(carlaTag).not.toBe(tag);
    for (const other of [
      `/media/f${carlaTag}${id}`,
      `/media/t${carlaTag}${id}`,
      `/media/a${carlaTag}${id}`,
      `/media/f${'0'.repeat(16)}${id}`,
      `/media/f${tag}unknown`,
      `/media/u${tag}${id}`,
      `/media/${id}`,
      `/media/f${tag}..%2f..%2fauth%2fme`,
      `/media/f${tag}${id}?variant=thumb`,
      // A film is no picture.
      `/media/a${tag}${id}`,
      `/media/c${tag}${id}`,
    ])
      expect([other, (await media.get(other)).status]).toEqual([other, 404]);
    expect((await media.get(url)).status).toBe(200);
  });

  it('fails without ending the element while there is no server, and comes back with it', async () => {
    const { boris, got } = await sent(['film.mp4', film]);
    const media = mediaOf(boris);
    const url = got[0]?.url ?? '';
    const answer = await media.begin(url, { range: 'bytes=0-' });
    proxy.allow(proxy.passed());
    proxy.cut();
    await expect(answer.arrayBuffer()).rejects.toThrow();
    const { port } = relay;
    await relay.close();
    expect((await media.get(url, { range: 'bytes=0-' })).status).toBe('failed');
    proxy.allow(Number.POSITIVE_INFINITY);
    relay = await startTestRelay({ port, dataDir: join(own.folder, 'relay') });
    const again = await media.get(url, { range: 'bytes=0-' });
    expect([again.status, again.bytes.equals(film)]).toEqual([206, true]);
  });

  it('of no type that is shown reaches the page as plain bytes', async () => {
    const { boris, got } = await sent(
      ['page.html', Buffer.from('<script>alert(1)</script>')],
      ['x.svg', Buffer.from('<svg onload="alert(1)"/>')],
    );
    const media = mediaOf(boris);
    for (const { url, kind } of got) {
      expect(kind).toBe('document');
      const answer = await media.get(url);
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    }
  });
});

describe('a picture of a message', () => {
  const photo = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#17c' } })
      .jpeg()
      .toBuffer();

  it('has a small one, which the disk keeps too', async () => {
    const { boris, got } = await sent(['photo.jpg', await photo(1600, 1200)]);
    const media = mediaOf(boris);
    const [file] = got;
    expect(file).toMatchObject({ kind: 'image', width: 1600, height: 1200, previewUrl: null });
    expect(file?.thumbhash).toEqual(expect.any(String));
    const thumb = await media.get(file?.thumbUrl ?? '');
    expect(thumb.headers.get('content-type')).toBe('image/webp');
    expect(await sharp(thumb.bytes).metadata()).toMatchObject({ width: 320, height: 240 });
    await relay.close();
    expect((await media.get(file?.thumbUrl ?? '')).bytes.equals(thumb.bytes)).toBe(true);
    await media.cache.close();
    expect((await mediaOf(boris, nextCache(boris)).get(file?.thumbUrl ?? '')).headers.get('content-type')).toBe(
      'image/webp',
    );
    relay = await startTestRelay({ dataDir: join(own.folder, 'relay') });
  }, 30_000);
});

describe('what is on its way out', () => {
  it('is shown from this computer, and not once it is another file', async () => {
    const anna = await person('anna');
    const boris = await relay.register('boris');
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    anna.open(false);
    const path = join(own.folder, 'film.mp4');
    await writeFile(path, film);
    const [upload] = await stage(anna, chat.id, path);
    const media = mediaOf(anna);
    const url = upload?.previewUrl ?? '';
    const part = await media.get(url, { range: 'bytes=1000000-1000009' });
    expect([part.status, part.bytes.equals(film.subarray(1_000_000, 1_000_010))]).toEqual([206, true]);
    expect((await media.get(url)).bytes.equals(film)).toBe(true);
    expect((await media.get(url, { range: `bytes=${String(film.length)}-` })).status).toBe(416);
    await writeFile(path, randomBytes(film.length));
    const changed = await media.begin(url);
    await expect(changed.arrayBuffer()).rejects.toThrow();
    must(await anna.data.files.remove({ uploadId: upload?.id ?? '' }));
    await rm(path);
    expect((await media.get(url)).status).toBe(404);
  });

  it('is still found by a page that asks when its message has just left', async () => {
    const anna = await person('anna');
    const boris = await person('boris');
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    const path = join(own.folder, 'film.mp4');
    await writeFile(path, film);
    const [upload] = await stage(anna, chat.id, path);
    const [id, url] = [upload?.id ?? '', upload?.previewUrl ?? ''];
    must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads: [id] }));
    await boris.page.until('it came', () => boris.page.messages.size > 0);
    await anna.page.until('it is no upload any more', () => toldUploads(anna, chat.id).length === 0);
    await rm(path);
    const part = await mediaOf(anna).get(url, { range: 'bytes=1000000-1000009' });
    expect([part.status, part.bytes.equals(film.subarray(1_000_000, 1_000_010))]).toEqual([206, true]);
  });
});

describe('a person’s picture', () => {
  it('is chosen, uploaded, and shown to others from our own address', async () => {
    const [anna, boris] = [await person('anna'), await person('boris')];
    const chat = must(await boris.data.chats.create({ userId: anna.user.id }));
    const face = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#a3f' } })
      .withExif({ IFD0: { Make: 'SecretCamera' } })
      .jpeg()
      .toBuffer();
    const upload = await stageBytes(anna, PROFILE_CHAT, face, { name: 'face.jpg', mimeType: 'image/jpeg' });
    const names = { firstName: 'Anna', lastName: 'Berg', bio: '' };
    must(await anna.data.users.updateMe({ ...names, avatar: { uploadId: upload.id } }));
    expect(must(await anna.data.files.uploads({ chatId: PROFILE_CHAT })).uploads).toEqual([]);
    const seen = must(await boris.data.users.get({ id: anna.user.id })).avatarUrl ?? '';
    expect(seen).toMatch(/^\/media\/a[0-9a-f]{16}/);
    const shown = await mediaOf(boris).get(seen);
    expect(shown.status).toBe(200);
    expect(await sharp(shown.bytes).metadata()).toMatchObject({ format: 'webp', width: 320 });
    expect(shown.bytes.includes('SecretCamera')).toBe(false);
    await boris.page.until('in the list', () => boris.page.chats.has(chat.id));

    must(await anna.data.users.updateMe({ ...names, avatar: null }));
    expect(must(await boris.data.users.get({ id: anna.user.id })).avatarUrl).toBeNull();
    const notes = await stageBytes(anna, PROFILE_CHAT, Buffer.from('no picture'), {
      name: 'x.txt',
      mimeType: 'text/plain',
    });
    expect(await anna.data.users.updateMe({ ...names, avatar: { uploadId: notes.id } })).toMatchObject({
      error: { code: 'unsupported_media' },
    });
  }, 30_000);
});
