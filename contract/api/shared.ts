/** Parts that every shape on the wire is made of. */
import { z } from 'zod';
import { LIMITS, MOST } from '../model/limits.ts';
import { hasBidiControls, hasVisibleText, isStorableText } from '../model/text.ts';

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

/** A name as a person types it: visible, storable, and without marks that reorder what stands beside it. */
export const personName = (limit: { min: number; max: number }) =>
  z
    .string()
    .min(limit.min)
    .max(limit.max)
    .refine(hasVisibleText, { params: { problem: 'invisible' } })
    .refine((text) => isStorableText(text) && !hasBidiControls(text), { params: { problem: 'bad_characters' } });

/** Free text that can be stored and sent unchanged. */
export const storableText = (limit: { min: number; max: number }) =>
  z
    .string()
    .min(limit.min)
    .max(limit.max)
    .refine(isStorableText, { params: { problem: 'bad_characters' } });

/** The text of a message: something must be visible. */
export const MessageContent = storableText(LIMITS.content).refine(hasVisibleText, { params: { problem: 'invisible' } });

/** A whole number written in a query string. */
export const queryInt = (min: number, max: number) =>
  z
    .union([z.string().regex(/^\d{1,15}$/), z.number()])
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
