/** What the node stores, as plain records that every folder may use. Times are milliseconds since the epoch. */

/** A user account. */
export interface UserRow {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  age: number | null;
  bio: string;
  avatarUrl: string;
  passwordHash: string;
  role: 'user' | 'admin';
  tokenVersion: number;
  seq: number;
  createdAt: number;
  lastSeenAt: number | null;
}

/** What an administrator looked at. */
export interface AuditRow {
  id: string;
  userId: string;
  /** The name of the operation. */
  action: string;
  /** What was asked of it. */
  detail: string;
  address: string;
  createdAt: number;
}

export interface ChatRow {
  id: string;
  createdAt: number;
  updatedAt: number;
  lastMessageId: string | null;
  lastMessageAt: number;
  messageCount: number;
}

export interface MemberRow {
  chatId: string;
  userId: string;
  /** Watermarks: everything up to these times was delivered to, or read by, this member. */
  deliveredAt: number;
  readAt: number;
  unread: number;
}

export interface MessageRow {
  id: string;
  chatId: string;
  senderId: string;
  content: string;
  replyToId: string | null;
  clientId: string | null;
  createdAt: number;
}

export interface ReactionRow {
  id: string;
  messageId: string;
  userId: string;
  emoji: string;
  createdAt: number;
}

/** One entry of a user's event log. */
export interface EventRow {
  seq: number;
  kind: string;
  body: string;
}

/** What the tags of a sound say. */
export interface TagsRow {
  title: string | null;
  artist: string | null;
  album: string | null;
  year: number | null;
  genre: string | null;
  trackNumber: number | null;
}

/** The same, as they are kept with a file: an earlier version did not read the loudness. */
export interface FileTagsRow extends TagsRow {
  /** Loudness correction, in dB. */
  gain?: number | null;
  /** What a sound in MP4 is coded in, where it is not AAC. */
  codec?: string;
}

/** A track of the shared library. */
export interface TrackRow extends TagsRow {
  fileId: string;
  uploadedBy: string;
  title: string;
  /** In seconds; 0 when nobody knows. */
  duration: number;
  createdAt: number;
}

/** A file that is complete and on disk. */
export interface FileRow {
  id: string;
  ownerId: string;
  name: string;
  mimeType: string;
  /** In bytes. */
  size: number;
  sha256: string;
  createdAt: number;
  /** In pixels. */
  width: number | null;
  height: number | null;
  /** In seconds. */
  duration: number | null;
  thumbhash: string | null;
  /** From 0 to 1. */
  peaks: number[] | null;
  tags: FileTagsRow | null;
  /** The other forms of it that are kept. */
  variants: string[];
}

/** An upload in parts, until it expires. */
export interface UploadSessionRow {
  id: string;
  ownerId: string;
  /** The id of the file that it becomes. */
  fileId: string;
  name: string;
  /** In bytes, of the whole file. */
  size: number;
  /** Of a sound, as its sender measured them. */
  peaks: number[] | null;
  /** Bytes that are certainly on disk. */
  received: number;
  createdAt: number;
  expiresAt: number;
}

export type CallStatus = 'ringing' | 'active' | 'ended' | 'rejected' | 'cancelled' | 'missed';

/** A call between the two members of a chat. */
export interface CallRow {
  id: string;
  chatId: string;
  type: 'audio' | 'video';
  status: CallStatus;
  initiatorId: string;
  calleeId: string;
  /** The devices that hold it; empty for one that has no name, null while nobody is known. */
  initiatorDevice: string | null;
  calleeDevice: string | null;
  /** When it began to ring. */
  createdAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  /** When one of its devices was last connected to a node. */
  seenAt: number;
  reason: 'busy' | null;
}

/** A signal that is kept for the other side: the latest description of a side, and the candidates after it. */
export interface CallSignalRow {
  callId: string;
  userId: string;
  /** The sender's number of it. */
  number: number;
  kind: 'offer' | 'answer' | 'candidate';
  /** The frame as it is forwarded. */
  body: string;
}
