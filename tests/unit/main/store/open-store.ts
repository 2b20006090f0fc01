/** A store's writing side without its thread, on a real file of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chat } from '../../../../contract/api/chat.ts';
import type { Message } from '../../../../contract/api/message.ts';
import { accountTag } from '../../../../electron/main/lib/media-id.ts';
import { openWriter } from '../../../../electron/main/services/store/database.ts';
import type { StoreContext } from '../../../../electron/main/services/store/context.ts';
import { WRITER_OPERATIONS, type WriterApi } from '../../../../electron/main/services/store/operations.ts';
import {
  applyChats,
  applyEvents,
  applyHistory,
  type StoredFrame,
} from '../../../../electron/main/services/store/ops/event-operations.ts';

export const ME = 'me';
export const OTHER = 'other';
export const CHAT = 'chat1';
export const NOW = Date.UTC(2026, 5, 1, 12);

export interface OpenStore {
  context: StoreContext;
  logged: string[];
  close(): void;
}

/** What the store's operations work on, for a database file. */
export function openContext(
  file: string,
  { account, me }: { account: string; me: string },
  useFts: boolean,
  log: StoreContext['log'],
): StoreContext {
  const { sql, from } = openWriter(file, { account, me }, useFts, log);
  return {
    ...{ sql, index: { from }, account, tag: accountTag(account), me, log },
    ...{ clock: { ahead: 0 }, presence: new Map(), early: new Map(), people: new Map(), journal: [] },
  };
}

type Operation = (context: StoreContext, input: unknown) => unknown;

/** The writing side's operations, as they are called through its thread; `own` stands in for some of them. */
export function writerOf(context: () => StoreContext | Promise<StoreContext>, own: Partial<WriterApi> = {}): WriterApi {
  return new Proxy({} as WriterApi, {
    get: (_target, name) => {
      const other: unknown = Reflect.get(own, name);
      if (other !== undefined) return other;
      const operation = Reflect.get(WRITER_OPERATIONS, name) as Operation | undefined;
      return operation && (async (input: unknown) => operation(await context(), structuredClone(input)));
    },
  });
}

/** Opens an empty store. */
export function openStore(useFts = true): OpenStore {
  const folder = mkdtempSync(join(tmpdir(), 'relay-store-'));
  const logged: string[] = [];
  const log: StoreContext['log'] = (_level, event) => void logged.push(event);
  const context = openContext(join(folder, 'relay.db'), { account: 'account', me: ME }, useFts, log);
  return {
    context,
    logged,
    close() {
      context.sql.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The nth message of the chat: one a second. */
export function message(n: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${String(n).padStart(6, '0')}`,
    chatId: CHAT,
    content: `message ${n}`,
    senderId: OTHER,
    createdAt: new Date(NOW + n * 1000).toISOString(),
    ...more,
  };
}

/** Messages from one number to another, newest first, as history comes. */
export function history(from: number, to: number, more: Partial<Message> = {}): Message[] {
  return Array.from({ length: to - from + 1 }, (_, n) => message(to - n, more));
}

/** Makes the chat known; `last` as GET /chats tells it. */
export function knowChat(context: StoreContext, more: Partial<Chat> = {}): ReturnType<typeof applyChats> {
  const chat: Chat = {
    id: CHAT,
    participants: [
      { id: ME, username: 'me', firstName: 'Mara', lastName: 'Own' },
      { id: OTHER, username: 'otto', firstName: 'Отто', lastName: 'Ёжиков' },
    ],
    createdAt: new Date(NOW).toISOString(),
    ...more,
  };
  return applyChats(context, { chats: [chat], justMade: !more.lastMessage, now: NOW });
}

export function tell(context: StoreContext, ...frames: StoredFrame[]): ReturnType<typeof applyEvents> {
  return applyEvents(context, { frames, seq: null, epoch: null, now: NOW });
}

export function arrive(context: StoreContext, ...messages: Message[]): ReturnType<typeof applyEvents> {
  return tell(context, ...messages.map((data): StoredFrame => ({ type: 'message:new', data })));
}

export function read(
  context: StoreContext,
  messages: Message[],
  more: Partial<Parameters<typeof applyHistory>[1]> = {},
): ReturnType<typeof applyHistory> {
  return applyHistory(context, {
    chatId: CHAT,
    messages,
    beside: null,
    reachesStart: false,
    quietly: false,
    keepReactions: [],
    now: NOW,
    ...more,
  });
}
