/** The channels of exports: a chat written into a folder that the user chooses. See schemas.ts. */
import { z } from 'zod';
import { Bytes, Count, Id } from '../api/shared.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

export const EXPORT_FORMATS = ['html', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_STATES = ['running', 'done', 'incomplete', 'failed', 'cancelled'] as const;
/** A chat on its way into a folder. Never a path. */
export const ExportView = z.object({
  id: Id,
  chatId: Id,
  /** `incomplete`: what could be had was written, and the folder's name and the pages say that it is not all. */
  state: z.enum(EXPORT_STATES),
  step: z.enum(['messages', 'files', 'writing']),
  /** Messages that were read, of `total` if the server says how many there are. */
  messages: Count,
  total: Count.nullable(),
  /** Files that were fetched or are not to be had, of `filesTotal`; bytes that have come. */
  files: Count,
  filesTotal: Count,
  bytes: Bytes,
  /** Files that the server does not have any more. */
  missing: Count,
  /** Why it failed or is incomplete. */
  problem: z.enum(ERROR_CODES).nullable(),
});
export type ExportView = z.infer<typeof ExportView>;

export const EXPORT_CHANNELS = {
  /** Asks for a folder and begins; null when the user names none. `since`: only messages from this time on. */
  'exports.start': {
    input: scoped({ chatId: Id, format: z.enum(EXPORT_FORMATS), since: Time.nullable(), files: z.boolean() }),
    output: z.object({ exportId: Id }).nullable(),
  },
  /** Ends it; nothing of it stays. */
  'exports.cancel': { input: scoped({ exportId: Id }), output: z.null() },
  /** This run's exports of the account, oldest first. */
  'exports.list': { input: scoped({}), output: z.array(ExportView) },
  /** Shows the folder of one that has ended. */
  'exports.show': { input: scoped({ exportId: Id }), output: z.null() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
