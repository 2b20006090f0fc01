/** What administrators looked at. */
import type { AuditRow } from '../../records.ts';
import type { Audit, TimePlace } from '../ports.ts';
import type { Dialect } from './dialect.ts';
import { prepare, type Session } from './statement.ts';
import { prepareTimeList, timeList } from './time-list.ts';

const COLUMNS = ['id', 'user_id as userId', 'action', 'detail', 'address', 'created_at as createdAt'] as const;

function prepareAll({ builder }: Dialect) {
  const entries = builder.selectFrom('audit').select(COLUMNS);
  return {
    ...prepareTimeList(entries),
    insert: prepare((p: AuditRow) =>
      builder.insertInto('audit').values({
        id: p.id,
        user_id: p.userId,
        action: p.action,
        detail: p.detail,
        address: p.address,
        created_at: p.createdAt,
      }),
    ),
    trim: prepare((p: TimePlace) =>
      builder.deleteFrom('audit').where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(p.createdAt, p.id))),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function auditOn(dialect: Dialect): (session: Session) => Audit {
  const statements = prepareAll(dialect);
  return (session) => {
    const list = timeList(statements, session);
    return {
      ...list,
      insert: async (entry) => void (await statements.insert.run(session, entry)),
      async trim(keep) {
        const oldest = await list.skip(null, keep);
        if (oldest) await statements.trim.run(session, oldest);
      },
    };
  };
}
