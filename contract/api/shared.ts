/** Parts that every shape on the wire is made of. */
import { z } from 'zod';
import { LIMITS, MOST } from '../model/limits.ts';
import type { FieldProblem } from '../model/errors.ts';
import { nameProblem, usernameProblem } from '../model/names.ts';
import { characterCount, hasVisibleText, isStorableText } from '../model/text.ts';

/** A cuid of the server's making, or another server's id of the same alphabet. */
export const Id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/);

/** ISO 8601 with a zone. */
export const Timestamp = z.iso.datetime({ offset: true }).max(64);

/** How many of something: bounded, so that sums over every chat of an account stay exact. */
export const Count = z.number().int().min(0).max(MOST.count);

/** A size in bytes. */
export const Bytes = z.number().int().min(0).max(MOST.bytes);

/** How long something takes, in seconds. */
export const Seconds = z.number().min(0).max(MOST.seconds);

/** A width or height, in pixels. */
export const Pixels = z.number().min(0).max(MOST.pixels);

/** A counter that only grows (`seq`): bounded, so that the number after it is still exact. */
export const Sequence = z
  .number()
  .int()
  .min(0)
  .max(2 ** 52);

const counted = (schema: z.ZodString, limit: { min: number; max: number }) =>
  schema
    .min(Math.min(limit.min, 1))
    .refine((text) => characterCount(text) >= limit.min, { params: { problem: 'too_short' }, abort: true })
    .refine((text) => characterCount(text) <= limit.max, { params: { problem: 'too_long' }, abort: true })
    .meta({ minLength: limit.min, maxLength: limit.max });

/** A text of so many characters, counted as `characterCount` does: a string's own length would count how it is spelled. */
export const countedText = (limit: { min: number; max: number }) => counted(z.string(), limit);

/** Refuses what `problemOf` finds, by its code. */
const without = (problemOf: (text: string) => FieldProblem | null) => (context: z.core.ParsePayload<string>) => {
  const problem = problemOf(context.value);
  if (problem) context.issues.push({ code: 'custom', params: { problem }, input: context.value });
};

/** A name as a person types it, composed (NFC): visible, storable, nothing that reorders or hides. */
export const personName = (limit: { min: number; max: number }) =>
  counted(z.string().normalize('NFC'), limit).check(without(nameProblem));

/** A username, composed (NFC): one script, nothing that passes for another. */
export const username = (limit: { min: number; max: number }) =>
  counted(z.string().normalize('NFC'), limit).check(without(usernameProblem));

/** Free text that can be stored and sent unchanged. */
export const storableText = (limit: { min: number; max: number }) =>
  countedText(limit).refine(isStorableText, { params: { problem: 'bad_characters' } });

/** The text of a message: something must be visible. */
export const MessageContent = storableText(LIMITS.content).refine(hasVisibleText, { params: { problem: 'invisible' } });

/** A whole number written in a query string. */
export const queryInt = (min: number, max: number) =>
  z
    .union([z.string().regex(/^\d{1,15}$/), z.number()])
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
