import type { SearchService } from '../../services/search/search.ts';
import type { Handlers } from '../answer.ts';

/** Search over what is stored. */
export function createSearchHandlers({
  search,
}: {
  search: SearchService;
}): Pick<Handlers, Extract<keyof Handlers, `search.${string}`>> {
  return {
    'search.messages': (input) => search.messages(input),
    'search.further': (input) => search.further(input),
  };
}
