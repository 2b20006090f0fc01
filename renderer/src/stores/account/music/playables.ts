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

/** A sound of a chat that the library does not know. Its title is the name without the ending. */
export function playableFile(accountId: string, file: AttachmentView, from: PlayableView['from']): PlayableView {
  const name = stripBidiControls(file.name);
  return {
    accountId,
    fileId: file.id,
    source: file.voice ? 'voice' : 'attachment',
    title: cut(name.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, '')),
    artist: null,
    album: null,
    albumKey: null,
    trackNumber: null,
    duration: file.duration ?? 0,
    mimeType: file.mimeType,
    url: file.url,
    coverUrl: null,
    gain: null,
    from,
  };
}
