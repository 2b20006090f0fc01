/** Formats a line of the log. What looks like a secret or message text is left out even if it was passed by mistake. */

const NOT_FOR_THE_LOG = /token|password|secret|authorization|cookie|content|text|draft|query/i;
const LONGEST_STRING = 300;
const MOST_ITEMS = 30;
const DEEPEST = 4;
/** A JWT anywhere in a text. */
const JWT = /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g;

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    const safe = value.replace(JWT, '[left out]');
    return safe.length > LONGEST_STRING ? `${safe.slice(0, LONGEST_STRING)}...` : safe;
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value;
  if (typeof value !== 'object' || depth >= DEEPEST) return `[${typeof value}]`;
  if (value instanceof Error) return `${value.name}`;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => clean(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST_ITEMS)
      .map(([key, inner]) => [key, NOT_FOR_THE_LOG.test(key) ? '[left out]' : clean(inner, depth + 1)]),
  );
}

/** One line of JSON: time, level, event and fields. */
export function logLine(at: Date, level: string, event: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({ at: at.toISOString(), level, event: clean(event, 0), ...(clean(fields, 0) as object) });
}
