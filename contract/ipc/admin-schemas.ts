/** The administrator's console: its log-in is apart from the account's, and its token never leaves main. */
import { z } from 'zod';
import { ADMIN_LISTS, ADMIN_SORTS, Statistics, USER_SORTS } from '../api/admin.ts';
import { Bytes, Count, countedText, Id } from '../api/shared.ts';
import { LIMITS } from '../model/limits.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

const done = z.null();

/** The open session; times on this computer's clock. */
export const AdminSession = z.object({
  /** The server that everything shown comes from. */
  server: z.string(),
  username: z.string(),
  endsAt: Time,
});
export type AdminSession = z.infer<typeof AdminSession>;

export const AdminUserView = z.object({
  id: Id,
  username: z.string(),
  name: z.string(),
  createdAt: Time.nullable(),
  lastSeenAt: Time.nullable(),
  messages: Count.nullable(),
  storedBytes: Bytes.nullable(),
});
export type AdminUserView = z.infer<typeof AdminUserView>;

export const AdminMessageView = z.object({
  id: Id,
  chatId: Id,
  senderId: z.string(),
  senderName: z.string(),
  text: z.string(),
  files: Count,
  createdAt: Time.nullable(),
});
export type AdminMessageView = z.infer<typeof AdminMessageView>;

export const AdminReactionView = z.object({
  id: Id,
  emoji: z.string(),
  personId: z.string(),
  personName: z.string(),
  messageId: z.string(),
  createdAt: Time.nullable(),
});
export type AdminReactionView = z.infer<typeof AdminReactionView>;

export const AdminLook = z.object({
  id: Id,
  action: z.string(),
  detail: z.string(),
  address: z.string(),
  createdAt: Time.nullable(),
});
export type AdminLook = z.infer<typeof AdminLook>;

/** `next`: where the following page begins; null at the end. `total` is unknown for searches that look as they go. */
const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: Count.nullable() });

const q = countedText(LIMITS.searchQuery).optional();
const cursor = z.string().min(1).max(400).optional();
const limit = z.number().int().min(LIMITS.page.min).max(LIMITS.page.max);

export const ADMIN_CHANNELS = {
  /** Null when nobody is signed in, or no longer. Asking does not count as use. */
  'admin.session': { input: scoped({}), output: AdminSession.nullable() },
  'admin.login': {
    input: scoped({
      username: countedText(LIMITS.signInName),
      password: countedText({ min: 1, max: LIMITS.password.max }),
    }),
    output: AdminSession,
  },
  'admin.logout': { input: scoped({}), output: done },
  /** A series from one time up to another, in steps of hours. */
  'admin.statistics': {
    input: scoped({ from: Time, to: Time, stepHours: z.number().int().min(1).max(744) }),
    output: Statistics,
  },
  'admin.users': { input: scoped({ q, cursor, limit, sort: z.enum(USER_SORTS) }), output: pageOf(AdminUserView) },
  'admin.messages': {
    input: scoped({ q, cursor, limit, sort: z.enum(ADMIN_SORTS) }),
    output: pageOf(AdminMessageView),
  },
  'admin.reactions': {
    input: scoped({ q, cursor, limit, sort: z.enum(ADMIN_SORTS) }),
    output: pageOf(AdminReactionView),
  },
  'admin.looks': { input: scoped({ cursor, limit }), output: pageOf(AdminLook) },
  /** Asks for a place and saves a whole list there as CSV; null when the user cancels. `complete`: it did not break off. */
  'admin.export': {
    input: scoped({ list: z.enum(ADMIN_LISTS), q, sort: z.enum(USER_SORTS) }),
    output: z.object({ complete: z.boolean(), bytes: Bytes }).nullable(),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
