/** Rebuilds the search terms with the folding that all searches use now. Unsearchable people stay unsearchable. */
import { searchTerms } from '../folding.ts';
import type { Database } from '../storage/database.ts';
import { text } from '../storage/rows.ts';

export function terms(database: Database): void {
  const people = database
    .prepare('SELECT id, username, first_name, last_name FROM users WHERE id IN (SELECT user_id FROM user_terms)')
    .all();
  database.exec('DELETE FROM user_terms');
  const insert = database.prepare('INSERT OR IGNORE INTO user_terms (term, user_id) VALUES (?, ?)');
  for (const row of people) {
    const names = {
      username: text(row, 'username'),
      firstName: text(row, 'first_name'),
      lastName: text(row, 'last_name'),
    };
    for (const term of searchTerms(names)) insert.run(term, text(row, 'id'));
  }
}
