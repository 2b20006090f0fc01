/** Searches in everyday words, with the people of this store. */
import { fold } from '#contract/model/search-text.ts';
import type { SearchUnderstood } from '#contract/ipc/found-views.ts';
import { isCalled, readWish, type Wish } from '../../lib/wish.ts';
import type { StoreContext } from './context.ts';
import { personName } from './people.ts';

const ME = new Set(['me', 'меня', 'я']);

/** What a search typed here means. @param now milliseconds since the epoch */
export function wishOf(context: StoreContext, text: string, now: number): Wish {
  return readWish(text, now, (name) => {
    if (ME.has(fold(name))) return [context.me];
    return context.sql
      .all<{ id: string; folded: string }>('SELECT id, folded FROM users')
      .filter(({ folded }) => isCalled(folded, name))
      .map(({ id }) => id);
  });
}

/** A wish as the screen says it back; null when it was taken word by word. */
export function understoodOf(context: StoreContext, { query, understood, music }: Wish): SearchUnderstood | null {
  if (!understood) return null;
  return {
    people: query.from.slice(0, 5).map((id) => ({ name: personName(context, id), me: id === context.me })),
    after: query.after,
    before: query.before,
    music,
  };
}
