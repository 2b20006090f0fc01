/** What the server says of people, messages and reactions, as the console shows it. */
import type { AdminUser, AuditEntry } from '#contract/api/admin.ts';
import type { Message, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import type { AdminLook, AdminMessageView, AdminReactionView, AdminUserView } from '#contract/ipc/admin-schemas.ts';

/** Milliseconds; null for what is no time. */
function momentOf(text: string | null | undefined): number | null {
  const moment = Date.parse(text ?? '');
  return Number.isNaN(moment) ? null : moment;
}

function nameOf({ firstName, lastName, username }: User): string {
  const name = `${firstName ?? ''} ${lastName ?? ''}`.trim();
  return name === '' ? username : name;
}

export function userRow(user: AdminUser): AdminUserView {
  return {
    id: user.id,
    username: user.username,
    name: nameOf(user),
    createdAt: momentOf(user.createdAt),
    lastSeenAt: momentOf(user.lastSeenAt),
    messages: user.messages ?? null,
    storedBytes: user.storedBytes ?? null,
  };
}

export function messageRow(message: Message): AdminMessageView {
  return {
    id: message.id,
    chatId: message.chatId,
    senderId: message.sender?.id ?? message.senderId ?? '',
    senderName: message.sender ? nameOf(message.sender) : '',
    text: message.content,
    files: message.attachments?.length ?? 0,
    createdAt: momentOf(message.createdAt),
  };
}

export function reactionRow(people: readonly User[]): (reaction: Reaction) => AdminReactionView {
  const names = new Map(people.map((person) => [person.id, nameOf(person)]));
  return ({ id, emoji, userId, messageId, createdAt }) => ({
    ...{ id, emoji, personId: userId, personName: names.get(userId) ?? '', messageId: messageId ?? '' },
    createdAt: momentOf(createdAt),
  });
}

export function lookRow({ id, action, detail, address, createdAt }: AuditEntry): AdminLook {
  return { id, action, detail, address, createdAt: momentOf(createdAt) };
}
