import type { BrowserWindow, Dialog } from 'electron';
import type { MainTexts } from '../lib/main-texts.ts';
import type { AppCall } from '../services/ports.ts';

export interface AskInCall {
  dialog: Pick<Dialog, 'showMessageBox'>;
  window: () => BrowserWindow | null;
  texts: () => MainTexts;
  calls: () => { readonly current: AppCall | null; hangUp(): void } | null;
  /** The whole app ends: its call ends with it, unasked. */
  isQuitting: () => boolean;
}

/**
 * What to ask before the window closes: in a call, whether to end it. Null when there is nothing to ask. Resolves with true
 * once the call is over.
 */
export function askInCall({ dialog, window, texts, calls, isQuitting }: AskInCall): (() => Promise<boolean>) | null {
  const isInCall = (): boolean => calls()?.current?.view.state === 'active';
  if (isQuitting() || !isInCall()) return null;
  return async () => {
    const over = window();
    const { closeInCall, closeInCallDetail, hangUp, stay } = texts().call;
    if (over && isInCall()) {
      const { response } = await dialog.showMessageBox(over, {
        type: 'question',
        message: closeInCall,
        detail: closeInCallDetail,
        buttons: [hangUp, stay],
        defaultId: 1,
        cancelId: 1,
      });
      if (response !== 0) return false;
    }
    calls()?.hangUp();
    return true;
  };
}
