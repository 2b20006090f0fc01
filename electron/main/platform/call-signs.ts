import { errorName } from '../lib/emitter.ts';
import type { CallGate } from '../lib/call-gate.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { AppCall, CallSystem, Logger } from '../services/ports.ts';
import type { Notify } from './notifier.ts';
import type { UnreadSigns } from './tray.ts';

export interface CallSignParts {
  powerSaveBlocker: Pick<Electron.PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>;
  globalShortcut: Pick<Electron.GlobalShortcut, 'register' | 'unregister'>;
  notify: Notify;
  signs: Pick<UnreadSigns, 'call'>;
  gate: CallGate;
  texts: () => MainTexts;
  /** The key that works while another application is in front. */
  toggleMicrophone: () => void;
  /** The small window of the call. */
  mini: { set(open: boolean): void };
  logger: Logger;
}

/** Mutes and unmutes from anywhere, in a call only: other applications get it back afterwards. */
export const MUTE_KEY = 'CommandOrControl+Shift+M';

/** Shows the current call outside the page: the tray, notifications, power, and what Chromium may open. */
export function createCallSystem(parts: CallSignParts): CallSystem {
  const { powerSaveBlocker, globalShortcut, notify, signs, gate, texts, toggleMicrophone, mini, logger } = parts;
  let blocker: number | null = null;
  let hasKey = false;

  function setKey(wanted: boolean): void {
    if (wanted === hasKey) return;
    try {
      if (wanted) {
        hasKey = globalShortcut.register(MUTE_KEY, toggleMicrophone);
        // Another application has it, or the desktop allows none.
        if (!hasKey) logger.info('call.no_mute_key');
      } else {
        hasKey = false;
        globalShortcut.unregister(MUTE_KEY);
      }
    } catch (error) {
      logger.warn('call.mute_key_failed', { error: errorName(error) });
    }
  }

  function title(name: string, account: string | null): string {
    return account === null ? name : `${name} · ${account}`;
  }

  return {
    show(call: AppCall | null) {
      // First: whatever else fails, nothing stays open after a call.
      gate.isOpen = call !== null;
      gate.isActive = call?.view.state === 'active';
      setKey(gate.isActive);
      signs.call(call === null || !gate.isActive ? null : { muted: call.media.muted, name: call.view.peer.name });
    },
    lobby(open) {
      gate.isLobby = open;
    },
    mini: (open) => mini.set(open),
    keepAwake(on) {
      try {
        // One at most, however often it is asked for.
        if (blocker !== null && powerSaveBlocker.isStarted(blocker)) powerSaveBlocker.stop(blocker);
        blocker = on ? powerSaveBlocker.start('prevent-display-sleep') : null;
      } catch (error) {
        logger.warn('call.not_kept_awake', { error: errorName(error) });
      }
    },
    ring(call, account, answers) {
      const { accept, decline, incomingCall, incomingVideoCall } = texts().call;
      const body = call.type === 'video' ? incomingVideoCall : incomingCall;
      return notify({ title: title(call.peer.name, account), body }, answers.open, {
        actions: [
          { text: accept, run: answers.accept },
          { text: decline, run: answers.decline },
        ],
        // It stays as long as it rings; the page plays the sound.
        stays: true,
        silent: true,
      });
    },
    missed(call, account, clicked) {
      return notify({ title: title(call.peer.name, account), body: texts().call.missedCall }, clicked);
    },
  };
}
