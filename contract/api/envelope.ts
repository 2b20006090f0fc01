/**
 * The published documentation does not fix the envelope of an answer: it may come bare, under its own name, or under
 * `data`. This opens all three.
 */
import type { z } from 'zod';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Every reading of an answer that could fit `schema`, most literal first. The schema's first key is the answer's own
 * name (`user` of `{user}`): a bare value is put under it.
 */
function readings(schema: z.ZodObject, json: unknown): unknown[] {
  const own = Object.keys(schema.shape)[0];
  const found: unknown[] = [json];
  if (isRecord(json) && 'data' in json) {
    const { data, ...beside } = json;
    found.push(isRecord(data) ? { ...beside, ...data } : data);
    if (own !== undefined) found.push({ ...beside, [own]: data });
  }
  if (own !== undefined) found.push({ [own]: json });
  return found;
}

/**
 * Opens an answer's envelope and validates it.
 * @returns the parsed answer, or why the most literal reading failed.
 */
export function openEnvelope<S extends z.ZodObject>(
  schema: S,
  json: unknown,
): { ok: true; value: z.output<S> } | { ok: false; reason: string } {
  let reason = '';
  for (const reading of readings(schema, json)) {
    const parsed = schema.safeParse(reading);
    if (parsed.success) return { ok: true, value: parsed.data };
    // Log names and kinds only: an answer's values may be private.
    reason ||= parsed.error.issues
      .map((issue) => `${issue.path.join('.') || '(answer)'}: ${issue.code}`)
      .slice(0, 5)
      .join('; ');
  }
  return { ok: false, reason };
}
