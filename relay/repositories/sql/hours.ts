/** Totals by the hour: see the write queues for how they are kept. */
import { sql } from 'kysely';
import type { HourName, HourRow, Hours, Totals } from '../ports.ts';
import type { Dialect } from './dialect.ts';
import { prepare, type Session } from './statement.ts';

function prepareAll({ builder }: Dialect) {
  return {
    between: prepare((p: { from: number; to: number }) =>
      builder
        .selectFrom('hours')
        .select(['name', 'hour', sql<number>`sum(value)`.as('value')])
        .where('hour', '>=', p.from)
        .where('hour', '<', p.to)
        .groupBy(['hour', 'name'])
        .orderBy('hour')
        .orderBy('name'),
    ),
    // The sums run over hours, not over rows: a few thousand in a year.
    reaching: prepare((p: { name: keyof Totals; offset: number }) =>
      builder
        .selectFrom(
          builder
            .selectFrom('hours')
            .select(['hour', sql<number>`sum(value)`.as('value')])
            .select(sql<number>`sum(sum(value)) over (order by hour desc)`.as('through'))
            .where('name', '=', p.name)
            .groupBy('hour')
            .as('sums'),
        )
        .select(['hour', sql<number>`through - value`.as('before'), 'through'])
        .where('through', '>', p.offset)
        .orderBy('hour', 'desc')
        .limit(1),
    ),
    // A maximum has no parts.
    sample: prepare((p: { name: HourName; hour: number; value: number }) =>
      builder
        .insertInto('hours')
        .values({ name: p.name, hour: p.hour, part: 0, value: p.value })
        .onConflict((conflict) =>
          conflict.columns(['name', 'hour', 'part']).doUpdateSet({
            value: sql<number>`case when hours.value < excluded.value then excluded.value else hours.value end`,
          }),
        ),
    ),
  };
}

/** Prepares the statements; the result makes the repository for a session. */
export function hoursOn(dialect: Dialect): (session: Session) => Hours {
  const statements = prepareAll(dialect);
  return (session) => ({
    async between(from, to) {
      const rows = await statements.between.all(session, { from, to });
      // Only these names are written.
      return rows.map(({ name, ...row }): HourRow => ({ name: name as HourName, ...row }));
    },
    reaching: (name, offset) => statements.reaching.first(session, { name, offset }),
    sample: async (name, hour, value) => void (await statements.sample.run(session, { name, hour, value })),
  });
}
