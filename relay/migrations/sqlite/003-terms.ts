/** Rebuilds the search terms with the folding that all searches use now. Unsearchable people stay unsearchable. */
import type { Kysely } from 'kysely';
import { searchTerms } from '../../folding.ts';
import type { Schema } from '../../repositories/schema.ts';

export async function terms(db: Kysely<Schema>): Promise<void> {
  const people = await db
    .selectFrom('users')
    .select(['id', 'username', 'first_name as firstName', 'last_name as lastName'])
    .where('id', 'in', (eb) => eb.selectFrom('user_terms').select('user_id'))
    .execute();
  await db.deleteFrom('user_terms').execute();
  for (const person of people) {
    const rows = searchTerms(person).map((term) => ({ term, user_id: person.id }));
    if (rows.length > 0) await db.insertInto('user_terms').values(rows).execute();
  }
}
