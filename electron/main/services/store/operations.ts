/** Every operation of the store by name. Main calls them through the client, with these names and types. */
import * as chats from './ops/chat-operations.ts';
import * as events from './ops/event-operations.ts';
import { findShared, readQuery } from './ops/found-operations.ts';
import * as later from './ops/later-operations.ts';
import * as library from './ops/library-operations.ts';
import * as messages from './ops/message-operations.ts';
import * as music from './ops/music-operations.ts';
import { beginAttempt, endAttempt } from './ops/outbox/attempts.ts';
import { cancel, discard, edit, resend } from './ops/outbox/commands.ts';
import { details } from './ops/outbox/details.ts';
import { enqueue, retryOutboxNow, outboxHeads, recoverOutbox, switchAuth } from './ops/outbox/queue.ts';
import { acknowledge, anchorOf, reconcile } from './ops/outbox/reconcile.ts';
import * as notes from './ops/note-operations.ts';
import * as pages from './ops/page-operations.ts';
import { party } from './ops/party-operations.ts';
import { deletePlaylist, playlists, savePlaylist } from './ops/playlist-operations.ts';
import { reach } from './ops/reach-operations.ts';
import { search } from './ops/search-operations.ts';
import { sharedFiles, sharedLinks } from './ops/shared-operations.ts';
import * as uploads from './ops/upload-operations.ts';
import type { Remote } from './protocol.ts';

/** Operations of the writing thread. */
export const WRITER_OPERATIONS = {
  snapshot: chats.snapshot,
  chatList: chats.chatList,
  chat: chats.chat,
  addChat: chats.addChat,
  saveDraft: chats.saveDraft,
  opened: chats.opened,
  organise: chats.organise,
  muteEnds: chats.muteEnds,
  markRead: chats.markRead,
  unreportedReads: chats.unreportedReads,
  readReported: chats.readReported,
  applyEvents: events.applyEvents,
  applyChats: events.applyChats,
  adoptReads: events.adoptReads,
  applyHistory: events.applyHistory,
  page: pages.page,
  fillStart: pages.fillStart,
  reach,
  enqueue,
  outboxHeads,
  beginAttempt,
  endAttempt,
  acknowledge,
  reconcile,
  anchorOf,
  recoverOutbox,
  retryOutboxNow,
  switchAuth,
  cancel,
  discard,
  edit,
  resend,
  details,
  addReaction: messages.addReaction,
  dropReaction: messages.dropReaction,
  ownReaction: messages.ownReaction,
  storeOne: messages.storeOne,
  forwardSources: messages.forwardSources,
  messageChat: messages.messageChat,
  knownFile: messages.knownFile,
  syncPoint: messages.syncPoint,
  setSyncPoint: messages.setSyncPoint,
  setServerClock: messages.setServerClock,
  forgetPresence: messages.forgetPresence,
  emojis: messages.emojis,
  uploads: uploads.uploads,
  hasFiles: uploads.hasFiles,
  hasChat: uploads.hasChat,
  addUpload: uploads.addUpload,
  moveUpload: uploads.moveUpload,
  refuseUpload: uploads.refuseUpload,
  uploadStored: uploads.uploadStored,
  setUploadSession: uploads.setUploadSession,
  keepUploadTags: uploads.keepUploadTags,
  arrangeUploads: uploads.arrangeUploads,
  removeUpload: uploads.removeUpload,
  restoreUpload: uploads.restoreUpload,
  takeTracks: music.takeTracks,
  keepTracks: music.keepTracks,
  addTrack: music.addTrack,
  dropTrack: music.dropTrack,
  libraryTotal: music.libraryTotal,
  libraryReadAt: music.libraryReadAt,
  track: music.track,
  editTrack: music.editTrack,
  notePlay: music.notePlay,
  setCached: music.setCached,
  adoptCache: music.adoptCache,
  unknownSharers: music.unknownSharers,
  takePeople: music.takePeople,
  storedPeaks: music.storedPeaks,
  savePeaks: music.savePeaks,
  notes: notes.notes,
  addNote: notes.addNote,
  changeNote: notes.changeNote,
  removeNote: notes.removeNote,
  laterMessages: later.laterMessages,
  addLater: later.addLater,
  changeLater: later.changeLater,
  removeLater: later.removeLater,
  releaseLater: later.releaseLater,
  playlists,
  savePlaylist,
  deletePlaylist,
} as const;

/** Operations of the reading thread: long reads that must not delay a send. */
export const READER_OPERATIONS = {
  search,
  findShared,
  readQuery,
  reach,
  sharedFiles,
  sharedLinks,
  tracks: library.tracks,
  trackIds: library.trackIds,
  tracksById: library.tracksById,
  albums: library.albums,
  artists: library.artists,
  story: library.story,
  party,
} as const;

type WithoutContext<T> = {
  readonly [K in keyof T]: T[K] extends (context: never, input: infer I) => infer O ? (input: I) => O : never;
};
export type WriterOperations = WithoutContext<typeof WRITER_OPERATIONS>;
export type ReaderOperations = WithoutContext<typeof READER_OPERATIONS>;

/** The same, as main calls them. */
export type WriterApi = Remote<WriterOperations>;
export type ReaderApi = Remote<ReaderOperations>;
