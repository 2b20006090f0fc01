/**
 * The desktop around the window: what the tray shows, the pause of notifications, links from outside, and what the app
 * says about itself. Content is never part of it.
 */
import type { DesktopFacts, Diagnostics, LinkView, TOLD } from '#contract/ipc/desktop-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { UpdateView } from '#contract/ipc/update-views.ts';
import type { AccountsView, ConnectionView } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { pauseEnd, type Pause } from '#contract/model/quiet.ts';
import { errorName } from '../../lib/emitter.ts';
import type { DeepLink } from '../../lib/deep-link.ts';
import type { Silences } from '../notifications/silences.ts';
import type { Clock, DesktopSystem, Disposer, Logger, PowerEvents } from '../ports.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import { trayStatus } from './tray-status.ts';
import { UnreadChats } from './unread-chats.ts';

/** Milliseconds over which changes of the tray's menu are put together: Linux makes it anew each time. */
const TRAY_MS = 250;
/** Longer timers are not trusted, in milliseconds; it looks again then. */
const LONGEST_TIMER_MS = 3_600_000;

/** How long a link waits for its chat, in milliseconds. */
const LONGEST_LINK_MS = 10_000;
/** Phases in which chats may still come. */
const FETCHING: ReadonlySet<ConnectionView['phase']> = new Set(['connecting', 'syncing']);

const NOT_CONNECTED: Pick<ConnectionView, 'phase' | 'reason'> = { phase: 'idle', reason: null };

export interface DesktopOptions {
  clock: Clock;
  logger: Logger;
  system: DesktopSystem;
  settings: Pick<SettingsService, 'view' | 'update' | 'onChanged'>;
  silences: Silences;
  power: Pick<PowerEvents, 'onBattery' | 'onResume'>;
  /** Where the update of the program stands. */
  readonly update: () => Promise<UpdateView>;
  locale: string;
  /** The application is locked: the tray names no chat. */
  lock: { readonly isLocked: boolean; onChanged(run: () => void): Disposer };
  readonly accounts: () => AccountsView;
  /** The title of a chat in an account; null if it is not known there. */
  readonly chatTitle: (accountId: string, chatId: string) => Promise<string | null>;
  readonly raise: () => void;
  readonly follow: (link: LinkView) => void;
  readonly tell: (what: (typeof TOLD)[number]) => void;
}

export class DesktopService {
  readonly #options: DesktopOptions;
  readonly #chats = new UnreadChats();
  readonly #connections = new Map<string, ConnectionView>();
  readonly #disposers: Disposer[];
  /** Links that wait for chats to arrive. */
  /** Counts what was heard. */
  #news = 0;
  readonly #waiting = new Set<() => void>();
  #cancelShow: Disposer | null = null;
  #cancelPause: Disposer | null = null;
  #closed = false;

  constructor(options: DesktopOptions) {
    this.#options = options;
    const again = (): void => this.#watchPause();
    // A computer that slept through the end of a pause must not stay silent.
    this.#disposers = [
      options.settings.onChanged(again),
      options.power.onResume(again),
      options.lock.onChanged(() => this.#showSoon()),
    ];
    again();
  }

  /** The same events of an account as the page hears. */
  heard(accountId: string, event: AccountEvent): void {
    if (event.kind === 'connection') this.#connections.set(accountId, event.connection);
    else if (!this.#chats.heard(accountId, event)) return;
    this.#news += 1;
    for (const done of [...this.#waiting]) done();
    this.#showSoon();
  }

  accountClosed(accountId: string): void {
    this.#connections.delete(accountId);
    this.#chats.closed(accountId);
    this.#showSoon();
  }

  async facts(): Promise<Result<DesktopFacts>> {
    return ok(this.#facts());
  }

  async setAutostart({ on }: { on: boolean }): Promise<Result<DesktopFacts>> {
    const autostart = this.#options.system.setAutostart(on);
    return ok({ ...this.#facts(), autostart });
  }

  async pause({ pause }: { pause: Pause | null }): Promise<Result<null>> {
    const { settings, clock } = this.#options;
    const updated = settings.update({ pausedUntil: pause === null ? null : pauseEnd(pause, clock.now()) });
    return updated.ok ? ok(null) : updated;
  }

  async tryNotification(): Promise<Result<null>> {
    this.#options.system.tryNotification();
    return ok(null);
  }

  async showMenu(place: { x: number; y: number }): Promise<Result<null>> {
    this.#options.system.showMenu(place);
    return ok(null);
  }

  async showLog(): Promise<Result<null>> {
    this.#options.system.showLog();
    return ok(null);
  }

  async diagnose(): Promise<Result<Diagnostics>> {
    const { clock, system, silences, power, locale } = this.#options;
    const about = system.about();
    const update = await this.#options.update();
    return ok({
      at: clock.now(),
      ...about,
      system: { ...about.system, locale, onBattery: power.onBattery() },
      accounts: this.#options.accounts().open.map(({ id, capabilities }) => {
        const { phase, reason } = this.#connections.get(id) ?? NOT_CONNECTED;
        return { phase, reason, capabilities: capabilities.length };
      }),
      desktop: this.#facts(),
      notices: silences.view(),
      update: { phase: update.phase, why: 'why' in update ? update.why : null },
    });
  }

  /** A link was opened outside. Nothing is opened here before the user agrees. */
  async linked(link: DeepLink | null): Promise<void> {
    const { raise, follow, tell, logger } = this.#options;
    raise();
    logger.info('link.opened', { to: link?.to ?? 'nowhere' });
    if (link === null) return tell('link_unknown');
    if (link.to === 'user') return follow(link);
    const place = await this.#find(link.chatId);
    if (place) follow({ ...link, ...place });
    else if (!this.#closed) tell('link_unknown');
  }

  /** Who knows the chat. While a list of chats is still being fetched, it may be among what comes. */
  async #find(chatId: string): Promise<{ accountId: string; title: string } | null> {
    const { accounts, clock } = this.#options;
    const deadline = clock.monotonic() + LONGEST_LINK_MS;
    for (;;) {
      const before = this.#news;
      const { open, current } = accounts();
      // The account that is shown goes first, should several know the chat.
      const ids = open.map(({ id }) => id).sort((a, b) => Number(b === current) - Number(a === current));
      for (const accountId of ids) {
        const title = await this.#title(accountId, chatId);
        if (title !== null) return { accountId, title };
      }
      const isFetching = ids.some((id) => FETCHING.has(this.#connections.get(id)?.phase ?? 'connecting'));
      if (!isFetching || this.#closed || clock.monotonic() >= deadline) return null;
      // What came while it was looked up may be it.
      if (before === this.#news) await this.#somethingNew(deadline - clock.monotonic());
    }
  }

  #somethingNew(longestMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const cancel = this.#options.clock.after(longestMs, done);
      this.#waiting.add(done);
    });
  }

  close(): void {
    this.#closed = true;
    for (const dispose of this.#disposers.splice(0)) dispose();
    this.#cancelShow?.();
    this.#cancelPause?.();
    for (const done of [...this.#waiting]) done();
  }

  async #title(accountId: string, chatId: string): Promise<string | null> {
    try {
      return await this.#options.chatTitle(accountId, chatId);
    } catch (error) {
      this.#options.logger.warn('link.not_looked_up', { error: errorName(error) });
      return null;
    }
  }

  #facts(): DesktopFacts {
    const { system } = this.#options;
    const { supported: notifications, reply } = system.notices;
    return { autostart: system.autostart(), tray: system.tray(), notifications, reply, spelling: system.spelling };
  }

  /** Ends the pause in its time, so that every place that shows it changes. */
  #watchPause(): void {
    const { settings, clock } = this.#options;
    this.#cancelPause?.();
    this.#cancelPause = null;
    const until = settings.view().pausedUntil;
    const left = until === null ? null : until - clock.now();
    if (left !== null && left <= 0) {
      // Calls this again, by the change.
      settings.update({ pausedUntil: null });
      return;
    }
    if (left !== null && !this.#closed) {
      this.#cancelPause = clock.after(Math.min(left, LONGEST_TIMER_MS), () => this.#watchPause());
    }
    this.#showSoon();
  }

  #showSoon(): void {
    if (this.#cancelShow !== null || this.#closed) return;
    this.#cancelShow = this.#options.clock.after(TRAY_MS, () => {
      this.#cancelShow = null;
      const { system, settings, clock, accounts, lock } = this.#options;
      const phases = accounts().open.map(({ id }) => this.#connections.get(id)?.phase ?? 'idle');
      system.show({
        status: trayStatus(phases),
        chats: lock.isLocked ? [] : this.#chats.list(clock.now()),
        mutedUnread: this.#chats.hasMuted(clock.now()),
        pausedUntil: settings.view().pausedUntil,
      });
    });
  }
}
