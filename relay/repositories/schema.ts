/**
 * The tables as the query builder sees them: the same for both dialects. Times are milliseconds since the epoch. What
 * each column means is told where it is created, in `migrations/`.
 */
import type { Generated } from 'kysely';

interface UsersTable {
  id: string;
  username: string;
  username_folded: string;
  first_name: string;
  last_name: string;
  age: number | null;
  bio: Generated<string>;
  avatar_url: Generated<string>;
  password_hash: string;
  role: 'user' | 'admin';
  token_version: Generated<number>;
  seq: Generated<number>;
  created_at: number;
  last_seen_at: number | null;
  deleted_at: number | null;
  search_name: string;
}

interface UserTermsTable {
  term: string;
  user_id: string;
}

interface ChatsTable {
  id: string;
  pair_key: string;
  created_at: number;
  updated_at: number;
  last_message_id: string | null;
  last_message_at: Generated<number>;
  message_count: Generated<number>;
}

interface MembersTable {
  chat_id: string;
  user_id: string;
  delivered_at: Generated<number>;
  read_at: Generated<number>;
  unread: Generated<number>;
  active_at: Generated<number>;
  sent: Generated<number>;
}

interface MessagesTable {
  id: string;
  chat_id: string;
  sender_id: string;
  content: string;
  reply_to_id: string | null;
  client_id: string | null;
  created_at: number;
  number: number;
  sender_number: number;
}

interface ReactionsTable {
  id: string;
  message_id: string;
  user_id: string;
  emoji: string;
  created_at: number;
}

interface EventsTable {
  user_id: string;
  seq: number;
  at: number;
  kind: string;
  body: string;
}

interface FilesTable {
  id: string;
  owner_id: string;
  name: string;
  mime_type: string;
  size: number;
  sha256: string;
  created_at: number;
  width: number | null;
  height: number | null;
  duration: number | null;
  thumbhash: string | null;
  peaks: string | null;
  tags: string | null;
  variants: Generated<string>;
}

interface AttachmentsTable {
  message_id: string;
  position: number;
  file_id: string;
  chat_id: string;
}

interface AvatarsTable {
  user_id: string;
  file_id: string;
}

interface UploadSessionsTable {
  id: string;
  owner_id: string;
  file_id: string;
  name: string;
  size: number;
  peaks: string | null;
  received: Generated<number>;
  created_at: number;
  expires_at: number;
}

interface TracksTable {
  file_id: string;
  uploaded_by: string;
  title: string;
  artist: string | null;
  album: string | null;
  year: number | null;
  genre: string | null;
  track_number: number | null;
  duration: number;
  created_at: number;
  title_key: string;
  artist_key: string;
  album_key: string;
  search_key: string;
}

interface CallsTable {
  id: string;
  chat_id: string;
  type: 'audio' | 'video';
  status: 'ringing' | 'active' | 'ended' | 'rejected' | 'cancelled' | 'missed';
  initiator_id: string;
  callee_id: string;
  initiator_device: string | null;
  callee_device: string | null;
  created_at: number;
  answered_at: number | null;
  ended_at: number | null;
  seen_at: number;
  reason: 'busy' | null;
}

interface CallSignalsTable {
  call_id: string;
  user_id: string;
  number: number;
  kind: 'offer' | 'answer' | 'candidate';
  body: string;
}

interface MetaTable {
  name: string;
  value: string;
}

interface CountersTable {
  name: string;
  /** PostgreSQL's alone: a counter is the sum of its parts there. */
  part: number;
  value: number;
}

interface HoursTable {
  name: string;
  /** Since the epoch. */
  hour: number;
  /** As for the counters; 0 in SQLite. */
  part: number;
  value: number;
}

interface ReactionTotalsTable {
  emoji: string;
  /** Which one follows from the reaction's id; 0 in SQLite. */
  part: number;
  value: number;
}

interface AuditTable {
  id: string;
  user_id: string;
  action: string;
  detail: string;
  address: string;
  created_at: number;
}

/** Every table of a node's database. */
export interface Schema {
  users: UsersTable;
  user_terms: UserTermsTable;
  chats: ChatsTable;
  members: MembersTable;
  messages: MessagesTable;
  reactions: ReactionsTable;
  events: EventsTable;
  files: FilesTable;
  attachments: AttachmentsTable;
  avatars: AvatarsTable;
  upload_sessions: UploadSessionsTable;
  tracks: TracksTable;
  calls: CallsTable;
  call_signals: CallSignalsTable;
  meta: MetaTable;
  counters: CountersTable;
  hours: HoursTable;
  reaction_totals: ReactionTotalsTable;
  audit: AuditTable;
}
