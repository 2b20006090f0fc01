/** Lists by time, from the statements of a table. */
import type { TimeList, TimePlace } from '../ports.ts';
import type { Session, Statement } from './statement.ts';

export interface TimeListStatements<Row> {
  page: Statement<{ limit: number }, Row>;
  pageAfter: Statement<TimePlace & { limit: number }, Row>;
  pageUp: Statement<{ limit: number }, Row>;
  pageUpAfter: Statement<TimePlace & { limit: number }, Row>;
  /** One row, after so many others. */
  skip: Statement<{ offset: number }, TimePlace>;
  skipAfter: Statement<TimePlace & { offset: number }, TimePlace>;
  skipUp: Statement<{ offset: number }, TimePlace>;
  skipUpAfter: Statement<TimePlace & { offset: number }, TimePlace>;
}

export function timeList<Row>(statements: TimeListStatements<Row>, session: Session): TimeList<Row> {
  return {
    page: (after, limit) =>
      after ? statements.pageAfter.all(session, { ...after, limit }) : statements.page.all(session, { limit }),
    pageUp: (after, limit) =>
      after ? statements.pageUpAfter.all(session, { ...after, limit }) : statements.pageUp.all(session, { limit }),
    skip: (after, count) =>
      after
        ? statements.skipAfter.first(session, { ...after, offset: count - 1 })
        : statements.skip.first(session, { offset: count - 1 }),
    skipUp: (after, count) =>
      after
        ? statements.skipUpAfter.first(session, { ...after, offset: count - 1 })
        : statements.skipUp.first(session, { offset: count - 1 }),
  };
}
