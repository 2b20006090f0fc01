/**
 * Opens and validates an answer. What is strictly valid passes as it is. Otherwise the answer is repaired if that loses
 * nothing but the broken part: an invalid item of a list is left out, an optional field with a wrong value counts as
 * missing. What is still invalid after that is refused.
 */
import { z } from 'zod';
import { openEnvelope } from '#contract/api/envelope.ts';

/** A part that was left out: its path and the kind of mistake. Never its value. */
interface Dropped {
  path: string;
  reason: string;
}

export type OpenedAnswer = { ok: true; value: unknown; dropped: Dropped[] } | { ok: false; reason: string };

/** More reasons than this say nothing new. */
const MOST_REASONS = 20;

function reasonOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || '(value)'}: ${issue.code}`)
    .join('; ');
}

type Mended = { ok: true; value: unknown } | { ok: false; reason: string };

function mendArray(schema: z.ZodArray, value: unknown, path: string, dropped: Dropped[]): Mended {
  if (!Array.isArray(value)) return { ok: false, reason: `${path}: no list` };
  const kept: unknown[] = [];
  value.forEach((item: unknown, index) => {
    const mended = mend(schema.element, item, `${path}.${String(index)}`, dropped);
    if (mended.ok) kept.push(mended.value);
    else dropped.push({ path: `${path}.${String(index)}`, reason: mended.reason });
  });
  const most = mostItems(schema);
  if (kept.length <= most) return { ok: true, value: kept };
  // One chat with too many reactions must not cost the whole list: the excess is left out.
  dropped.push({ path, reason: `${String(kept.length - most)} too many` });
  return { ok: true, value: kept.slice(0, most) };
}

function isMost(bound: z.core.$ZodCheckDef): bound is z.core.$ZodCheckMaxLengthDef {
  return bound.check === 'max_length';
}

/** Maximum number of items that a list may have. */
function mostItems(schema: z.ZodArray): number {
  const bounds = (schema.def.checks ?? []).map((check) => check._zod.def);
  return Math.min(...bounds.map((bound) => (isMost(bound) ? bound.maximum : Number.POSITIVE_INFINITY)));
}

function mendObject(schema: z.ZodObject, value: unknown, path: string, dropped: Dropped[]): Mended {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, reason: `${path}: no object` };
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const kept: Record<string, unknown> = {};
  const shape: Record<string, z.core.$ZodType> = schema.shape;
  for (const [key, fieldSchema] of Object.entries(shape)) {
    const mended = mend(fieldSchema, fields.get(key), `${path}.${key}`, dropped);
    if (!mended.ok) return mended;
    if (mended.value !== undefined) kept[key] = mended.value;
  }
  return { ok: true, value: kept };
}

function mend(schema: z.core.$ZodType, value: unknown, path: string, dropped: Dropped[]): Mended {
  const strict = z.safeParse(schema, value);
  if (strict.success) return { ok: true, value };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const inner = mend(schema.unwrap(), value, path, dropped);
    if (inner.ok) return inner;
    // An optional field counts as missing, or as null where only null is allowed.
    dropped.push({ path, reason: inner.reason });
    return { ok: true, value: schema instanceof z.ZodOptional ? undefined : null };
  }
  if (schema instanceof z.ZodArray) return mendArray(schema, value, path, dropped);
  if (schema instanceof z.ZodObject) return mendObject(schema, value, path, dropped);
  return { ok: false, reason: reasonOf(new z.ZodError(strict.error.issues)) };
}

/** The same names without the contents of lists and objects: finds the envelope of a broken answer. */
function outline(schema: z.ZodObject): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const [key, field] of Object.entries(schema.shape)) {
    if (field instanceof z.ZodArray) shape[key] = z.array(z.unknown());
    else if (field instanceof z.ZodObject) shape[key] = z.looseObject({});
    else if (z.safeParse(field, undefined).success) shape[key] = z.unknown().optional();
    else shape[key] = z.unknown().refine((value) => value !== undefined);
  }
  return z.object(shape);
}

/** Items to check before other work gets its turn: a few milliseconds. */
const SLICE = 50;

/** The lists of a value that are too long to be checked in one go, by their names in `schema`. */
function longLists(schema: z.ZodObject, value: object): { key: string; list: z.ZodArray; items: unknown[] }[] {
  return Object.entries(schema.shape).flatMap(([key, list]) => {
    const items: unknown = Reflect.get(value, key);
    return list instanceof z.ZodArray && Array.isArray(items) && items.length > SLICE ? [{ key, list, items }] : [];
  });
}

/**
 * Like `openAnswer`, for answers with long lists: validates them in slices and gives other work its turn between two
 * slices.
 * @param rest resolves when the next slice may begin.
 */
export async function openLongAnswer(
  schema: z.ZodObject,
  json: unknown,
  rest: () => Promise<void>,
): Promise<OpenedAnswer> {
  const rough = openEnvelope(outline(schema), json);
  if (!rough.ok) return openAnswer(schema, json);
  const value: Record<string, unknown> = { ...rough.value };
  const dropped: Dropped[] = [];
  const checked = new Map<string, unknown[]>();
  for (const { key, list, items } of longLists(schema, value)) {
    const kept: unknown[] = [];
    for (let from = 0; from < items.length; from += SLICE) {
      const slice = items.slice(from, from + SLICE);
      const strict = list.safeParse(slice);
      if (strict.success) kept.push(...strict.data);
      else {
        const mended = mendArray(list, slice, `${key}.${String(from)}+`, dropped);
        const again = mended.ok ? list.safeParse(mended.value) : strict;
        if (!again.success) return { ok: false, reason: reasonOf(again.error) };
        kept.push(...again.data);
      }
      await rest();
    }
    checked.set(key, kept.slice(0, mostItems(list)));
    value[key] = [];
  }
  const opened = openAnswer(schema, value);
  if (!opened.ok) return opened;
  return {
    ok: true,
    value: { ...(opened.value as object), ...Object.fromEntries(checked) },
    dropped: [...dropped, ...opened.dropped].slice(0, MOST_REASONS),
  };
}

/**
 * Opens an answer's envelope and validates it against `schema`.
 * @returns the value and the parts that were left out; or why the answer is unusable.
 */
export function openAnswer(schema: z.ZodObject, json: unknown): OpenedAnswer {
  const strict = openEnvelope(schema, json);
  if (strict.ok) return { ok: true, value: strict.value, dropped: [] };
  const rough = openEnvelope(outline(schema), json);
  if (!rough.ok) return { ok: false, reason: strict.reason };
  const dropped: Dropped[] = [];
  const mended = mendObject(schema, rough.value, '', dropped);
  if (!mended.ok) return { ok: false, reason: mended.reason };
  const checked = schema.safeParse(mended.value);
  if (!checked.success) return { ok: false, reason: reasonOf(checked.error) };
  return { ok: true, value: checked.data, dropped: dropped.slice(0, MOST_REASONS) };
}

/** One item of a list, validated and repaired as in `openAnswer`; null if it is unusable. */
export function openItem<S extends z.ZodType>(schema: S, json: unknown): z.output<S> | null {
  const strict = schema.safeParse(json);
  if (strict.success) return strict.data;
  const mended = mend(schema, json, '', []);
  const checked = mended.ok ? schema.safeParse(mended.value) : strict;
  return checked.success ? checked.data : null;
}
