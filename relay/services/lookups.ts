/** What the views of one response need besides their rows: loaded in batches, people and members only once each. */
import type { FileRow, MemberRow, MessageRow, ReactionRow, UserRow } from '../records.ts';
import type { ChatReads, FileReads, MessageReads, ReactionReads, UserReads } from '../repositories/ports.ts';

export interface LookupSources {
  users: Pick<UserReads, 'findAllEver'>;
  chats: Pick<ChatReads, 'membersOfAll'>;
  messages: Pick<MessageReads, 'findAll'>;
  reactions: Pick<ReactionReads, 'ofMessages'>;
  files: Pick<FileReads, 'ofMessages'>;
}

export interface Lookups {
  /** Loads what these messages and chats need; quotes, reactions and files from the previous load are dropped. */
  load(rows: readonly MessageRow[], chatIds?: readonly string[]): Promise<void>;
  /**
   * The same for a message that was just stored: its chat's members are known, and whether it has files, and nobody has
   * reacted to it yet.
   */
  loadNew(row: MessageRow, members: readonly MemberRow[], hasFiles: boolean): Promise<void>;
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
  const memberships = new Map<string, readonly MemberRow[]>();
  let quotes = new Map<string, MessageRow>();
  let reacted = new Map<string, ReactionRow[]>();
  let attached = new Map<string, FileRow[]>();

  async function loadMembers(chatIds: readonly string[]): Promise<void> {
    const missing = unknown(chatIds, memberships);
    if (missing.length === 0) return;
    const found = new Map(missing.map((id): [string, MemberRow[]] => [id, []]));
    for (const member of await sources.chats.membersOfAll(missing)) found.get(member.chatId)?.push(member);
    for (const [id, members] of found) memberships.set(id, members);
  }

  async function loadPeople(ids: readonly string[]): Promise<void> {
    const missing = unknown(ids, people);
    if (missing.length === 0) return;
    for (const id of missing) people.set(id, null);
    for (const user of await sources.users.findAllEver(missing)) people.set(user.id, user);
  }

  async function loadQuotes(rows: readonly MessageRow[]): Promise<void> {
    const ids = rows.flatMap((row) => (row.replyToId === null ? [] : [row.replyToId]));
    const found = ids.length === 0 ? [] : await sources.messages.findAll([...new Set(ids)]);
    quotes = new Map(found.map((row) => [row.id, row]));
  }

  async function loadFiles(messageIds: readonly string[]): Promise<void> {
    attached = new Map();
    if (messageIds.length === 0) return;
    for (const { messageId, file } of await sources.files.ofMessages(messageIds)) {
      const known = attached.get(messageId);
      if (known) known.push(file);
      else attached.set(messageId, [file]);
    }
  }

  return {
    async load(rows, chatIds = []) {
      await loadQuotes(rows);
      reacted = new Map(rows.map((row) => [row.id, []]));
      if (rows.length > 0) {
        const all = await sources.reactions.ofMessages([...reacted.keys()]);
        for (const one of all) reacted.get(one.messageId)?.push(one);
      }
      await loadFiles([...new Set([...rows.map((row) => row.id), ...quotes.keys()])]);
      await loadMembers([...chatIds, ...rows.map((row) => row.chatId)]);
      const participants = chatIds.flatMap((id) => (memberships.get(id) ?? []).map((member) => member.userId));
      await loadPeople([...participants, ...[...rows, ...quotes.values()].map((row) => row.senderId)]);
    },
    async loadNew(row, members, hasFiles) {
      await loadQuotes([row]);
      await loadFiles([...(hasFiles ? [row.id] : []), ...quotes.keys()]);
      reacted = new Map();
      memberships.set(row.chatId, members);
      await loadPeople([row, ...quotes.values()].map(({ senderId }) => senderId));
    },
    person: (id) => people.get(id) ?? null,
    members: (chatId) => memberships.get(chatId) ?? [],
    quoted: (id) => quotes.get(id) ?? null,
    reactions: (messageId) => reacted.get(messageId) ?? [],
    files: (messageId) => attached.get(messageId) ?? [],
  };
}
