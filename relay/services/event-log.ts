/**
 * Events that change what a person has stored: numbered and kept (where the node offers `sync`), then handed to the
 * person's connections once they are on the disk.
 */
import { ServerFrame } from '#contract/ws/server-frames.ts';
import type { SyncAnswer } from '#contract/routes.ts';
import type { Events } from '../repositories/events.ts';
import type { MessageRow, Messages } from '../repositories/messages.ts';
import type { Effects } from '../storage/write-queue.ts';
import type { Hub } from '../ws/hub.ts';
import type { Views } from './views.ts';

/** The kinds that are kept. */
type StoredFrame = Extract<ServerFrame, { type: 'message:status' | 'reaction:new' | 'reaction:removed' | 'chat:read' }>;

export interface EventLogOptions {
  events: Events;
  messages: Messages;
  hub: Hub;
  /** False: nothing is numbered or kept, frames only travel. */
  sync: boolean;
  epoch: string;
  perAnswer: number;
  now: () => number;
}

export interface EventLog {
  /** Inside a write: keeps the frame for this person and sends it after the commit. */
  emit(effects: Effects, userId: string, frame: StoredFrame): void;
  /** The same for a new message: only its id is kept, its words are stored once. */
  emitMessage(effects: Effects, userId: string, row: MessageRow, views: Views, onSent?: () => void): void;
  /** Inside a write: sends after the commit without keeping. */
  tell(effects: Effects, userId: string, frame: ServerFrame): void;
  /** The number of the last event of this person; null where nothing is numbered. */
  current(userId: string): number | null;
  /** What came after `since`, as `GET /sync` answers it. */
  after(userId: string, since: number, views: Views): SyncAnswer;
}

export function createEventLog({ events, messages, hub, sync, epoch, perAnswer, now }: EventLogOptions): EventLog {
  function read(kind: string, body: string, seq: number, views: Views): ServerFrame | null {
    if (kind === 'message:new') {
      const row = messages.find(body);
      return row ? { type: 'message:new', data: views.message(row), seq } : null;
    }
    const data: unknown = JSON.parse(body);
    return ServerFrame.parse({ type: kind, data, seq });
  }

  function keep(userId: string, kind: string, body: string): { seq?: number } {
    return sync ? { seq: events.append(userId, kind, body, now()) } : {};
  }

  function send(effects: Effects, userId: string, frame: ServerFrame, onSent?: () => void): void {
    effects.after(() => hub.send(userId, JSON.stringify(frame), onSent));
  }

  return {
    emit(effects, userId, frame) {
      const seq = keep(userId, frame.type, JSON.stringify(frame.data));
      if (hub.isOnline(userId)) send(effects, userId, { ...frame, ...seq });
    },
    emitMessage(effects, userId, row, views, onSent) {
      const seq = keep(userId, 'message:new', row.id);
      // Whoever comes after the commit finds the message in what they fetch.
      if (hub.isOnline(userId))
        send(effects, userId, { type: 'message:new', data: views.message(row), ...seq }, onSent);
    },
    tell: (effects, userId, frame) => send(effects, userId, frame),
    current: (userId) => (sync ? events.current(userId) : null),
    after(userId, since, views) {
      const current = events.current(userId);
      if (since > current) return { reset: true, seq: current, epoch };
      const rows = events.after(userId, since, perAnswer);
      // The numbers have no gap: when the first one after `since` is missing, the log does not reach back that far.
      if (since < current && rows[0]?.seq !== since + 1) return { reset: true, seq: current, epoch };
      const last = rows.at(-1)?.seq ?? current;
      const frames = rows.map((row) => read(row.kind, row.body, row.seq, views)).filter((frame) => frame !== null);
      return { events: frames, seq: last, epoch, ...(last < current ? { more: true } : {}) };
    },
  };
}
