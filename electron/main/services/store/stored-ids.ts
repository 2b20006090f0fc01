import type { StoreContext } from './context.ts';

/**
 * A list of ids as stored in a row; a damaged list counts as empty and is logged.
 * @param event the log event for what could not be read. @param fields where it was, never its content.
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
