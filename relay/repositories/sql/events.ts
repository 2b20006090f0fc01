/** The event log: numbered per user without gaps, kept for a limited time. */
import type { EventNumber, EventReads, Events } from '../ports.ts';
import type { Dialect } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

/** How much of the log is kept: events per user, and for how many milliseconds. */
export interface Retention {
  keep: number;
  keepMs: number;
}

/** Maximum number of appends between two trims. */
const MAX_TRIM_EVERY = 128;

interface Pending extends EventNumber {
  kind: string;
  body: string;
  at: number;
  number(seq: number): void;
}

function pendingEvent(kind: string, body: string, at: number): Pending {
  let given: number | null = null;
  return {
    kind,
    body,
    at,
    number(seq) {
      given = seq;
    },
    get seq() {
      if (given === null) throw new Error('an event has no number before its write is complete');
      return given;
    },
  };
}

function prepareAll({ builder }: Dialect) {
  return {
    current: prepare((p: { userId: string }) => builder.selectFrom('users').select('seq').where('id', '=', p.userId)),
    insert: prepare((p: { userId: string; seq: number; at: number; kind: string; body: string }) =>
      builder.insertInto('events').values({ user_id: p.userId, seq: p.seq, at: p.at, kind: p.kind, body: p.body }),
    ),
    after: prepare((p: { userId: string; seq: number; limit: number }) =>
      builder
        .selectFrom('events')
        .select(['seq', 'kind', 'body'])
        .where('user_id', '=', p.userId)
        .where('seq', '>', p.seq)
        .orderBy('seq')
        .limit(p.limit),
    ),
    trim: prepare((p: { userId: string; upTo: number }) =>
      builder.deleteFrom('events').where('user_id', '=', p.userId).where('seq', '<=', p.upTo),
    ),
    oldest: prepare((p: { after: string; limit: number }) =>
      builder
        .selectFrom('users')
        .select((eb) => [
          'users.id',
          eb
            .selectFrom('events')
            .select('events.at')
            .whereRef('events.user_id', '=', 'users.id')
            .orderBy('events.seq')
            .limit(1)
            .as('at'),
        ])
        .where('users.id', '>', p.after)
        .orderBy('users.id')
        .limit(p.limit),
    ),
    first: prepare((p: { userId: string; limit: number }) =>
      builder.selectFrom('events').select(['seq', 'at']).where('user_id', '=', p.userId).orderBy('seq').limit(p.limit),
    ),
    // Numbers grow with time, so expired events form a prefix of the log.
    tooOld: prepare((p: { userId: string; before: number }) =>
      builder.deleteFrom('events').where('user_id', '=', p.userId).where('at', '<', p.before),
    ),
  };
}

/** The log within one write: what is appended is numbered and stored by `complete`. */
export interface EventsOfWrite {
  repository: Events;
  complete: () => Promise<void>;
}

/** Prepares the statements; the result makes the log for a session, or for a write. */
export function eventsOn(
  dialect: Dialect,
  { keep, keepMs }: Retention,
): { reads: (session: Session) => EventReads; write: (session: Session) => EventsOfWrite } {
  const trimEvery = Math.max(1, Math.min(MAX_TRIM_EVERY, keep));
  const statements = prepareAll(dialect);

  const reads = (session: Session): EventReads => ({
    current: async (userId) => (await statements.current.first(session, { userId }))?.seq ?? 0,
    after: (userId, seq, limit) => statements.after.all(session, { userId, seq, limit }),
    async expired(after, before, limit) {
      const users = await statements.oldest.all(session, { after, limit });
      const found = users.filter(({ at }) => at !== null && at < before).map(({ id }) => id);
      return { found, last: users.length < limit ? null : (users.at(-1)?.id ?? null) };
    },
  });

  async function store(session: Session, userId: string, events: readonly Pending[]): Promise<void> {
    const last = await dialect.takeNumbers(session, userId, events.length);
    if (last === null) throw new Error('an event for nobody');
    let seq = last - events.length;
    for (const event of events) {
      seq += 1;
      event.number(seq);
      const { kind, body, at } = event;
      await statements.insert.run(session, { userId, seq, at, kind, body });
      if (seq % trimEvery !== 0) continue;
      await statements.trim.run(session, { userId, upTo: seq - keep });
      await statements.tooOld.run(session, { userId, before: at - keepMs });
    }
  }

  return {
    reads,
    write(session) {
      const pending = new Map<string, Pending[]>();
      return {
        repository: {
          ...reads(session),
          append(userId, kind, body, at) {
            const event = pendingEvent(kind, body, at);
            const own = pending.get(userId);
            if (own) own.push(event);
            else pending.set(userId, [event]);
            return event;
          },
          async expire(userId, before, limit) {
            const rows = await statements.first.all(session, { userId, limit });
            const old = rows.filter(({ at }) => at < before);
            const last = old.at(-1);
            if (last) await statements.trim.run(session, { userId, upTo: last.seq });
            return old.length;
          },
        },
        async complete() {
          // The first statement for a user locks their counter, in one order for all writes.
          for (const userId of [...pending.keys()].sort()) await store(session, userId, pending.get(userId) ?? []);
        },
      };
    },
  };
}
