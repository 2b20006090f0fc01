/** The channels of messages that are sent later: at a time, or when the other one is online. See schemas.ts. */
import { z } from 'zod';
import { ClientId } from '../api/message.ts';
import { Bytes, countedText, Id } from '../api/shared.ts';
import { LIMITS, MOST_FILES, MOST_LATER_MS } from '../model/limits.ts';
import { FILE_KINDS } from '../model/media-types.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

/** When: at a time by the server's clock, after so many milliseconds, or when the other one is online. */
export const LaterWhen = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('at'), at: Time }),
  z.object({ kind: z.literal('after'), ms: z.number().int().min(0).max(MOST_LATER_MS) }),
  z.object({ kind: z.literal('online') }),
]);
export type LaterWhen = z.infer<typeof LaterWhen>;

/** A file that waits with its message, on this computer; nothing of it is sent before. */
export const LaterFile = z.object({
  id: Id,
  name: z.string(),
  size: Bytes,
  kind: z.enum(FILE_KINDS),
  /** A recorded voice message. */
  voice: z.boolean(),
});
export type LaterFile = z.infer<typeof LaterFile>;

/** A message that waits for its time. */
export const LaterView = z.object({
  localId: ClientId,
  chatId: Id,
  text: z.string(),
  replyTo: Id.nullable(),
  files: z.array(LaterFile),
  /** Null: when the other one is online. */
  at: Time.nullable(),
});
export type LaterView = z.infer<typeof LaterView>;

/** Empty only beside files. */
const text = countedText({ min: 0, max: LIMITS.content.max });
const ofMessage = scoped({ localId: ClientId });

export const LATER_CHANNELS = {
  /** Messages of the account that wait, in the order in which they are due. */
  'later.list': { input: scoped({}), output: z.array(LaterView) },
  'later.add': {
    input: scoped({
      chatId: Id,
      text,
      replyTo: Id.nullable(),
      /** Uploads of the composer, in order. */
      uploads: z.array(Id).max(MOST_FILES).optional(),
      when: LaterWhen,
    }),
    output: LaterView,
  },
  /** `too_late` once it has been sent. */
  'later.change': { input: scoped({ localId: ClientId, text, when: LaterWhen.nullable() }), output: z.null() },
  'later.sendNow': { input: ofMessage, output: z.null() },
  'later.remove': { input: ofMessage, output: z.null() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
