/** The music library over HTTP: listed by their uploaders, found and sorted by everybody, corrected and removed by few. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Track } from '../../../contract/api/track.ts';
import {
  cp1251,
  flac,
  id3Comment,
  id3Cover,
  id3Text,
  jpeg,
  mp3,
  png,
  steps,
  tagged,
} from '../../helpers/media-samples.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download, upload } from '../../helpers/relay-files.ts';
import { newcomer, pair, say } from '../../helpers/relay-scene.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

interface Answer {
  metadata: Track;
  track: Track;
  tracks: Track[];
  total?: number;
  error?: { code: string; fields?: object };
}

const sound = mp3([206, 210, 206, 210]);
const extract = (who: TestUser, fileId: string) => who.api.post<Answer>('/music/metadata', { fileId });
const list = async (who: TestUser, query: Record<string, string | number> = {}) =>
  (await who.api.get<Answer>('/music', query)).body;
const change = (who: { api: TestUser['api'] }, fileId: string, body: object) =>
  who.api.request<Answer>('PATCH', `/music/${fileId}`, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

async function listed(who: TestUser, tags: Record<string, string>, name = 'track.mp3'): Promise<string> {
  const frames = Object.entries(tags).map(([frame, text]) => id3Text(frame, text));
  const { id } = await upload(who, tagged(frames, sound), name);
  expect((await extract(who, id)).status).toBe(200);
  return id;
}

describe('metadata', () => {
  test('of one’s own sound, with its cover; it is listed from then on, and everybody may play it', async () => {
    const [anna, boris] = [await newcomer(relay), await newcomer(relay)];
    const frames = [
      id3Text('TIT2', 'Песня «Ёлка» 🎄'),
      id3Text('TPE1', 'Кино'),
      id3Text('TALB', 'Альбом'),
      id3Text('TYER', '1999'),
      id3Text('TRCK', '3/12'),
      id3Text('TCON', 'Rock'),
      id3Cover('image/png', await jpeg(1000, 800)),
    ];
    const file = await upload(anna, tagged(frames, sound), 'x.mp3');
    expect(file.variants).toEqual(['waveform', 'cover']);
    expect((await download(relay.url, boris, `/files/${file.id}`)).status).toBe(403);
    const { status, body } = await extract(anna, file.id);
    expect(status).toBe(200);
    const coverUrl = `/api/files/${file.id}?variant=cover`;
    expect(body.metadata).toMatchObject({
      fileId: file.id,
      title: 'Песня «Ёлка» 🎄',
      artist: 'Кино',
      album: 'Альбом',
      year: 1999,
      trackNumber: 3,
      genre: 'Rock',
      mimeType: 'audio/mpeg',
      size: file.size,
      uploadedBy: anna.user.id,
      coverUrl,
    });
    expect(body.metadata.duration).toBeCloseTo(0.1, 1);
    expect((await extract(anna, file.id)).body).toEqual(body);
    expect((await list(boris, { q: 'елка' })).tracks).toEqual([body.metadata]);
    expect((await download(relay.url, boris, `/files/${file.id}`)).status).toBe(200);
    const cover = await download(relay.url, boris, coverUrl.replace('/api', ''));
    expect(await sharp(cover.bytes).metadata()).toMatchObject({ format: 'webp', width: 640, height: 512 });
  });

  test('an artist with a slash is one; loudness is told where the tags have it', async () => {
    const anna = await newcomer(relay);
    const loudness = id3Comment('REPLAYGAIN_TRACK_GAIN', '-7.25 dB');
    const file = await upload(anna, tagged([id3Text('TPE1', 'AC/DC'), loudness], sound));
    expect((await extract(anna, file.id)).body.metadata).toMatchObject({ artist: 'AC/DC', gain: -7.25 });
    expect((await list(anna, { q: 'ac/dc' })).tracks).toMatchObject([{ artist: 'AC/DC', gain: -7.25 }]);
    const plain = await upload(anna, tagged([id3Text('TIT2', 'quiet')], sound));
    expect((await extract(anna, plain.id)).body.metadata.gain).toBeNull();
  });

  test('a codec that its container does not name is named, so that a list can say what does not play', async () => {
    const anna = await newcomer(relay);
    const sounds = join(import.meta.dirname, '../../fixtures/sound');
    const types = await Promise.all(
      ['short_alac.m4a', 'first.m4a'].map(async (name) => {
        const file = await upload(anna, await readFile(join(sounds, name)), name);
        expect(file.mimeType).toBe('audio/mp4');
        return (await extract(anna, file.id)).body.metadata.mimeType;
      }),
    );
    expect(types).toEqual(['audio/mp4; codecs="alac"', 'audio/mp4']);
    const found = (await list(anna, { q: 'alac' })).tracks.map(({ mimeType }) => mimeType);
    expect(found).toEqual(['audio/mp4; codecs="alac"']);
  });

  test('in Windows-1251, and without any tags', async () => {
    const anna = await newcomer(relay);
    const russian = await upload(
      anna,
      tagged([id3Text('TIT2', cp1251('Группа крови')), id3Text('TPE1', cp1251('Кино'))], sound),
    );
    expect((await extract(anna, russian.id)).body.metadata).toMatchObject({ title: 'Группа крови', artist: 'Кино' });
    const plain = await upload(anna, flac(steps(1, 8000), 8000, 'fixed'), 'My_Song 01.flac');
    expect((await extract(anna, plain.id)).body.metadata).toMatchObject({
      title: 'My Song 01',
      artist: null,
      duration: 1,
      coverUrl: null,
    });
  });

  test.each<[string, () => Promise<Buffer>]>([
    ['SVG', async () => id3Cover('image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
    ['a link', async () => id3Cover('-->', Buffer.from('http://127.0.0.1/cover.png'))],
    [
      'more than 10 MB',
      async () => id3Cover('image/jpeg', Buffer.concat([await jpeg(100, 100), Buffer.alloc(10 * 1024 * 1024)])),
    ],
    ['a broken picture', async () => id3Cover('image/jpeg', (await jpeg(100, 100)).subarray(0, 40))],
  ])('a cover that is %s is none; the sound is what it was', async (_name, make) => {
    const anna = await newcomer(relay);
    const file = await upload(anna, tagged([id3Text('TIT2', 'covered'), await make()], sound));
    expect(file.variants).toEqual(['waveform']);
    expect((await extract(anna, file.id)).body.metadata).toMatchObject({ title: 'covered', coverUrl: null });
  });

  test('of what is no sound, not there, or not for one’s eyes', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const picture = await upload(anna, await png(5, 5));
    const song = await upload(anna, sound);
    expect((await extract(anna, picture.id)).body.error?.code).toBe('unsupported_media');
    expect((await extract(anna, 'nothing')).status).toBe(404);
    expect((await extract(boris, song.id)).status).toBe(403);
    await say(anna, chatId, '', { attachments: [song.id] });
    const seen = await extract(boris, song.id);
    expect([seen.status, seen.body.metadata.uploadedBy]).toEqual([200, anna.user.id]);
    // Sent in a chat, and read by its member: that does not publish it.
    const stranger = await newcomer(relay);
    expect((await list(stranger)).tracks.map(({ fileId }) => fileId)).not.toContain(song.id);
    expect((await download(relay.url, stranger, `/files/${song.id}`)).status).toBe(403);
  });
});

describe('the library', () => {
  test('is searched, sorted and paged; the total is that of the search', async () => {
    const own = await startTestRelay();
    try {
      const anna = await newcomer(own);
      await listed(anna, { TIT2: 'Beta', TPE1: 'Zoë', TALB: 'One', TRCK: '2' });
      await listed(anna, { TIT2: 'alpha', TPE1: 'Zoë', TALB: 'One', TRCK: '1' });
      await listed(anna, { TIT2: 'Gamma', TPE1: 'Abba', TALB: 'Two' });
      await listed(anna, {}, 'без имени.mp3');
      const titles = async (query: Record<string, string | number>) =>
        (await list(anna, query)).tracks.map(({ title }) => title);
      expect(await titles({})).toEqual(['без имени', 'Gamma', 'alpha', 'Beta']);
      expect(await titles({ sort: 'title' })).toEqual(['alpha', 'Beta', 'Gamma', 'без имени']);
      expect(await titles({ sort: 'artist' })).toEqual(['Gamma', 'alpha', 'Beta', 'без имени']);
      expect(await titles({ sort: 'album' })).toEqual(['alpha', 'Beta', 'Gamma', 'без имени']);
      expect(await titles({ sort: 'title', limit: 2, offset: 1 })).toEqual(['Beta', 'Gamma']);
      expect(await list(anna, { q: 'zoe one' })).toMatchObject({ total: 2 });
      expect(await titles({ q: 'ZOE be' })).toEqual(['Beta']);
      expect(await titles({ q: '%' })).toEqual([]);
      expect((await list(anna, { limit: 1 })).total).toBe(4);
      const wrong: Record<string, string | number>[] = [
        { limit: 0 },
        { limit: 501 },
        { offset: -1 },
        { sort: 'size' },
        { q: '' },
        { q: 'x'.repeat(101) },
      ];
      for (const query of wrong) {
        expect((await anna.api.get('/music', query)).status, JSON.stringify(query)).toBe(400);
      }
    } finally {
      await own.close();
    }
  });

  test('a track is sent on by anybody while it is listed, and read by those who got it for good', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const iva = await newcomer(relay);
    const id = await listed(iva, { TIT2: 'sent on' });
    const attached = (who: TestUser) =>
      who.api.post<{ message?: { attachments: { id: string }[] } }>('/messages/send', {
        chatId,
        content: '',
        attachments: [id],
      });
    const sent = await attached(anna);
    expect([sent.status, sent.body.message?.attachments.map((file) => file.id)]).toEqual([201, [id]]);
    expect((await iva.api.delete(`/music/${id}`)).status).toBe(204);
    expect((await download(relay.url, boris, `/files/${id}`)).status).toBe(200);
    expect((await attached(boris)).status).toBe(201);
    const stranger = await newcomer(relay);
    const other = await pair(relay);
    expect((await download(relay.url, stranger, `/files/${id}`)).status).toBe(403);
    const refused = await other.anna.api.post<Answer>('/messages/send', {
      chatId: other.chatId,
      content: '',
      attachments: [id],
    });
    expect([refused.status, refused.body.error?.fields]).toEqual([400, { attachments: 'invalid' }]);
  });

  test('a track is corrected and removed by its uploader or an administrator; the file stays', async () => {
    const [anna, boris] = [await newcomer(relay), await newcomer(relay)];
    const id = await listed(anna, { TIT2: 'wrong', TPE1: 'who', TALB: 'what' });
    expect((await change(boris, id, { title: 'mine' })).status).toBe(403);
    const changed = await change(anna, id, { title: 'right', album: null, year: 2001 });
    expect(changed.body.track).toMatchObject({ title: 'right', artist: 'who', album: null, year: 2001 });
    expect((await list(anna, { q: 'right who' })).total).toBe(1);
    expect((await list(anna, { q: 'wrong' })).tracks).toEqual([]);
    expect((await extract(anna, id)).body.metadata.title).toBe('right');
    expect((await change(relay.admin, id, { genre: 'Pop' })).body.track).toMatchObject({
      title: 'right',
      genre: 'Pop',
    });
    for (const body of [
      { title: '' },
      { title: ' \u200B' },
      { title: 'x'.repeat(301) },
      { year: 1.5 },
      { trackNumber: 0 },
      { title: null },
    ]) {
      expect((await change(anna, id, body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await boris.api.delete<Answer>(`/music/${id}`)).status).toBe(403);
    expect((await anna.api.delete(`/music/${id}`)).status).toBe(204);
    expect((await anna.api.delete(`/music/${id}`)).status).toBe(404);
    expect((await change(anna, id, { title: 'x' })).status).toBe(404);
    expect((await download(relay.url, anna, `/files/${id}`)).status).toBe(200);
    expect((await download(relay.url, boris, `/files/${id}`)).status).toBe(403);
    const again = await listed(anna, { TIT2: 'by the office' });
    expect((await relay.admin.api.delete(`/music/${again}`)).status).toBe(204);
  });

  test('an administrator who signed in as a person has no more rights than one', async () => {
    const anna = await newcomer(relay);
    const id = await listed(anna, { TIT2: 'kept' });
    const { username, password } = relay.admin;
    const signedIn = await relay.api.post<{ token: string }>('/auth/login', { username, password });
    const answer = await fetch(`${relay.url}/api/music/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${signedIn.body.token}` },
    });
    expect(answer.status).toBe(403);
  });
});

test('a node without `music` has the published rows only, and takes no parameters', async () => {
  const plain = await startTestRelay({ capabilities: [] });
  try {
    const anna = await newcomer(plain);
    const id = await listed(anna, { TIT2: 'one' });
    const answer = await anna.api.get<Answer>('/music', { q: 'other', limit: 1 });
    expect(answer.body).toEqual({
      tracks: [expect.objectContaining({ fileId: id, title: 'one', coverUrl: null }) as unknown],
    });
    expect((await anna.api.delete(`/music/${id}`)).status).toBe(404);
  } finally {
    await plain.close();
  }
});
