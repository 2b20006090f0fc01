/** The shared library and the player as the page sees them. Ids and addresses of the page's own origin, never a path. */
import { z } from 'zod';
import { Bytes, Count, Id, Seconds } from '../api/shared.ts';
import { LIMITS, MOST_QUEUED } from '../model/limits.ts';
import { MediaUrl, MOST_PEAKS } from './file-views.ts';
import { Time } from './time.ts';

const id = z.string().min(1).max(64);
/** An album or an artist: a key made from the folded names, opaque to the page. */
export const GroupKey = z.string().min(1).max(512);

export const TrackView = z.object({
  /** The server's file. */
  id,
  title: z.string(),
  artist: z.string().nullable(),
  album: z.string().nullable(),
  /** Keys of `artist` and `album` for `music.tracks`; null where the tags name none. */
  artistKey: GroupKey.nullable(),
  albumKey: GroupKey.nullable(),
  genre: z.string().nullable(),
  year: z.number().int().nullable(),
  trackNumber: Count.nullable(),
  /** Seconds, as the server has measured them: more reliable than a media element. */
  duration: Seconds,
  size: Bytes,
  mimeType: z.string(),
  url: MediaUrl,
  coverUrl: MediaUrl.nullable(),
  /** Loudness correction by the file's tags, in dB; null when they say nothing. */
  gain: z.number().min(-60).max(60).nullable(),
  sharedBy: z.object({ id, name: z.string() }).nullable(),
  addedAt: Time.nullable(),
  /** `cached`: all of it is on this computer, so that it plays without a connection. */
  state: z.enum(['remote', 'cached']),
  /** How often it was played on this computer. */
  plays: Count,
  lastPlayedAt: Time.nullable(),
  /** Its words were changed here, for this computer alone. */
  edited: z.boolean(),
  /** This person may take it off the list. */
  removable: z.boolean(),
});
export type TrackView = z.infer<typeof TrackView>;

export const AlbumView = z.object({
  key: GroupKey,
  title: z.string(),
  /** Null when its tracks name several. */
  artist: z.string().nullable(),
  year: z.number().int().nullable(),
  tracks: Count,
  /** Seconds. */
  duration: Seconds,
  coverUrl: MediaUrl.nullable(),
});
export type AlbumView = z.infer<typeof AlbumView>;

export const ArtistView = z.object({
  key: GroupKey,
  name: z.string(),
  tracks: Count,
  albums: Count,
  coverUrl: MediaUrl.nullable(),
});
export type ArtistView = z.infer<typeof ArtistView>;

export const PlaylistView = z.object({
  id,
  name: z.string(),
  tracks: Count,
  duration: Seconds,
  changedAt: Time,
});
export type PlaylistView = z.infer<typeof PlaylistView>;

export const MUSIC_SORTS = ['title', 'artist', 'album', 'added', 'plays', 'played', 'duration'] as const;
export type MusicSort = (typeof MUSIC_SORTS)[number];

/** Where a track was shared in this person's chats, newest first. */
export const StoryView = z.object({
  chatId: id,
  messageId: id,
  senderName: z.string(),
  mine: z.boolean(),
  at: Time,
  /** What was said with it, shortened. */
  text: z.string(),
});
export type StoryView = z.infer<typeof StoryView>;

/** What may be played: a track of the library, or a sound of a chat. Everything needed to show it without asking again. */
export const PlayableView = z.object({
  accountId: id,
  fileId: id,
  /** `voice`: a recorded voice message. It never owns the system's media session. */
  source: z.enum(['library', 'attachment', 'voice']),
  title: z.string().max(LIMITS.trackTitle.max),
  artist: z.string().max(LIMITS.trackTitle.max).nullable(),
  album: z.string().max(LIMITS.trackTitle.max).nullable(),
  albumKey: GroupKey.nullable(),
  trackNumber: Count.nullable(),
  duration: Seconds,
  mimeType: z.string().max(255),
  url: MediaUrl,
  coverUrl: MediaUrl.nullable(),
  gain: z.number().min(-60).max(60).nullable(),
  /** The message it came with, where it is an attachment. */
  from: z.object({ chatId: id, messageId: id }).nullable(),
});
export type PlayableView = z.infer<typeof PlayableView>;

export const QueueEntry = z.object({
  /** Its place's own name: the same track may stand in a queue twice. */
  key: z.string().min(1).max(64),
  item: PlayableView,
});
export type QueueEntry = z.infer<typeof QueueEntry>;

export const REPEATS = ['off', 'all', 'one'] as const;

/** The player as it is kept over restarts. */
export const PlayerMemory = z.object({
  queue: z.array(QueueEntry).max(MOST_QUEUED),
  /** The shuffled order, as keys; null while shuffle is off. */
  order: z.array(z.string().min(1).max(64)).max(MOST_QUEUED).nullable(),
  current: z.string().min(1).max(64).nullable(),
  /** Seconds into the current track. */
  position: Seconds,
  repeat: z.enum(REPEATS),
  volume: z.number().min(0).max(1),
  muted: z.boolean(),
  /** For voice messages. */
  speed: z.number().min(0.5).max(3),
  /** For everything else. A memory of an earlier version has none. */
  musicSpeed: z.number().min(0.5).max(3).default(1),
  /** Seconds by which tracks overlap; 0: one follows the other without a gap. */
  crossfade: z.number().min(0).max(12),
  levelling: z.boolean(),
  /** The party queue that puts the queue in order; `messageId` opens it. Null while the order is one's own. */
  party: z.object({ accountId: id, chatId: id, messageId: id }).nullable().default(null),
});
export type PlayerMemory = z.infer<typeof PlayerMemory>;

/** What plays now, for the tray. Music only: null while a voice message or nothing plays. */
export const NowPlaying = z.object({
  title: z.string().max(LIMITS.trackTitle.max),
  artist: z.string().max(LIMITS.trackTitle.max).nullable(),
  playing: z.boolean(),
});
export type NowPlaying = z.infer<typeof NowPlaying>;

export const PLAYER_COMMANDS = ['toggle', 'next', 'previous'] as const;

/** Media kept on this computer, over all accounts. Bytes. */
export const StorageView = z.object({ used: Bytes, limit: Bytes, least: Bytes, most: Bytes });
export type StorageView = z.infer<typeof StorageView>;

/** A waveform, each number 0 to 1. */
export const Peaks = z.array(z.number().min(0).max(1)).max(MOST_PEAKS);

/** What is typed, what is chosen: the same for a page of tracks and for all their ids. */
export const TrackQuery = z.object({
  q: z.string().max(LIMITS.searchQuery.max),
  sort: z.enum(MUSIC_SORTS),
  descending: z.boolean(),
  within: z
    .union([
      z.object({ album: GroupKey }),
      z.object({ artist: GroupKey }),
      z.object({ playlist: Id }),
      /** Only what plays without a connection. */
      z.object({ cached: z.literal(true) }),
    ])
    .nullable(),
});
export type TrackQuery = z.infer<typeof TrackQuery>;
