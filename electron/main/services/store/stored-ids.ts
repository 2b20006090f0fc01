import type { StoreContext } from './context.ts';

/**
 * A list of ids as a row keeps it; a damaged list is an empty one, with a word in the log.
 * @param event the log's name for what could not be read. @param fields where it stood, never what it said.
 */
export function storedIds(
  context: StoreContext,
  json: string,
  event: string,
  fields: Record<string, string> = {},
): string[] {
  try {
    const ids: unknown = JSON.parse(json);
    if (Array.isArray(ids)) return ids.filter((id) => typeof id === 'string');
  } catch (error) {
    context.log('warn', event, { ...fields, reason: error instanceof Error ? error.name : 'unknown' });
  }
  return [];
}
