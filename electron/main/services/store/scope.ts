/** Which people and chats the filters of a query mean. */
import { fold, foldedWords } from '#contract/model/search-text.ts';
import type { ParsedQuery } from '../../lib/search-query.ts';
import type { StoreContext } from './context.ts';
import { participantIds } from './views.ts';

/** The chats and senders that a query names. */
export interface Scope {
  /** Null: any. An empty list: nothing can match. */
  chats: string[] | null;
  senders: string[] | null;
}

function peopleNamed(context: StoreContext, name: string): string[] {
  if (fold(name) === 'me' || fold(name) === 'я') return [context.me];
  const needle = foldedWords(name);
  // Every name contains the empty one.
  if (needle === '') return [];
  return context.sql
    .all<{ id: string }>("SELECT id FROM users WHERE id = ? OR instr(' ' || folded, ' ' || ?) > 0", name, needle)
    .map(({ id }) => id);
}

function chatsNamed(context: StoreContext, name: string): string[] {
  const people = new Set(peopleNamed(context, name));
  return context.sql
    .all<{ id: string; participants: string }>('SELECT id, participants FROM chats')
    .filter(
      (chat) =>
        chat.id === name ||
        participantIds(context, chat.id, chat.participants).some((id) => id !== context.me && people.has(id)),
    )
    .map((chat) => chat.id);
}

/** Looks up the names of a query; `chatId`: only in this chat. */
export function scopeOf(context: StoreContext, query: ParsedQuery, chatId: string | null): Scope {
  const anyOf = (names: string[], named: typeof peopleNamed): string[] | null =>
    names.length > 0 ? [...new Set(names.flatMap((name) => named(context, name)))] : null;
  let chats = anyOf(query.in, chatsNamed);
  if (chatId !== null) chats = chats === null || chats.includes(chatId) ? [chatId] : [];
  return { chats, senders: anyOf(query.from, peopleNamed) };
}

/** True when nothing is searched for: neither words nor a filter that was understood. */
export function isEmptyQuery(query: ParsedQuery): boolean {
  return (
    query.phrases.length === 0 &&
    query.prefix === null &&
    query.from.length === 0 &&
    query.in.length === 0 &&
    query.has.length === 0 &&
    query.after === null &&
    query.before === null
  );
}
