import { errorName } from '../lib/emitter.ts';
import type { CallGate } from '../lib/call-gate.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { AppCall, CallSystem } from '../services/calls/app-calls.ts';
import type { Logger } from '../services/ports.ts';
import type { Notify } from './notifier.ts';
import type { UnreadSigns } from './tray.ts';

export interface CallSignParts {
  powerSaveBlocker: Pick<Electron.PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>;
  notify: Notify;
  signs: Pick<UnreadSigns, 'call'>;
  gate: CallGate;
  texts: () => MainTexts;
  logger: Logger;
}

/** Shows the current call outside the page: the tray, notifications, power, and what Chromium may open. */
export function createCallSystem(parts: CallSignParts): CallSystem {
  const { powerSaveBlocker, notify, signs, gate, texts, logger } = parts;
  let blocker: number | null = null;

  function title(name: string, account: string | null): string {
    return account === null ? name : `${name} · ${account}`;
  }

  return {
    show(call: AppCall | null) {
      // First: whatever else fails, nothing stays open after a call.
      gate.isOpen = call !== null;
      gate.isActive = call?.view.state === 'active';
      signs.call(call === null || !gate.isActive ? null : { muted: call.media.muted, name: call.view.peer.name });
    },
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
