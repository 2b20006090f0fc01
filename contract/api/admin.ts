import { z } from 'zod';
import { Bytes, Count, Id, Seconds, Timestamp } from './shared.ts';
import { User } from './user.ts';

/** Steps of a series. */
export const SERIES_STEPS = { mostPoints: 2000, longestHours: 31 * 24 } as const;

const values = z.array(Count).max(SERIES_STEPS.mostPoints);

/**
 * [ext] `admin`: how many rows were made in each step, of those that are still there; `fileBytes` is their size. `online`
 * is the most people who were connected at once, null where nobody counted.
 */
export const StatisticsSeries = z
  .object({
    /** Milliseconds since the epoch. */
    from: z.number().int().min(0).max(8.64e15),
    stepHours: Count,
    users: values,
    messages: values,
    reactions: values,
    files: values,
    fileBytes: z.array(Bytes).max(SERIES_STEPS.mostPoints),
    calls: values,
    online: z.array(Count.nullable()).max(SERIES_STEPS.mostPoints),
  })
  .meta({ id: 'StatisticsSeries' });
export type StatisticsSeries = z.infer<typeof StatisticsSeries>;

/** How many emojis are told of those that are chosen most. */
export const TOP_REACTIONS = 8;

/** Figures of a node. `storageBytes` is in bytes, `uptime` in seconds, the rest are counts. */
export const Statistics = z
  .object({
    users: Count,
    messages: Count,
    chats: Count,
    files: Count,
    calls: Count,
    online: Count,
    storageBytes: Bytes,
    uptime: Seconds,
    series: StatisticsSeries.optional(),
    /**
     * [ext] `admin`: with a series. The emojis chosen most among so many reactions (all that there are), the most frequent
     * first.
     */
    topReactions: z
      .object({
        among: Count,
        emojis: z.array(z.object({ emoji: z.string().min(1).max(32), count: Count })).max(TOP_REACTIONS),
      })
      .optional(),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof Statistics>;

/** The lists that an administrator can page through and export. */
export const ADMIN_LISTS = ['users', 'messages', 'reactions'] as const;
export type AdminList = (typeof ADMIN_LISTS)[number];

/** Orders of every list. */
export const ADMIN_SORTS = ['newest', 'oldest'] as const;
/** Orders of people: a minus is the other way round. */
export const USER_SORTS = [...ADMIN_SORTS, 'name', '-name', 'seen', '-seen'] as const;
export type UserSortName = (typeof USER_SORTS)[number];

/** A person as an administrator sees them. [ext] `admin`: what they have sent, and what their files take. */
export const AdminUser = User.extend({ messages: Count.nullish(), storedBytes: Bytes.nullish() }).meta({
  id: 'AdminUser',
});
export type AdminUser = z.infer<typeof AdminUser>;

/** One look of an administrator: the operation's name, what was asked of it, and from where. */
export const AuditEntry = z
  .object({
    id: Id,
    userId: Id,
    action: z.string().max(64),
    detail: z.string().max(1000),
    address: z.string().max(100),
    createdAt: Timestamp,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;
