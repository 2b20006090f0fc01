/** The pages that receive pushes: one queue and one interest per window role. */
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';
import type { Clock, Logger } from '../services/ports.ts';
import { PageInterest } from './page-interest.ts';
import { createPushQueue, type PushQueue } from './push.ts';
import { ROLES, type WindowRole } from '../lib/roles.ts';

export interface Page {
  readonly queue: PushQueue;
  readonly interest: PageInterest;
}

export interface PagesOptions {
  clock: Clock;
  logger: Logger;
  /** Sends a batch to the window of a role; does nothing when there is none. */
  send(role: WindowRole, batch: PushBatch): void;
  /** False: no page may hear it now. */
  mayTell?: (push: PushEvent) => boolean;
}

export interface Pages {
  /** The page of a role that receives pushes. Throws for other roles: they have no channel to ask through. */
  of(role: WindowRole): Page;
  emit(push: PushEvent): void;
  /** The role's page was reloaded, crashed or closed. */
  gone(role: WindowRole): void;
  close(): void;
}

export function createPages(options: PagesOptions): Pages {
  const { clock, logger } = options;
  const pages = new Map<WindowRole, Page & { hears: (push: PushEvent) => boolean }>();
  for (const [name, { hearsPushes, hears }] of Object.entries(ROLES)) {
    const role = name as WindowRole;
    if (!hearsPushes) continue;
    const queue = createPushQueue({ clock, logger, send: (batch) => options.send(role, batch) });
    pages.set(role, { queue, interest: new PageInterest(), hears });
  }
  return {
    of(role) {
      const page = pages.get(role);
      if (!page) throw new Error(`a window of the role "${role}" hears no pushes`);
      return page;
    },
    emit(push) {
      if (options.mayTell && !options.mayTell(push)) return;
      for (const { queue, interest, hears } of pages.values()) {
        if (hears(push) && interest.wants(push)) queue.emit(push);
      }
    },
    gone(role) {
      const page = pages.get(role);
      page?.interest.clear();
      page?.queue.pageGone();
    },
    close() {
      for (const { queue } of pages.values()) queue.close();
    },
  };
}
