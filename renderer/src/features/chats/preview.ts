/** The second line of a chat's row, in order of importance. Pure. */
import type { ChatView } from '#contract/ipc/views.ts';
import { plainText } from '#contract/model/message-text/blocks.ts';
import type { SendState } from '#contract/model/send-state.ts';

export type Preview =
  | { kind: 'typing'; names: string[] }
  | { kind: 'draft'; text: string }
  | { kind: 'failed'; count: number }
  | { kind: 'empty' }
  | {
      kind: 'message';
      text: string;
      /** Shown in group chats; null in a chat of two. */
      sender: string | null;
      mine: boolean;
      state: SendState | null;
      files: number;
    };

/** Rows have a single line: line breaks become spaces. Bounded, however long the message is. */
export function oneLine(text: string): string {
  return text.slice(0, 400).replaceAll(/\s+/gu, ' ').trim();
}

/**
 * What the row shows: typing, otherwise a draft (unless the chat is open, where the composer shows it), otherwise a
 * failure, otherwise the newest message.
 */
export function previewOf(chat: ChatView, typing: readonly { name: string }[], open: boolean): Preview {
  if (typing.length > 0) return { kind: 'typing', names: typing.map((user) => user.name) };
  const draft = oneLine(chat.draft);
  if (draft !== '' && !open) return { kind: 'draft', text: draft };
  if (chat.failed > 0) return { kind: 'failed', count: chat.failed };
  const last = chat.last;
  if (!last) return { kind: 'empty' };
  return {
    kind: 'message',
    // As rendered, without formatting characters.
    text: plainText(last.text.slice(0, 400)),
    sender: last.mine || chat.peer !== null ? null : last.senderName,
    mine: last.mine,
    state: last.mine ? last.state : null,
    files: last.files,
  };
}
