/**
 * The call that the whole application is in: what the tray, the notifications, the power and the permissions follow. It
 * receives the same events as the page. The calls themselves belong to their accounts.
 */
import type { CallView, CALL_COMMANDS } from '#contract/ipc/call-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { ringsHere } from '#contract/model/call-state.ts';
import { errorName } from '../../lib/emitter.ts';
import type { AppCall, CallMedia, CallSystem, Disposer, Logger } from '../ports.ts';
import type { AccountCalls } from './account-calls.ts';

export type CallCommand = (typeof CALL_COMMANDS)[number];

export interface AppCallsOptions {
  logger: Logger;
  system: Omit<CallSystem, 'mini'>;
  callsOf(accountId: string): Pick<AccountCalls, 'accept' | 'decline' | 'end'> | null;
  /** Whether the user has muted this chat. */
  isMuted(accountId: string, chatId: string): Promise<boolean>;
  /** True while the user is looking at the app. */
  watching(): boolean;
  accountName(accountId: string): string | null;
  /** Brings the app to the front. */
  raise(): void;
  /** Goes to a chat. */
  open(accountId: string, chatId: string): void;
  command(accountId: string, key: string, command: CallCommand): void;
}

export interface AppCalls {
  /** Null while there is none. */
  readonly current: AppCall | null;
  /** Receives the same events of an account as the page. */
  heard(accountId: string, event: AccountEvent): void;
  readonly media: (accountId: string, key: string, media: CallMedia) => void;
  /** Ends the current call. */
  hangUp(): void;
  toggleMicrophone(): void;
  /** The user looks at the app: what was missed has been seen. */
  looked(): void;
  close(): void;
}

const NO_MEDIA: CallMedia = {
  ...{ muted: false, camera: false, sharing: false, connected: false },
  ...{ link: 'waiting', quality: null, theirsMuted: false, together: null },
};

export function createAppCalls(options: AppCallsOptions): AppCalls {
  const { logger, system } = options;
  let current: AppCall | null = null;
  let awake = false;
  let ring: { key: string; dispose: Disposer } | null = null;
  const missed = new Set<Disposer>();

  /** A failure of the system's own parts must not keep events from the page. */
  function attempt<T>(what: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      logger.warn('call.system_failed', { what, error: errorName(error) });
      return null;
    }
  }

  function set(next: AppCall | null): void {
    current = next;
    attempt('show', () => system.show(next));
    const wanted = next?.view.state === 'active';
    if (wanted === awake) return;
    awake = wanted;
    attempt('awake', () => system.keepAwake(wanted));
  }

  function stopRing(key: string): void {
    if (ring?.key !== key) return;
    const { dispose } = ring;
    ring = null;
    attempt('ring', dispose);
  }

  function inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => logger.error('call.step_failed', { what, error: errorName(error) }));
  }

  async function accept(accountId: string, key: string): Promise<void> {
    options.raise();
    const answer = await options.callsOf(accountId)?.accept({ key, withVideo: false });
    if (answer?.ok) options.command(accountId, key, 'show');
  }

  async function startRing(accountId: string, view: CallView): Promise<void> {
    const { key } = view;
    if (options.watching() || (await options.isMuted(accountId, view.chatId))) return;
    // It may have been answered meanwhile.
    if (current?.view.key !== key || !ringsHere(current.view) || ring) return;
    const dispose = attempt('ring', () =>
      system.ring(view, options.accountName(accountId), {
        accept: () => inBackground('accept', accept(accountId, key)),
        decline: () => void options.callsOf(accountId)?.decline({ key }),
        open: () => options.raise(),
      }),
    );
    if (dispose) ring = { key, dispose };
  }

  /** @param rang it was the current one: a ring that the user saw and let pass is no news. */
  async function tellMissed(accountId: string, view: CallView, rang: boolean): Promise<void> {
    if ((rang && options.watching()) || (await options.isMuted(accountId, view.chatId))) return;
    const dispose = attempt('missed', () =>
      system.missed(view, options.accountName(accountId), () => options.open(accountId, view.chatId)),
    );
    if (dispose) missed.add(dispose);
  }

  function looked(): void {
    for (const dispose of missed) attempt('missed', dispose);
    missed.clear();
  }

  return {
    get current() {
      return current;
    },
    heard(accountId, event) {
      if (event.kind !== 'call') return;
      const view = event.call;
      if (!ringsHere(view)) stopRing(view.key);
      if (view.state !== 'ended') {
        const isNew = current?.view.key !== view.key;
        set({ accountId, view, media: isNew ? NO_MEDIA : (current?.media ?? NO_MEDIA) });
        if (isNew && ringsHere(view)) inBackground('ring', startRing(accountId, view));
        return;
      }
      const rang = current?.view.key === view.key;
      if (view.incoming && view.end === 'missed') inBackground('missed', tellMissed(accountId, view, rang));
      if (rang) set(null);
    },
    media(accountId, key, media) {
      if (current?.accountId === accountId && current.view.key === key) set({ ...current, media });
    },
    hangUp() {
      if (!current) return;
      options.callsOf(current.accountId)?.end({ key: current.view.key, reason: 'hung_up' });
    },
    toggleMicrophone() {
      if (current) options.command(current.accountId, current.view.key, 'toggle_microphone');
    },
    looked,
    close() {
      if (ring) stopRing(ring.key);
      looked();
      set(null);
    },
  };
}
