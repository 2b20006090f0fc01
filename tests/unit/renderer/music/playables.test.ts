import { expect, test } from 'vitest';
import { LIMITS } from '#contract/model/limits.ts';
import { PlayableView } from '#contract/ipc/music-views.ts';
import { playableFile, playableTrack } from '../../../../renderer/src/stores/account/music/playables.ts';
import { ACCOUNT, attachmentView } from '../bridge-double.ts';
import { trackView } from './track.ts';

const FROM = { chatId: 'chat', messageId: 'message' };
const audio = { kind: 'audio', mimeType: 'audio/mpeg', duration: 12 } as const;

test('a track is passed on with its words and the message it is played from', () => {
  const item = playableTrack(ACCOUNT, trackView('7', { gain: -6.5, trackNumber: 3 }), FROM);
  expect(PlayableView.parse(item)).toEqual(item);
  expect(item).toMatchObject({ accountId: ACCOUNT, fileId: '7', source: 'library', gain: -6.5, from: FROM });
});

test.each([
  ['song.mp3', 'song'],
  ['a.b.flac', 'a.b'],
  ['noending', 'noending'],
  ['.mp3', '.mp3'],
  ['evil\u202e3pm.exe.mp3', 'evil3pm.exe'],
])('a file called %j is titled %j', (name, title) => {
  expect(playableFile(ACCOUNT, attachmentView('f', { ...audio, name }), FROM).title).toBe(title);
});

test('a voice message is none of the music; long names are cut', () => {
  const voice = playableFile(ACCOUNT, attachmentView('f', { ...audio, voice: true }), null);
  expect(voice.source).toBe('voice');
  const long = playableFile(ACCOUNT, attachmentView('f', { ...audio, name: `${'ä'.repeat(400)}.mp3` }), null);
  expect([...long.title]).toHaveLength(LIMITS.trackTitle.max);
  expect(PlayableView.parse(long)).toEqual(long);
});
