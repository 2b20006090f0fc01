/** A message as an export keeps it: plain data, from the server's own, without what belongs to one session. Pure. */
import type { File } from '#contract/api/file.ts';
import type { Message } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { stripBidiControls } from '#contract/model/text.ts';
import { cleanName } from '../../../lib/file-names.ts';

export interface ExportedFile {
  id: string;
  name: string;
  mimeType: string;
  /** Bytes. */
  size: number;
  width?: number;
  height?: number;
  /** Seconds. */
  duration?: number;
}

export interface ExportedMessage {
  id: string;
  /** ISO 8601, the server's time. */
  at: string;
  senderId: string;
  sender: string;
  mine: boolean;
  text: string;
  replyTo: { id: string; sender: string; text: string } | null;
  files: ExportedFile[];
  reactions: { emoji: string; by: string[] }[];
}

/** What names people: the chat's own, and who it is exported for. */
export interface ExportedPeople {
  me: string;
  /** Names by id. */
  names: ReadonlyMap<string, string>;
}

function userName(user: User): string {
  const full = `${user.firstName ?? ''} ${user.lastName ?? ''}`.trim();
  return stripBidiControls(full === '' ? (user.username ?? '') : full);
}

function nameOf(people: ExportedPeople, id: string, user: User | null | undefined): string {
  return (user ? userName(user) : '') || people.names.get(id) || id;
}

function exportedFile(file: File): ExportedFile {
  const { id, mimeType, size, width, height, duration } = file;
  return {
    ...{ id, name: cleanName(file.name), mimeType, size },
    ...(width && height ? { width, height } : {}),
    ...(duration ? { duration } : {}),
  };
}

/** What is kept of a message. */
export function exportedMessage(message: Message, people: ExportedPeople): ExportedMessage {
  const senderId = message.sender?.id ?? message.senderId ?? '';
  const quoted = message.replyTo;
  const reactions = new Map<string, string[]>();
  for (const { emoji, userId } of message.reactions ?? [])
    reactions.set(emoji, [...(reactions.get(emoji) ?? []), nameOf(people, userId, null)]);
  return {
    id: message.id,
    at: message.createdAt,
    senderId,
    sender: nameOf(people, senderId, message.sender),
    mine: senderId === people.me,
    text: message.content,
    replyTo: quoted
      ? {
          id: quoted.id,
          sender: nameOf(people, quoted.sender?.id ?? quoted.senderId ?? '', quoted.sender),
          text: quoted.content,
        }
      : null,
    files: (message.attachments ?? []).map(exportedFile),
    reactions: [...reactions].map(([emoji, by]) => ({ emoji, by })),
  };
}
