/** The channels of messages that are sent later: at a time, or when the other one is online. See schemas.ts. */
import { z } from 'zod';
import { ClientId } from '../api/message.ts';
import { countedText, Id } from '../api/shared.ts';
import { LIMITS, MOST_LATER_MS } from '../model/limits.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

/** When: at a time by the server's clock, after so many milliseconds, or when the other one is online. */
export const LaterWhen = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('at'), at: Time }),
  z.object({ kind: z.literal('after'), ms: z.number().int().min(0).max(MOST_LATER_MS) }),
  z.object({ kind: z.literal('online') }),
]);
export type LaterWhen = z.infer<typeof LaterWhen>;

/** A message that waits for its time. */
export const LaterView = z.object({
  localId: ClientId,
  chatId: Id,
  text: z.string(),
  replyTo: Id.nullable(),
  /** Null: when the other one is online. */
  at: Time.nullable(),
});
export type LaterView = z.infer<typeof LaterView>;

const text = countedText(LIMITS.content);
const ofMessage = scoped({ localId: ClientId });

export const LATER_CHANNELS = {
  /** Messages of the account that wait, in the order in which they are due. */
  'later.list': { input: scoped({}), output: z.array(LaterView) },
  'later.add': {
    input: scoped({ chatId: Id, text, replyTo: Id.nullable(), when: LaterWhen }),
    output: LaterView,
  },
  /** `too_late` once it has been sent. */
  'later.change': { input: scoped({ localId: ClientId, text, when: LaterWhen.nullable() }), output: z.null() },
  'later.sendNow': { input: ofMessage, output: z.null() },
  'later.remove': { input: ofMessage, output: z.null() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
