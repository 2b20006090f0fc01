/** The channels of the music library, of the player's memory, and of what is kept on this computer. See schemas.ts. */
import { z } from 'zod';
import { Count, Id } from '../api/shared.ts';
import { LIMITS, MOST_QUEUED } from '../model/limits.ts';
import {
  AlbumView,
  ArtistView,
  NowPlaying,
  Peaks,
  PlayerMemory,
  PlaylistView,
  StorageView,
  StoryView,
  TrackQuery,
  TrackView,
} from './music-views.ts';
import { PartyView } from './party-views.ts';
import { scoped } from './scoped.ts';

const nothing = z.object({}).strict();
const done = z.null();
const page = { limit: z.number().int().min(1).max(500), offset: z.number().int().min(0).max(1_000_000) };
const ofTrack = scoped({ id: Id });
const word = z.string().max(LIMITS.trackTitle.max).nullable().optional();
const chats = z.array(Id).min(1).max(LIMITS.forwardedTo.max);

export const MUSIC_CHANNELS = {
  /** Reads only what is stored here; `music.refresh` fetches. */
  'music.tracks': {
    input: scoped({ ...TrackQuery.shape, ...page }),
    output: z.object({ tracks: z.array(TrackView), total: Count }),
  },
  /** All that match, in order: for playing them. */
  'music.ids': { input: scoped(TrackQuery.shape), output: z.array(Id).max(MOST_QUEUED) },
  /** Those that are known, in the order asked for. */
  'music.byIds': { input: scoped({ ids: z.array(Id).min(1).max(500) }), output: z.array(TrackView) },
  'music.albums': {
    input: scoped({ q: TrackQuery.shape.q, sort: z.enum(['title', 'artist', 'added']), ...page }),
    output: z.object({ albums: z.array(AlbumView), total: Count }),
  },
  'music.artists': {
    input: scoped({ q: TrackQuery.shape.q, ...page }),
    output: z.object({ artists: z.array(ArtistView), total: Count }),
  },
  /** Fetches the list from the server; the event `music` tells what it brought. */
  'music.refresh': { input: scoped({}), output: z.object({ total: Count }) },
  /** Lists a file of one's own that the server already has, such as an attachment. `unsupported_media`: no audio. */
  'music.add': { input: ofTrack, output: TrackView },
  /** How a track is called on this computer. Null takes a word away; a missing one stays. */
  'music.edit': {
    input: scoped({ id: Id, title: word, artist: word, album: word, genre: word }),
    output: TrackView,
  },
  /** Undoes `music.edit`. */
  'music.restore': { input: ofTrack, output: TrackView },
  /** Takes a track off the shared list; the file stays in the chats that have it. */
  'music.remove': { input: ofTrack, output: done },
  /** Half of it, or four minutes, have been heard. */
  'music.played': { input: ofTrack, output: done },
  /** Also of a sound in a chat; null when the server offers none. */
  'music.peaks': { input: ofTrack, output: Peaks.nullable() },
  /** Keeps a waveform that the page has measured, of a track or a sound of a chat for which the server offers none. */
  'music.keepPeaks': { input: scoped({ id: Id, peaks: Peaks.min(1) }), output: done },
  'music.story': { input: ofTrack, output: z.array(StoryView).max(100) },
  /** Sends it to chats as a card that plays in place. */
  'music.share': {
    input: scoped({ id: Id, chatIds: chats, text: z.string().max(LIMITS.content.max) }),
    output: z.object({ sent: Count }),
  },
  /** The songs of a party queue in their order; null when the message opens none. */
  'music.party': { input: scoped({ chatId: Id, messageId: Id }), output: PartyView.nullable() },
  'music.playlists': { input: scoped({}), output: z.array(PlaylistView) },
  /** A null id makes a new one. */
  'music.savePlaylist': {
    input: scoped({ id: Id.nullable(), name: z.string().min(1).max(200), ids: z.array(Id).max(MOST_QUEUED) }),
    output: PlaylistView,
  },
  'music.deletePlaylist': { input: ofTrack, output: done },

  /** The player as it was left, over all accounts; entries of accounts that are closed are left out. */
  'player.recall': { input: nothing, output: PlayerMemory.nullable() },
  'player.keep': { input: z.object({ memory: PlayerMemory }), output: done },
  /** Less than all of it: while playing, every few seconds. */
  'player.keepPlace': {
    input: z.object({ current: z.string().min(1).max(64).nullable(), position: PlayerMemory.shape.position }),
    output: done,
  },
  'player.tell': { input: z.object({ now: NowPlaying.nullable() }), output: done },
  /** Brings these into the cache, as far as it has room: the next track. */
  'player.prefetch': { input: ofTrack, output: done },

  'storage.read': { input: nothing, output: StorageView },
  'storage.clear': { input: nothing, output: StorageView },
  'storage.setLimit': { input: z.object({ limit: StorageView.shape.limit }), output: StorageView },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
