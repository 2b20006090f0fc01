/** The proposals of a party queue, from the messages that are stored here. */
import { MOST_PROPOSED, type PartyView } from '#contract/ipc/party-views.ts';
import { isVoice } from '#contract/model/media-types.ts';
import { isPartyMessage, PARTY_WORDS, partyOrder, type Proposal } from '#contract/model/party-queue.ts';
import { ATTACHMENT_COLUMNS, attachmentView, type AttachmentRow } from '../attachment-views.ts';
import type { StoreContext } from '../context.ts';
import { KINDS } from '../index-rows.ts';
import { personName } from '../people.ts';
import { oneTrack, type MayRemove } from '../track-rows.ts';

type Song = AttachmentRow & {
  row: number;
  n: number;
  message_id: string;
  sender_id: string;
  mine: number;
  created_at: number;
};

const COLUMNS = `${ATTACHMENT_COLUMNS.split(', ')
  .map((column) => `a.${column}`)
  .join(', ')}, a.row, a.n, m.id AS message_id, m.sender_id, m.mine, m.created_at`;

/** The songs from the opening message on, until the next one; and the song that the opening message answers. */
function songsOf(
  context: StoreContext,
  chatId: string,
  opening: { id: string; at: number; tie: string; reply_to: string | null },
): Song[] {
  const next = context.sql.get<{ at: number; tie: string }>(
    `SELECT at, tie FROM messages WHERE chat_id = ? AND (at, tie) > (?, ?) AND id IS NOT NULL AND trim(content) = ?
     ORDER BY at, tie LIMIT 1`,
    chatId,
    opening.at,
    opening.tie,
    PARTY_WORDS,
  );
  const answered =
    opening.reply_to === null
      ? []
      : context.sql.all<Song>(
          `SELECT ${COLUMNS} FROM messages m JOIN attachments a ON a.row = m.row WHERE m.id = ? AND m.chat_id = ? ORDER BY a.n`,
          opening.reply_to,
          chatId,
        );
  const sent = context.sql.all<Song>(
    `SELECT ${COLUMNS} FROM messages m JOIN attachments a ON a.row = m.row
     WHERE m.chat_id = ? AND (m.at, m.tie) > (?, ?) AND (m.at, m.tie) < (?, ?) AND m.id IS NOT NULL
       AND m.kinds > 0 AND m.kinds & ? > 0
     ORDER BY m.at, m.tie, a.n LIMIT 0 + ?`,
    chatId,
    opening.at,
    opening.tie,
    // Without another party: to the end of what the server has.
    next?.at ?? Number.MAX_SAFE_INTEGER,
    next?.tie ?? '',
    KINDS.audio,
    MOST_PROPOSED,
  );
  return [...answered, ...sent]
    .filter(({ name, mime_type: type }) => type.startsWith('audio/') && !isVoice(name, type))
    .slice(0, MOST_PROPOSED);
}

/** The party queue that a message opens; null when it opens none. */
export function party(
  context: StoreContext,
  input: { chatId: string; messageId: string; mayRemove: MayRemove },
): PartyView | null {
  // The reading thread hears of no changes.
  context.people.clear();
  const opening = context.sql.get<{ id: string; at: number; tie: string; reply_to: string | null; content: string }>(
    'SELECT id, at, tie, reply_to, content FROM messages WHERE id = ? AND chat_id = ?',
    input.messageId,
    input.chatId,
  );
  if (!opening || !isPartyMessage(opening.content)) return null;
  const songs = songsOf(context, input.chatId, opening).map((song): Proposal & { song: Song } => ({
    song,
    messageId: song.message_id,
    fileId: song.id,
    senderId: song.sender_id,
    at: song.created_at,
    n: song.n,
    reactions: context.sql
      .all<{ user_id: string; emoji: string }>(
        'SELECT user_id, emoji FROM reactions WHERE message_id = ?',
        song.message_id,
      )
      .map(({ user_id: userId, emoji }) => ({ userId, emoji })),
  }));
  const proposals = partyOrder(songs).flatMap(({ proposal: { song, messageId }, votes }) => {
    const file = attachmentView(context, song);
    if (!file) return [];
    const senderName = personName(context, song.sender_id);
    const track = oneTrack(context, song.id, input.mayRemove);
    return [{ messageId, senderName, mine: song.mine === 1, votes, track, file }];
  });
  return { proposals };
}
