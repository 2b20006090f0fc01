/** What the player is given, from what the library and the chats show. Pure. */
import type { PlayableView, TrackView } from '#contract/ipc/music-views.ts';
import type { AttachmentView } from '#contract/ipc/views.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { stripBidiControls } from '#contract/model/text.ts';

const cut = (text: string): string => [...text].slice(0, LIMITS.trackTitle.max).join('');

/** A track of the library; `from`: the message it is played from. */
export function playableTrack(accountId: string, track: TrackView, from: PlayableView['from'] = null): PlayableView {
  return {
    accountId,
    fileId: track.id,
    source: 'library',
    title: cut(track.title),
    artist: track.artist === null ? null : cut(track.artist),
    album: track.album === null ? null : cut(track.album),
    albumKey: track.albumKey,
    trackNumber: track.trackNumber,
    duration: track.duration,
    mimeType: track.mimeType,
    url: track.url,
    coverUrl: track.coverUrl,
    gain: track.gain,
    from,
  };
}

/** The title of a sound that came as a file: its name without the ending. */
export function fileTitle(name: string): string {
  const plain = stripBidiControls(name).trim();
  return cut(plain.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, '').trim() || plain);
}

/** A sound of a chat that the library does not know: its tags are not known either. */
export function playableFile(accountId: string, file: AttachmentView, from: PlayableView['from']): PlayableView {
  return {
    accountId,
    fileId: file.id,
    source: file.voice ? 'voice' : 'attachment',
    title: fileTitle(file.name),
    artist: null,
    album: null,
    albumKey: null,
    trackNumber: null,
    // Measured by the player where the server did not.
    duration: file.duration ?? 0,
    mimeType: file.mimeType.slice(0, 255),
    url: file.url,
    coverUrl: file.thumbUrl,
    gain: null,
    from,
  };
}
