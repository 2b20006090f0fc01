/** The music library of people at a real relay: shared by one, heard and sent on by the other, kept without a connection. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrackView } from '../../../contract/ipc/music-views.ts';
import type { MessageView } from '../../../contract/ipc/views.ts';
import { LIBRARY_PLACE } from '../../../contract/model/limits.ts';
import { ALL_CAPABILITIES, must, type Person } from '../../helpers/data-world.ts';
import { mediaOf, stage, toldUploads } from '../../helpers/files-world.ts';
import { png } from '../../helpers/media-samples.ts';
import { fileIn, song } from '../../helpers/music-samples.ts';
import { opusFile } from '../../helpers/muxed-sound.ts';
import { upload } from '../../helpers/relay-files.ts';
import { arrived, type Senders, senders } from '../../helpers/senders.ts';
import type { TestUser } from '../../helpers/relay.ts';

const CAPABILITIES = [...ALL_CAPABILITIES, 'files' as const, 'resumable-upload' as const, 'music' as const];
const OPUS_HEAD = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 1, 56, 1, 0x80, 0xbb, 0, 0, 0, 0, 0])]);
const QUERY = { q: '', sort: 'title' as const, descending: false, within: null };

let world: Senders;
beforeEach(async () => {
  world = await senders();
});
afterEach(() => world.close());

const person = (name: string, capabilities = CAPABILITIES): Promise<Person> => world.person(name, { capabilities });
const tracks = async (one: Person): Promise<TrackView[]> =>
  must(await one.data.music.tracks({ ...QUERY, limit: 100, offset: 0 })).tracks;
const titles = async (one: Person): Promise<string[]> => (await tracks(one)).map(({ title }) => title);
const total = (one: Person): number | undefined => one.page.last('music')?.total;

/** Somebody at the relay without this app. */
async function listener(name: string): Promise<TestUser> {
  return world.relay.register(name);
}

/** Lists a track over HTTP. */
async function listed(who: TestUser, title: string, more: { cover?: boolean; frames?: number } = {}): Promise<string> {
  const { id } = await upload(who, await song({ title, artist: 'AC/DC' }, more.cover, more.frames), `${title}.mp3`);
  await who.api.post('/music/metadata', { fileId: id });
  return id;
}

describe('the list', () => {
  it('is fetched when the account is live, with names, covers and what may be removed', async () => {
    const iva = await listener('iva');
    const id = await listed(iva, 'Thunder', { cover: true });
    const anna = await person('anna');
    await anna.page.until('the list came', () => total(anna) === 1);
    expect(await tracks(anna)).toMatchObject([
      { id, title: 'Thunder', artist: 'AC/DC', sharedBy: { name: 'iva Test' }, removable: false, state: 'remote' },
    ]);
    const [track] = await tracks(anna);
    const cover = await mediaOf(anna).get(track?.coverUrl ?? '');
    expect([cover.status, cover.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(must(await anna.data.music.artists({ q: '', limit: 10, offset: 0 })).artists).toMatchObject([
      { name: 'AC/DC', tracks: 1 },
    ]);
  });

  it('is read again after a break, and on request, and loses what left it', async () => {
    const iva = await listener('iva');
    const first = await listed(iva, 'First');
    const anna = await person('anna');
    await anna.page.until('one', () => total(anna) === 1);
    anna.dropSocket();
    await listed(iva, 'Second');
    anna.resume();
    await anna.page.until('two', () => total(anna) === 2);
    await iva.api.request('DELETE', `/music/${first}`);
    expect(must(await anna.data.music.refresh({}))).toEqual({ total: 1 });
    expect(await titles(anna)).toEqual(['Second']);
    expect(total(anna)).toBe(1);
  });

  it('comes whole, in pages, however long it is', async () => {
    const iva = await listener('iva');
    const { id } = await upload(iva, await song({ title: 'one' }));
    // Twelve hundred listed files need as many uploads: the rows are enough.
    const made = Array.from({ length: 1200 }, (_, n) => ({ fileId: `file${n}`, title: `Title ${n}` }));
    const anna = await person('anna');
    await anna.page.until('read', () => anna.logger.of('music.read').length > 0);
    const account = anna.program.accounts.get(anna.accountId);
    const store = account?.store.writer;
    await store?.takeTracks({
      tracks: made.map((track) => ({ ...track, duration: 1, mimeType: 'audio/mpeg', size: 1 })),
      now: 1,
    });
    await iva.api.post('/music/metadata', { fileId: id });
    expect(must(await anna.data.music.refresh({}))).toEqual({ total: 1 });
    expect(await titles(anna)).toEqual(['one']);
  });

  it('of a server without the extension comes as it is, and nothing can be taken off it', async () => {
    const anna = await person('anna', [...ALL_CAPABILITIES]);
    const own = await upload(world.userOf(anna), await song({ title: 'Mine' }));
    expect(must(await anna.data.music.add({ id: own.id }))).toMatchObject({ title: 'Mine', removable: false });
    expect(must(await anna.data.music.refresh({}))).toEqual({ total: 1 });
    expect(await anna.data.music.remove({ id: own.id })).toMatchObject({ error: { code: 'unsupported_by_server' } });
  });
});

describe('what is added', () => {
  it('by files is sent, listed and gone from the uploads; what is no sound stays with that word', async () => {
    const anna = await person('anna');
    const boris = await person('boris');
    const folder = world.own.folder;
    const paths = [
      await fileIn(folder, 'a.mp3', await song({ title: 'A', artist: 'X' })),
      await fileIn(folder, 'b.mp3', await song({ title: 'B', artist: 'X' }, true)),
      await fileIn(folder, 'picture.png', await png(8, 8)),
      await fileIn(folder, 'notes.txt', 'no sound'),
      // A head of a film, and nothing after it: only the server can tell.
      await fileIn(
        folder,
        'film.mp4',
        Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom0000isommp42')]),
      ),
    ];
    await stage(anna, LIBRARY_PLACE, ...paths);
    await anna.page.until('both are listed', () => total(anna) === 2);
    await anna.page.until('only the others are left', () => {
      const left = toldUploads(anna, LIBRARY_PLACE);
      return left.length === 3 && left.every(({ state }) => state === 'failed');
    });
    expect(toldUploads(anna, LIBRARY_PLACE).map(({ name, problem }) => [name, problem])).toEqual([
      ['picture.png', 'unsupported_media'],
      ['notes.txt', 'unsupported_media'],
      ['film.mp4', 'unsupported_media'],
    ]);
    for (const { id } of toldUploads(anna, LIBRARY_PLACE)) must(await anna.data.files.remove({ uploadId: id }));
    await anna.page.until('none', () => toldUploads(anna, LIBRARY_PLACE).length === 0);
    expect((await tracks(anna)).map(({ title, removable }) => [title, removable])).toEqual([
      ['A', true],
      ['B', true],
    ]);
    must(await boris.data.music.refresh({}));
    expect(await titles(boris)).toEqual(['A', 'B']);
  });

  it('from a chat is one’s own file; that of somebody else is not listed', async () => {
    const { anna, boris, chat } = await pair();
    const path = await fileIn(world.own.folder, 'c.mp3', await song({ title: 'C' }));
    const [staged] = await stage(anna, chat.id, path);
    must(await anna.data.messages.send({ chatId: chat.id, text: '', replyTo: null, uploads: [staged?.id ?? ''] }));
    await boris.page.until('it came', () => arrived(boris).length === 1);
    const fileId = arrived(boris)[0]?.attachments[0]?.id ?? '';
    expect(await boris.data.music.add({ id: fileId })).toMatchObject({ error: { code: 'forbidden' } });
    expect(must(await anna.data.music.add({ id: fileId }))).toMatchObject({ title: 'C', removable: true });
    must(await boris.data.music.refresh({}));
    expect(must(await boris.data.music.story({ id: fileId }))).toMatchObject([{ chatId: chat.id, mine: false }]);
    expect(must(await anna.data.music.remove({ id: fileId }))).toBeNull();
    expect(await titles(anna)).toEqual([]);
    expect(await anna.data.music.add({ id: 'nothing' })).toMatchObject({ error: { code: 'not_found' } });
  });
});

async function pair() {
  const [anna, boris] = [await person('anna'), await person('boris')];
  const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
  return { anna, boris, chat };
}

describe('a track', () => {
  it('of somebody else is sent to a chat by its id, and plays there', async () => {
    const { anna, boris, chat } = await pair();
    const id = await listed(await listener('iva'), 'Shared', { cover: true });
    must(await anna.data.music.refresh({}));
    expect(must(await anna.data.music.share({ id, chatIds: [chat.id, chat.id], text: 'listen' }))).toEqual({ sent: 1 });
    await boris.page.until('it came', () => arrived(boris).length === 1);
    const [message] = arrived(boris) as [MessageView];
    expect(message).toMatchObject({ text: 'listen', attachments: [{ id, kind: 'audio', voice: false }] });
    expect(message.attachments[0]?.thumbUrl).not.toBeNull();
    expect((await mediaOf(boris).get(message.attachments[0]?.url ?? '')).status).toBe(200);
    expect(await anna.data.music.share({ id: 'none', chatIds: [chat.id], text: '' })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('that was played is in the cache, known as such, and plays without a connection and after a restart', async () => {
    const id = await listed(await listener('iva'), 'Kept', { frames: 900 });
    const anna = await person('anna');
    await anna.page.until('one', () => total(anna) === 1);
    const [track] = await tracks(anna);
    const played = await mediaOf(anna).get(track?.url ?? '');
    expect([played.status, played.bytes.length]).toEqual([200, track?.size]);
    await anna.page.until('it is told', () => anna.page.last('music')?.ids?.includes(id) === true);
    expect(await tracks(anna)).toMatchObject([{ state: 'cached' }]);
    anna.dropSocket();
    await world.relay.close();
    const within = { cached: true as const };
    expect(must(await anna.data.music.ids({ ...QUERY, within }))).toEqual([id]);
    expect((await mediaOf(anna).get(track?.url ?? '')).bytes.equals(played.bytes)).toBe(true);
    await anna.program.cache.clear();
    await anna.page.until('it is gone', () => anna.page.events.filter(({ kind }) => kind === 'music').length >= 3);
    expect(await tracks(anna)).toMatchObject([{ state: 'remote' }]);
  });

  it('has a waveform, which is asked for once', async () => {
    const id = await listed(await listener('iva'), 'Wave', { frames: 700 });
    const anna = await person('anna');
    await anna.page.until('one', () => total(anna) === 1);
    const peaks = must(await anna.data.music.peaks({ id })) ?? [];
    expect(peaks).toHaveLength(256);
    expect(Math.max(...peaks)).toBe(1);
    anna.dropSocket();
    await world.relay.close();
    expect(must(await anna.data.music.peaks({ id }))).toEqual(peaks);
  });

  it('has the waveform that the page measured where the server has none, and no other sound takes one', async () => {
    const iva = await listener('iva');
    const { id } = await upload(iva, opusFile({ head: OPUS_HEAD, packets: [Buffer.alloc(40, 255)] }), 'Broken.opus');
    await iva.api.post('/music/metadata', { fileId: id });
    const wave = await listed(iva, 'Wave', { frames: 700 });
    const anna = await person('anna');
    await anna.page.until('both', () => total(anna) === 2);
    expect(must(await anna.data.music.peaks({ id }))).toBeNull();
    must(await anna.data.music.keepPeaks({ id, peaks: [0.5, 1] }));
    expect(must(await anna.data.music.peaks({ id }))).toEqual([0.5, 1]);
    // The server's own is the better one.
    const served = must(await anna.data.music.peaks({ id: wave }));
    must(await anna.data.music.keepPeaks({ id: wave, peaks: [1] }));
    expect(must(await anna.data.music.peaks({ id: wave }))).toEqual(served);
    expect(await anna.data.music.keepPeaks({ id: 'unknown', peaks: [1] })).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('is called here as one wants, and counted when it was heard', async () => {
    const id = await listed(await listener('iva'), 'Old');
    const anna = await person('anna');
    await anna.page.until('one', () => total(anna) === 1);
    expect(must(await anna.data.music.edit({ id, title: 'New' }))).toMatchObject({ title: 'New', artist: 'AC/DC' });
    must(await anna.data.music.played({ id }));
    must(await anna.data.music.played({ id: 'unknown' }));
    must(await anna.data.music.refresh({}));
    expect(await tracks(anna)).toMatchObject([{ title: 'New', plays: 1, edited: true }]);
    expect(must(await anna.data.music.restore({ id }))).toMatchObject({ title: 'Old', edited: false });
    expect(must(await anna.data.music.byIds({ ids: ['unknown', id] })).map(({ title }) => title)).toEqual(['Old']);
  });

  it('stands in playlists of one’s own', async () => {
    const id = await listed(await listener('iva'), 'One');
    const anna = await person('anna');
    await anna.page.until('one', () => total(anna) === 1);
    const made = must(await anna.data.music.savePlaylist({ id: null, name: 'Mix', ids: [id] }));
    expect(must(await anna.data.music.playlists({}))).toEqual([made]);
    expect(must(await anna.data.music.ids({ ...QUERY, within: { playlist: made.id } }))).toEqual([id]);
    must(await anna.data.music.deletePlaylist({ id: made.id }));
    expect(await anna.data.music.deletePlaylist({ id: made.id })).toMatchObject({ error: { code: 'not_found' } });
  });
});
