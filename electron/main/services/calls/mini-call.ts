/**
 * The small window of the call. It has no media and no connection: it shows what main knows, and what it asks goes to the
 * page that has them.
 */
import type { CallView } from '#contract/ipc/call-views.ts';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { MiniCall, MiniCommand, MiniLook, MiniView } from '#contract/ipc/mini-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { errorName } from '../../lib/emitter.ts';
import type { AppCall, CallSystem, Logger } from '../ports.ts';
import type { CallCommand } from './app-calls.ts';
import { isMiniOpen, type MiniEvent, type MiniState, NO_MINI, nextMini } from './mini-state.ts';

type Picture = ChannelInput<'mini.picture'>['jpeg'];

export interface MiniCallsOptions {
  logger: Logger;
  system: Pick<CallSystem, 'mini'>;
  /** The user wants the window when the main one goes away. */
  byItself(): boolean;
  look(): MiniLook;
  /** Tells the window what it shows. */
  emit(view: MiniView): void;
  picture(jpeg: Picture): void;
  /** Tells the page with the media whether pictures are wanted. */
  wanted(accountId: string, key: string, open: boolean): void;
  /** Takes the snapshot that the window begins with. */
  snapshot(read: () => Promise<{ view: MiniView }>): Promise<{ seq: number; view: MiniView }>;
  command(accountId: string, key: string, command: CallCommand): void;
  /** Ends the call at once, whatever the page does. */
  hangUp(): void;
  /** Brings the main window to the front. */
  raise(): void;
}

export interface MiniCalls {
  /** The current call began, changed, or is over. */
  show(call: AppCall | null): void;
  /** The main window is out of sight, or back. */
  mainAway(away: boolean): void;
  /** The window's user closed it. */
  closed(): void;
  /** The look or the settings have changed. */
  changed(): void;
  open(input: object): Result<null>;
  picture(input: { key: string; jpeg: Picture }): Result<null>;
  ready(input: object): Promise<Result<{ seq: number; view: MiniView }>>;
  command(input: { command: MiniCommand }): Result<null>;
  close(input: object): Result<null>;
}

/** A call that rings here is answered in its own window or its notification. */
function takesPart({ incoming, state }: CallView): boolean {
  return state === 'active' || (!incoming && state !== 'ended');
}

function miniCallOf({ view, media }: AppCall): MiniCall {
  const { key, peer, state, activeSince } = view;
  const { link, quality, muted, camera, sharing, theirsMuted, together } = media;
  return { key, peer, state, activeSince, link, quality, muted, camera, sharing, theirsMuted, together };
}

export function createMiniCalls(options: MiniCallsOptions): MiniCalls {
  let state: MiniState = NO_MINI;
  let call: AppCall | null = null;
  let isOpen = false;

  const view = (): MiniView => ({ call: call && miniCallOf(call), look: options.look() });

  function follow(): void {
    const wanted = isMiniOpen(state, options.byItself());
    if (wanted === isOpen) return;
    isOpen = wanted;
    try {
      options.system.mini(wanted);
    } catch (error) {
      // The call is more than its small window.
      options.logger.warn('call.mini_failed', { open: wanted, error: errorName(error) });
    }
    ask();
  }

  /** Also after a reload of the page, which does not know. */
  function ask(): void {
    if (call) options.wanted(call.accountId, call.view.key, isOpen);
  }

  function take(event: MiniEvent): void {
    state = nextMini(state, event);
    follow();
  }

  return {
    show(next) {
      call = next && takesPart(next.view) ? next : null;
      if (isOpen) {
        options.emit(view());
        ask();
      }
      take({ kind: 'call', key: call?.view.key ?? null });
    },
    mainAway: (away) => take({ kind: 'main', away }),
    closed() {
      // Closed from here, it is no wish of the user.
      if (isOpen) take({ kind: 'closed' });
    },
    changed() {
      if (isOpen) options.emit(view());
      follow();
    },
    open() {
      if (!call) return fail('not_found', 'no call');
      take({ kind: 'asked' });
      return ok(null);
    },
    picture({ key, jpeg }) {
      if (call?.view.key !== key) return fail('not_found', 'no such call');
      if (isOpen) options.picture(jpeg);
      return ok(null);
    },
    ready: async () => ok(await options.snapshot(async () => ({ view: view() }))),
    command({ command }) {
      if (!call) return fail('not_found', 'no call');
      const { accountId, media, view: shown } = call;
      switch (command) {
        case 'hang_up':
          options.hangUp();
          return ok(null);
        case 'return':
          options.raise();
          take({ kind: 'returned' });
          options.command(accountId, shown.key, 'show');
          return ok(null);
        case 'toggle_share':
          // What is shared is chosen in the main window.
          if (!media.sharing) {
            options.raise();
            take({ kind: 'returned' });
          }
          options.command(accountId, shown.key, command);
          return ok(null);
        default:
          options.command(accountId, shown.key, command);
          return ok(null);
      }
    },
    close() {
      take({ kind: 'closed' });
      return ok(null);
    },
  };
}
