/** History read into a real store, from a server that holds one chat and pages it by cursors or by counting. */
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { Message } from '../../../../contract/api/message.ts';
import type { ErrorCode } from '../../../../contract/model/errors.ts';
import { CHAT, knowChat, ME, message, OTHER, read } from '../store/open-store.ts';
import { Refused, scripted, type ScriptedOptions } from './scripted-relay.ts';

/** All of it was written before now: what is of the future would have no place of its own. */
const PAST = 20_000;
/** A server that is told of reading by a word of its own. */
export const FREE: Capability[] = ['cursors', 'message-read'];

/** The nth message of the chat. */
export const nth = (n: number, more: Partial<Message> = {}): Message => message(n - PAST, { id: idOf(n), ...more });
export const idOf = (n: number): string => `n${String(n).padStart(5, '0')}`;
/** Where the nth message stands. */
export const placeOf = (n: number): { at: number; tie: string } => ({ at: Date.parse(nth(n).createdAt), tie: idOf(n) });

export interface HistoryOptions extends ScriptedOptions {
  capabilities?: Capability[];
  /** False: the server does not say how many messages there are. */
  tellsTotal?: boolean;
  unread?: number;
}

type Query = { limit: number; offset?: number; before?: string; after?: string };

export function historyAt(count: number, options: HistoryOptions = {}) {
  const all = Array.from({ length: count }, (_, n) => nth(n + 1));
  let refusal: ErrorCode | null = null;
  let isListed = true;
  const page = ({ limit, offset = 0, before, after }: Query): Message[] => {
    const at = (id: string): number => all.findIndex((one) => one.id === id);
    if (after !== undefined) return all.slice(at(after) + 1, at(after) + 1 + limit);
    const end = before === undefined ? all.length - offset : at(before);
    return all.slice(Math.max(0, end - limit), Math.max(0, end)).reverse();
  };
  const onAsked: (() => void)[] = [];
  const relay = scripted(
    (route, input) => {
      if (refusal) return new Refused(refusal);
      if (route === 'chats') {
        const chat = {
          id: CHAT,
          participants: [ME, OTHER].map((id) => ({ id, username: id })),
          unreadCount: options.unread ?? 0,
        };
        return { chats: isListed ? [{ ...chat, lastMessage: all.at(-1) ?? null }] : [] };
      }
      if (route === 'message') {
        const found = all.find(({ id }) => id === input.params?.['messageId']);
        return found ? { message: found } : new Refused('not_found');
      }
      const answer = {
        messages: page(input.query as Query),
        ...(options.tellsTotal === false ? {} : { total: all.length }),
      };
      onAsked.shift()?.();
      return answer;
    },
    options.capabilities ?? FREE,
    options,
  );
  knowChat(relay.store.context, { unreadCount: options.unread ?? 0 });
  return Object.assign(relay, {
    /** What the server holds, oldest first. */
    all,
    refuse(code: ErrorCode | null): void {
      refusal = code;
    },
    unlist(): void {
      isListed = false;
    },
    /** Happens after the next answer was made, once. */
    afterAnswer(run: () => void): void {
      onAsked.push(run);
    },
    /** These are here, and nothing is missing between them. */
    here(from: number, to: number, reachesStart = false): void {
      const messages = all.slice(from - 1, to).reverse();
      read(relay.store.context, messages, { reachesStart });
    },
    /** The numbers of what is here: `1-40 90-100`, each run without a gap. */
    stored(): string {
      return runs(
        relay.store.context.sql
          .all<{ id: string }>('SELECT id FROM messages WHERE id IS NOT NULL ORDER BY at, tie')
          .map(({ id }) => Number(id.slice(1))),
      );
    },
    /** The proven intervals: `|1-40 90-100`; the bar stands for the chat's beginning. */
    proven(): string {
      return relay.store.context.sql
        .all<{ from_tie: string; to_tie: string; starts: number }>(
          'SELECT from_tie, to_tie, starts FROM ranges ORDER BY from_at, from_tie',
        )
        .map(({ from_tie, to_tie, starts }) => `${starts === 1 ? '|' : ''}${numberOf(from_tie)}-${numberOf(to_tie)}`)
        .join(' ');
    },
    /** The pages that were asked for, in short: `100<200`, `50@40`. */
    pages(): string[] {
      return relay.asked
        .filter(({ route }) => route === 'history')
        .map(({ query }) => {
          const { limit, offset, before, after } = query as Query;
          if (before !== undefined) return `${String(limit)}<${numberOf(before)}`;
          return after === undefined ? `${String(limit)}@${String(offset)}` : `${String(limit)}>${numberOf(after)}`;
        });
    },
  });
}

const numberOf = (id: string): string => String(Number(id.slice(1)));

function runs(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const n of numbers) {
    const last = found.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else found.push([n, n]);
  }
  return found.map(([from, to]) => `${String(from)}-${String(to)}`).join(' ');
}
