/** The demonstration’s music at a real relay: whole sounds with their words and covers, and pictures beside them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Track } from '../../../contract/api/track.ts';
import type { Message } from '../../../contract/api/message.ts';
import { DEMO_PEOPLE, seedDemo, type SeededDemo } from '../../../scripts/lib/demo.ts';
import { seedMedia } from '../../../scripts/lib/demo-media.ts';
import { ALBUMS } from '../../../scripts/lib/demo-tracks.ts';
import { voiceSeconds } from '../../../scripts/lib/demo-voice.ts';
import { isVoice } from '../../../contract/model/media-types.ts';
import { play, RATE, songSeconds } from '../../../scripts/lib/demo-melodies.ts';
import { createRelayClient, startTestRelay, type RelayClient, type TestRelay } from '../../helpers/relay.ts';

let relay: TestRelay;
let demo: SeededDemo;
let mira: RelayClient;
beforeAll(async () => {
  relay = await startTestRelay();
  demo = await seedDemo(relay.url);
  await seedMedia(relay.url, demo);
  mira = createRelayClient(relay.url, demo.people[0].token);
}, 60_000);
afterAll(() => relay.close());

test('the library has every track, with its words, its length and its cover', async () => {
  const { body } = await mira.get<{ tracks: Track[] }>('/music', { sort: 'album' });
  const expected = ALBUMS.flatMap(({ artist, album, songs }) =>
    songs.map((song, n) => ({ title: song.title, artist, album, trackNumber: n + 1, seconds: songSeconds(song) })),
  );
  const found = body.tracks.map(({ title, artist, album, trackNumber, duration }) => {
    return { title, artist, album, trackNumber, seconds: duration };
  });
  expect(found).toEqual(expected.map((one) => ({ ...one, seconds: expect.closeTo(one.seconds, 1) as number })));
  expect(body.tracks.every(({ coverUrl }) => coverUrl?.endsWith('?variant=cover'))).toBe(true);
  expect(new Set(body.tracks.map(({ uploadedBy }) => uploadedBy)).size).toBe(DEMO_PEOPLE.length);
});

test('the conversation ends with pictures, a voice note with its waveform, and a track', async () => {
  const { body } = await mira.get<{ messages: Message[] }>(`/chats/${demo.chatId}/messages`, { limit: 3 });
  const types = body.messages.map(({ attachments = [] }) => attachments?.map(({ mimeType }) => mimeType) ?? []);
  expect(types.toSorted((a, b) => a.length - b.length)).toEqual([
    ['audio/wav'],
    ['audio/wav'],
    ['image/jpeg', 'image/jpeg', 'image/jpeg'],
  ]);
  const [voice] = body.messages.flatMap(({ attachments }) =>
    (attachments ?? []).filter(({ name, mimeType }) => isVoice(name, mimeType)),
  );
  expect(voice?.duration).toBeCloseTo(voiceSeconds(), 1);
  // Phrases and breaths.
  expect(Math.min(...(voice?.peaks ?? []))).toBeLessThan(0.1);
  expect(Math.max(...(voice?.peaks ?? []))).toBeGreaterThan(0.8);
});

test('a melody sounds all the way, never too loud, and is the same each time', () => {
  const [song] = ALBUMS[0]?.songs ?? [];
  if (!song) throw new Error('no song');
  const samples = play(song);
  expect(samples).toEqual(play(song));
  expect(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeCloseTo(0.9, 3);
  for (let second = 0; second < Math.floor(samples.length / RATE); second += 1) {
    const part = samples.subarray(second * RATE, (second + 1) * RATE);
    expect(Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / RATE)).toBeGreaterThan(0.02);
  }
});
