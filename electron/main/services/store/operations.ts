/** Every operation of the store by its name. Main calls them through the client; the names and types are these. */
import * as chats from './ops/chats.ts';
import * as events from './ops/events.ts';
import * as messages from './ops/messages.ts';
import * as outbox from './ops/outbox.ts';
import * as pages from './ops/pages.ts';
import { reach } from './ops/reach.ts';
import { search } from './ops/search.ts';

/** What the writing thread does. */
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
  enqueue: outbox.enqueue,
  outboxHeads: outbox.outboxHeads,
  beginAttempt: outbox.beginAttempt,
  endAttempt: outbox.endAttempt,
  acknowledge: outbox.acknowledge,
  reconcile: outbox.reconcile,
  anchorOf: outbox.anchorOf,
  recoverOutbox: outbox.recoverOutbox,
  hurryOutbox: outbox.hurryOutbox,
  switchAuth: outbox.switchAuth,
  cancel: outbox.cancel,
  discard: outbox.discard,
  edit: outbox.edit,
  resend: outbox.resend,
  details: outbox.details,
  addReaction: messages.addReaction,
  dropReaction: messages.dropReaction,
  ownReaction: messages.ownReaction,
  storeOne: messages.storeOne,
  forwardSources: messages.forwardSources,
  messageChat: messages.messageChat,
  syncPoint: messages.syncPoint,
  setSyncPoint: messages.setSyncPoint,
  setServerClock: messages.setServerClock,
  forgetPresence: messages.forgetPresence,
  emojis: messages.emojis,
} as const;

/** What the reading thread does: long reads that must not hold a send up. */
export const READER_OPERATIONS = { search, reach } as const;

type WithoutContext<T> = {
  readonly [K in keyof T]: T[K] extends (context: never, input: infer I) => infer O ? (input: I) => O : never;
};
export type WriterOperations = WithoutContext<typeof WRITER_OPERATIONS>;
export type ReaderOperations = WithoutContext<typeof READER_OPERATIONS>;
