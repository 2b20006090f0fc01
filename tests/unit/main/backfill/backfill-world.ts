/** A backfill on a real store and the real reading of history, at a server that counts what it is asked. */
import type { Capability } from '../../../../contract/api/capabilities.ts';
import type { Message } from '../../../../contract/api/message.ts';
import type { AppError } from '../../../../contract/model/errors.ts';
import { Backfill } from '../../../../electron/main/services/backfill/backfill.ts';
import type { AccountContext, ApiOutcome } from '../../../../electron/main/services/ports.ts';
import { applyChats, applyHistory } from '../../../../electron/main/services/store/ops/event-operations.ts';
import { storeOne } from '../../../../electron/main/services/store/ops/message-operations.ts';
import { fillStart } from '../../../../electron/main/services/store/ops/page-operations.ts';
import { reach } from '../../../../electron/main/services/store/ops/reach-operations.ts';
import { History } from '../../../../electron/main/services/sync/history.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { arrive, knowChat, ME, message, openStore, OTHER, NOW } from '../store/open-store.ts';

const FREE: Capability[] = ['cursors', 'message-read'];

type Query = { limit: number; offset?: number; before?: string };
type Asked = { chatId: string; at: number; query: Query };

/** All that is told was written before now: what is of the future would have no place of its own. */
const PAST = 10_000;

export class BackfillWorld {
  readonly store = openStore();
  readonly clock = new ManualClock(NOW);
  readonly logger = recordingLogger();
  readonly asked: Asked[] = [];
  readonly chats = new Map<string, Message[]>();
  isLive = true;
  onBattery = false;
  /** Bytes of the store; null: as many as there are. */
  bytes: number | null = null;
  olderMessages: 'off' | 'usual' | 'all' = 'usual';
  capabilities: Capability[] = FREE;
  /** Stands in the place of every answer while it is set. */
  refusal: AppError | null = null;
  /** The server tells each page as if nothing had been asked for. */
  repeats = false;
  /** Requests under way now, and the most there ever were. */
  most = 0;
  readonly backfill: Backfill;
  #underWay = 0;

  constructor() {
    const { context } = this.store;
    const now = (): number => this.clock.now();
    const history = new History({
      store: {
        applyChats: async (input) => applyChats(context, input),
        applyHistory: async (input) => applyHistory(context, input),
        fillStart: async (input) => fillStart(context, input),
        storeOne: async (input) => storeOne(context, input),
      },
      clock: this.clock,
      logger: this.logger,
      publish: () => undefined,
    });
    this.backfill = new Backfill({
      store: {
        reach: async (input) => {
          const found = reach(context, input);
          return { ...found, bytes: this.bytes ?? found.bytes };
        },
      },
      history,
      clock: this.clock,
      random: () => 0.5,
      logger: this.logger,
      line: () => (this.isLive ? this.#line(now) : null),
      onBattery: () => this.onBattery,
      olderMessages: () => this.olderMessages,
    });
  }

  #line(now: () => number): AccountContext {
    const call = async (_route: string, input: unknown): Promise<ApiOutcome<unknown>> => {
      const { params, query } = input as { params: { chatId: string }; query: Query };
      this.asked.push({ chatId: params.chatId, at: now(), query });
      this.#underWay += 1;
      this.most = Math.max(this.most, this.#underWay);
      await new Promise((resolve) => setImmediate(resolve));
      this.#underWay -= 1;
      if (this.refusal) return { ok: false, error: this.refusal, effect: 'not_stored' };
      const all = this.chats.get(params.chatId) ?? [];
      const before = this.repeats ? -1 : all.findIndex(({ id }) => id === query.before);
      const from = query.offset ?? before + 1;
      return { ok: true, status: 200, value: { messages: all.slice(from, from + query.limit), total: all.length } };
    };
    return {
      serverTime: { now: () => null, aheadMs: () => 0 },
      api: { call },
      has: (capability: Capability) => this.capabilities.includes(capability),
      tokenRefused: () => undefined,
    } as unknown as AccountContext;
  }

  /** A chat of so many messages at the server, the newest of which is here. `newest`: its number. */
  chat(chatId: string, count: number, more: { newest?: number; unread?: number } = {}): void {
    const newest = more.newest ?? count;
    const all = Array.from({ length: count }, (_, n) =>
      message(newest - n - PAST, { id: `${chatId}-${count - n}`, chatId, senderId: OTHER }),
    );
    this.chats.set(chatId, all);
    knowChat(this.store.context, {
      id: chatId,
      unreadCount: more.unread ?? 0,
      ...(all[0] ? { lastMessage: all[0] } : {}),
    });
  }

  /** A message of one's own comes to a chat, at the server and here. */
  write(chatId: string, number: number): void {
    const own = message(number - PAST, { id: `${chatId}-own-${number}`, chatId, senderId: ME });
    this.chats.get(chatId)?.unshift(own);
    arrive(this.store.context, own);
  }

  here(chatId: string): number {
    return Number(this.store.context.sql.get('SELECT count(*) AS n FROM messages WHERE chat_id = ?', chatId)?.['n']);
  }

  /** Lets time pass second by second, and what it began come to its end. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.clock.advance(1000);
      for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.backfill.stop();
    this.store.close();
  }
}
