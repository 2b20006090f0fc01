/** What the views of one response need besides their rows: loaded in batches, people and members only once each. */
import type { FileRow, MemberRow, MessageRow, ReactionRow, UserRow } from '../records.ts';
import type { Chats, Files, Messages, Reactions, Users } from '../repositories/ports.ts';

export interface LookupSources {
  users: Pick<Users, 'findAllEver'>;
  chats: Pick<Chats, 'membersOfAll'>;
  messages: Pick<Messages, 'findAll'>;
  reactions: Pick<Reactions, 'ofMessages'>;
  files: Pick<Files, 'ofMessages'>;
}

export interface Lookups {
  /** Loads what these messages and chats need; quotes, reactions and files from the previous load are dropped. */
  load(rows: readonly MessageRow[], chatIds?: readonly string[]): void;
  person(id: string): UserRow | null;
  members(chatId: string): readonly MemberRow[];
  quoted(id: string): MessageRow | null;
  reactions(messageId: string): readonly ReactionRow[];
  /** Of messages and quotes. */
  files(messageId: string): readonly FileRow[];
}

function unknown(ids: readonly string[], known: ReadonlyMap<string, unknown>): string[] {
  return [...new Set(ids)].filter((id) => !known.has(id));
}

export function createLookups(sources: LookupSources): Lookups {
  const people = new Map<string, UserRow | null>();
  const memberships = new Map<string, MemberRow[]>();
  let quotes = new Map<string, MessageRow>();
  let reacted = new Map<string, ReactionRow[]>();
  let attached = new Map<string, FileRow[]>();

  function loadMembers(chatIds: readonly string[]): void {
    const missing = unknown(chatIds, memberships);
    if (missing.length === 0) return;
    for (const id of missing) memberships.set(id, []);
    for (const member of sources.chats.membersOfAll(missing)) memberships.get(member.chatId)?.push(member);
  }

  function loadPeople(ids: readonly string[]): void {
    const missing = unknown(ids, people);
    if (missing.length === 0) return;
    for (const id of missing) people.set(id, null);
    for (const user of sources.users.findAllEver(missing)) people.set(user.id, user);
  }

  function loadQuotes(rows: readonly MessageRow[]): void {
    const ids = rows.flatMap((row) => (row.replyToId === null ? [] : [row.replyToId]));
    const found = ids.length === 0 ? [] : sources.messages.findAll([...new Set(ids)]);
    quotes = new Map(found.map((row) => [row.id, row]));
  }

  function loadFiles(messageIds: readonly string[]): void {
    attached = new Map();
    if (messageIds.length === 0) return;
    for (const { messageId, file } of sources.files.ofMessages(messageIds)) {
      const known = attached.get(messageId);
      if (known) known.push(file);
      else attached.set(messageId, [file]);
    }
  }

  return {
    load(rows, chatIds = []) {
      loadQuotes(rows);
      reacted = new Map(rows.map((row) => [row.id, []]));
      if (rows.length > 0) {
        for (const one of sources.reactions.ofMessages([...reacted.keys()])) reacted.get(one.messageId)?.push(one);
      }
      loadFiles([...new Set([...rows.map((row) => row.id), ...quotes.keys()])]);
      loadMembers([...chatIds, ...rows.map((row) => row.chatId)]);
      const participants = chatIds.flatMap((id) => (memberships.get(id) ?? []).map((member) => member.userId));
      loadPeople([...participants, ...[...rows, ...quotes.values()].map((row) => row.senderId)]);
    },
    person: (id) => people.get(id) ?? null,
    members: (chatId) => memberships.get(chatId) ?? [],
    quoted: (id) => quotes.get(id) ?? null,
    reactions: (messageId) => reacted.get(messageId) ?? [],
    files: (messageId) => attached.get(messageId) ?? [],
  };
}
