/** The sample world: people, their chats and every message of them, all computed from a seed when asked for. */
import type { Chat } from '#contract/api/chat.ts';
import type { Message } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { Writer } from './texts.ts';

/** What a world is made of. */
export interface WorldPlan {
  seed: number;
  /** Messages of each chat; the first is the most recently active. */
  sizes: readonly number[];
  /** The time of the newest message of chat 0, in milliseconds since the epoch. */
  until: number;
  /** Milliseconds from a chat's oldest message to its newest; without it two messages are 90 s apart. */
  span?: number;
}

/** Time between two messages of a chat. */
const STEP_MS = 90_000;
/** The newest messages of neighbouring chats are this far apart. */
const CHAT_STEP_MS = 60_000;

const FIRST = ['Alex', 'Robin', 'Sam', 'Kim', 'Jo', 'Мира', 'Женя', 'Саша', 'Toni', 'Nika'];
const LAST = ['Berg', 'Lind', 'Moor', 'Hale', 'Field', 'Лесная', 'Полевая', 'Stone', 'Vale', 'Rivers'];

/** A world of one person's chats. */
export class World {
  readonly me: User = { id: 'bench-me', username: 'bench', firstName: 'Sample', lastName: 'Person' };
  readonly plan: WorldPlan;
  readonly writer: Writer;

  constructor(plan: WorldPlan) {
    this.plan = plan;
    this.writer = new Writer(plan.seed);
  }

  get chatCount(): number {
    return this.plan.sizes.length;
  }

  /** How many messages chat `chat` holds. */
  size(chat: number): number {
    return this.plan.sizes[chat] ?? 0;
  }

  chatId(chat: number): string {
    return `bench-c${String(chat).padStart(5, '0')}`;
  }

  /** The other person of a chat. */
  peer(chat: number): User {
    const first = FIRST[chat % FIRST.length] ?? 'Alex';
    const last = LAST[Math.floor(chat / FIRST.length) % LAST.length] ?? 'Berg';
    return { id: `bench-u${chat}`, username: `person${chat}`, firstName: first, lastName: `${last} ${chat}` };
  }

  /** Message `index` of a chat, 0 being the oldest; indexes past the plan's size are messages yet to come. */
  message(chat: number, index: number): Message {
    const peer = this.peer(chat);
    const mine = index % 3 === 1;
    const time = this.plan.until - chat * CHAT_STEP_MS - Math.round((this.size(chat) - 1 - index) * this.#step(chat));
    return {
      id: this.messageId(chat, index),
      chatId: this.chatId(chat),
      content: index === this.size(chat) - 1 ? this.lastWords(chat) : this.writer.text(chat, index),
      sender: mine ? this.me : peer,
      attachments: [],
      reactions: index % 97 === 5 ? [{ id: `${this.messageId(chat, index)}r`, emoji: '👍', userId: peer.id }] : [],
      status: 'read',
      createdAt: new Date(time).toISOString(),
    };
  }

  /** The text of the plan's newest message of a chat: no other chat ends like it, so that a page can be told apart. */
  lastWords(chat: number): string {
    return `last words of chat number ${chat} here`;
  }

  messageId(chat: number, index: number): string {
    return `bench-m${chat}-${String(index).padStart(8, '0')}`;
  }

  /** Milliseconds between two messages of a chat. */
  #step(chat: number): number {
    return this.plan.span === undefined ? STEP_MS : this.plan.span / Math.max(1, this.size(chat));
  }

  /** The chat as GET /chats tells it. */
  chat(chat: number): Chat {
    const size = this.size(chat);
    const created = new Date(this.plan.until - chat * CHAT_STEP_MS - Math.ceil(size * this.#step(chat))).toISOString();
    const last = size > 0 ? this.message(chat, size - 1) : null;
    return {
      id: this.chatId(chat),
      participants: [this.me, this.peer(chat)],
      lastMessage: last,
      unreadCount: 0,
      createdAt: created,
      updatedAt: last?.createdAt ?? created,
    };
  }
}

/** Sizes of `chats` chats that hold `messages` together: a few large ones, many small, each at least one message. */
export function spread(chats: number, messages: number): number[] {
  let weights = 0;
  for (let n = 0; n < chats; n += 1) weights += 1 / (n + 4);
  const sizes: number[] = [];
  for (let n = 0; n < chats; n += 1) sizes.push(Math.max(1, Math.floor((messages - chats) / (n + 4) / weights) + 1));
  // What rounding left over belongs to the first.
  const rest = messages - sizes.reduce((sum, size) => sum + size, 0);
  sizes[0] = Math.max(1, (sizes[0] ?? 0) + rest);
  return sizes;
}
