/**
 * Events that change what a user has stored: numbered and kept (if the node offers `sync`), whether or not the user is
 * connected, then sent to their connections once they are on disk.
 */
import type { Message } from '#contract/api/message.ts';
import { ServerFrame } from '#contract/ws/server-frames.ts';
import type { SyncAnswer } from '#contract/routes.ts';
import type { Bus, Receipt } from '../delivery/ports.ts';
import type { EventRow } from '../records.ts';
import type { Effects, EventNumber, Reads, Repositories } from '../repositories/ports.ts';
import type { Views } from './views.ts';

/** Kinds of frames that are kept. */
type StoredFrame = Extract<ServerFrame, { type: 'message:status' | 'reaction:new' | 'reaction:removed' | 'chat:read' }>;

export interface EventLogOptions {
  reads: Pick<Reads, 'events' | 'messages'>;
  bus: Bus;
  /** If false, nothing is numbered or kept; frames are only sent. */
  sync: boolean;
  epoch: string;
  perAnswer: number;
  now: () => number;
}

/** What an event needs of the write it belongs to. */
type Writing = Pick<Repositories, 'events'>;

export interface EventLog {
  /** Inside a write: keeps the frame for this user and sends it after the commit. */
  emit(tx: Writing, effects: Effects, userId: string, frame: StoredFrame): void;
  /**
   * The same for a new message, as this user sees it: only its id is kept, since the text is stored already.
   * @param receipt what a connection that accepted it proves.
   */
  emitMessage(tx: Writing, effects: Effects, userId: string, message: Message, receipt?: Receipt): void;
  /** Inside a write: sends after the commit without keeping. */
  tell(effects: Effects, userId: string, frame: ServerFrame): void;
  /** Whether frames sent to this user now may reach anybody. */
  isHeard(userId: string): boolean;
  /** The number of the user's last event; null when events are not numbered. */
  current(userId: string): Promise<number | null>;
  /**
   * What came after `since`; null when the log cannot tell: it does not reach back that far, has a gap there, or the
   * number is in the future.
   */
  after(userId: string, since: number, views: Views): Promise<Since | null>;
}

/** A portion of the log: repeating the request with its `seq` always makes progress, until the end or a reset. */
export interface Since {
  /** Iterated once. */
  events: AsyncIterable<ServerFrame>;
  /** The other fields of the answer; called after the last event. */
  rest: () => Omit<SyncAnswer, 'events'>;
}

/** The contract's maximum per answer. */
const MAX_EVENTS = 1000;
/** Approximate UTF-16 code units of user text per answer: far below what clients accept, whatever the text. */
const MAX_WORDS = 512 * 1024;
/** Rows read per batch. */
const BATCH = 25;

/** An attachment with its name, preview and peaks. */
const FILE_WORDS = 1024;

function wordsOf({ content, attachments }: Pick<Message, 'content' | 'attachments'>): number {
  return content.length + (attachments ?? []).length * FILE_WORDS;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function createEventLog({ reads, bus, sync, epoch, perAnswer, now }: EventLogOptions): EventLog {
  const { events, messages } = reads;

  /** Null for anything this version does not understand. */
  function parse(row: EventRow): ServerFrame | null {
    const frame = ServerFrame.safeParse({ type: row.kind, data: parsedJson(row.body), seq: row.seq });
    return frame.success ? frame.data : null;
  }

  function isReadable(row: EventRow): boolean {
    return row.kind === 'message:new' || parse(row) !== null;
  }

  /** The current state of the messages in these rows. */
  async function messagesOf(rows: readonly EventRow[], views: Views): Promise<Map<string, Message>> {
    const ids = rows.flatMap((row) => (row.kind === 'message:new' ? [row.body] : []));
    const found = new Map<string, Message>();
    for await (const message of views.messages(await messages.findAll(ids))) found.set(message.id, message);
    return found;
  }

  function keep(tx: Writing, userId: string, kind: string, body: string): EventNumber | null {
    return sync ? tx.events.append(userId, kind, body, now()) : null;
  }

  // Anyone who connects after the commit finds the event in what they fetch.
  function send(
    effects: Effects,
    userId: string,
    frame: ServerFrame,
    number: EventNumber | null,
    receipt?: Receipt,
  ): void {
    effects.after(() => {
      bus.publish([userId], () => JSON.stringify(number ? { ...frame, seq: number.seq } : frame), receipt);
    });
  }

  return {
    emit(tx, effects, userId, frame) {
      send(effects, userId, frame, keep(tx, userId, frame.type, JSON.stringify(frame.data)));
    },
    emitMessage(tx, effects, userId, message, receipt) {
      const number = keep(tx, userId, 'message:new', message.id);
      send(effects, userId, { type: 'message:new', data: message }, number, receipt);
    },
    tell: (effects, userId, frame) => send(effects, userId, frame, null),
    isHeard: (userId) => bus.mayReach(userId),
    current: async (userId) => (sync ? events.current(userId) : null),
    async after(userId, since, views) {
      const current = await events.current(userId);
      const found = await events.after(userId, since, Math.max(1, Math.min(perAnswer, MAX_EVENTS)));
      // Numbers have no gaps: if one is missing, the log has lost something. Events before the gap are still sent.
      const gap = found.findIndex((row, index) => row.seq !== since + 1 + index);
      const rows = gap === -1 ? found : found.slice(0, gap);
      const [first] = rows;
      if (since > current || (since < current && (!first || !isReadable(first)))) return null;
      let reached = since;

      async function* frames(): AsyncGenerator<ServerFrame, void> {
        let words = 0;
        for (let start = 0; start < rows.length; start += BATCH) {
          const batch = rows.slice(start, start + BATCH);
          const now = await messagesOf(batch, views);
          for (const row of batch) {
            // The next request starts here and gets a reset.
            if (!isReadable(row)) return;
            reached = row.seq;
            words += row.body.length;
            if (row.kind === 'message:new') {
              const data = now.get(row.body);
              if (!data) continue;
              words += wordsOf(data) + (data.replyTo ? wordsOf(data.replyTo) : 0);
              yield { type: 'message:new', data, seq: row.seq };
            } else {
              const frame = parse(row);
              if (frame) yield frame;
            }
            if (words > MAX_WORDS) return;
          }
        }
      }
      return { events: frames(), rest: () => ({ seq: reached, epoch, ...(reached < current ? { more: true } : {}) }) };
    },
  };
}
