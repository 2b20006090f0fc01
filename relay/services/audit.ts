/**
 * What administrators look at: who, when, from where and what. Each look is also a line of the node's log, which nobody
 * can push out by looking again and again.
 */
import type { AuditEntry } from '#contract/api/admin.ts';
import { newId } from '../ids.ts';
import type { AuditReads, WriteQueue } from '../repositories/ports.ts';
import type { AuditRow } from '../records.ts';
import { walkByTime, walkOn, type WalkPart, type WalkPlace } from './admin-walks.ts';
import type { Turns } from '../turns.ts';

/** Entries that are kept, and after how many new ones the oldest go. */
const KEPT = 20_000;
const TRIM_EVERY = 100;
/** Characters of what was asked. */
const MAX_DETAIL = 1000;
const MAX_ADDRESS = 100;

export interface AuditOptions {
  audit: AuditReads;
  queue: WriteQueue;
  turns: Turns;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  now: () => number;
  kept?: number;
  trimEvery?: number;
}

export type AuditLog = ReturnType<typeof createAuditLog>;

export function createAuditLog(options: AuditOptions) {
  const { audit, queue, turns, log, now, kept = KEPT, trimEvery = TRIM_EVERY } = options;
  let noted = 0;
  return {
    /** Resolves when it is stored. A disk that takes nothing more keeps no administrator out: the log has the line. */
    async note(look: { userId: string; action: string; detail: string; address: string }): Promise<void> {
      log.info(
        { admin: look.userId, action: look.action, detail: look.detail, address: look.address },
        'administrator',
      );
      const detail = look.detail.slice(0, MAX_DETAIL);
      const entry: AuditRow = {
        ...look,
        detail,
        address: look.address.slice(0, MAX_ADDRESS),
        id: newId(),
        createdAt: now(),
      };
      const isTrim = noted % trimEvery === 0;
      noted += 1;
      try {
        await queue.run(async (tx) => {
          await tx.audit.insert(entry);
          if (isTrim) await tx.audit.trim(kept);
        }, 'audit');
      } catch (error) {
        log.warn({ err: error, action: look.action }, 'what an administrator looked at was not stored');
      }
    },
    page: (after: WalkPlace | null, limit: number): Promise<WalkPart<AuditRow>> =>
      walkOn(walkByTime(audit, true), after, limit, null, turns),
  };
}

export function auditView({ createdAt, ...row }: AuditRow): AuditEntry {
  return { ...row, createdAt: new Date(createdAt).toISOString() };
}
