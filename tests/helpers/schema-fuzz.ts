/** Values that a schema takes, and values that are wrong in one place: fuzz that gets behind the first check. */
import fc from 'fast-check';
import { z } from 'zod';

/** As much of JSON Schema as the contract's schemas come to. */
const Node = z.object({
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxItems: z.number().optional(),
});

/** Longer texts are one of the places that are wrong. */
const LONGEST = 200;
const MOST_ITEMS = 3;

/** @param words texts that mean something where the value goes: ids that are there. */
function arbitraryOf(schema: unknown, words: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const node = Node.safeParse(schema).data;
  if (!node) return words;
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  const choices = node.anyOf ?? node.oneOf ?? node.allOf;
  if (choices && choices.length > 0) return fc.oneof(...choices.map((choice) => arbitraryOf(choice, words)));
  switch (node.type) {
    case 'object': {
      const fields = Object.entries(node.properties ?? {}).map(([name, inner]) => [name, arbitraryOf(inner, words)]);
      const requiredKeys = node.required ?? [];
      return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys });
    }
    case 'array':
      return fc.array(arbitraryOf(node.items, words), { maxLength: Math.min(node.maxItems ?? MOST_ITEMS, MOST_ITEMS) });
    case 'string': {
      const minLength = node.minLength ?? 0;
      const maxLength = Math.max(minLength, Math.min(node.maxLength ?? LONGEST, LONGEST));
      return fc.oneof(
        words,
        fc.string({ unit: 'grapheme', minLength, maxLength }),
        fc.string({ minLength, maxLength }),
      );
    }
    case 'integer':
    case 'number': {
      const min = Math.ceil(Math.max(node.minimum ?? -1000, -(2 ** 31)));
      const max = Math.max(min, Math.floor(Math.min(node.maximum ?? 2 ** 31 - 1, 2 ** 31 - 1)));
      return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max, min - 1, max + 1, max + 0.5));
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return words;
  }
}

type Place = (string | number)[];

/** Every place in a value. */
function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))];
}

function withAt(value: unknown, [key, ...rest]: Place, wrong: unknown): unknown {
  if (key === undefined) return wrong;
  if (Array.isArray(value))
    return value.map((item: unknown, n): unknown => (String(n) === String(key) ? withAt(item, rest, wrong) : item));
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(inner.map(([name, held]) => [name, name === key ? withAt(held, rest, wrong) : held]));
}

/**
 * What a schema takes, and the same with one place replaced by something of `wrong`.
 * @param words texts that mean something, such as ids that are there.
 */
export function fuzzOf(
  schema: z.ZodType,
  words: fc.Arbitrary<unknown>,
  wrong: fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const good = arbitraryOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }), words);
  const broken = fc.tuple(good, fc.nat(), wrong).map(([value, n, other]) => {
    const places = placesOf(value);
    return withAt(value, places[n % places.length] ?? [], other);
  });
  return fc.oneof(good, broken);
}
