/**
 * The frames between a page on the stand-in and its host, as JSON over one WebSocket per document. `args` and `value`
 * are encoded by codec.ts.
 */

/** A click on an item outside the page. */
export interface SystemUiAct {
  id: string;
  /**
   * `click`, `close`, `action:0`, `reply:some text`, `item:3`, `button:1`: whatever the item offers, see system-ui.ts.
   */
  action: string;
}

export type PageFrame =
  | { kind: 'invoke'; id: number; channel: string; args: string }
  | { kind: 'send'; channel: string; args: string }
  | { kind: 'stage'; stage: 'dom-ready' | 'finish'; title: string; url: string }
  | { kind: 'focus'; focused: boolean; visible: boolean }
  | { kind: 'title'; title: string }
  | { kind: 'navigate'; id: number; url: string }
  | { kind: 'moved'; url: string }
  | { kind: 'open'; url: string; disposition: 'foreground-tab' | 'background-tab' | 'new-window' }
  | { kind: 'permission'; id: number; permission: string; mediaTypes: ('audio' | 'video')[] }
  /** The document is leaving normally: a reload, a navigation, or the user closed the window. */
  | { kind: 'leaving' };

/** An item outside the page, as it is displayed. */
export interface SystemUiItem {
  id: string;
  what: 'notification' | 'tray' | 'dialog';
  title: string;
  text: string;
  /** The available actions, each with its label. */
  choices: { action: string; label: string }[];
  /** The picture that is shown with it, as a data URL. */
  picture?: string;
}

export type HostFrame =
  | { kind: 'reply'; id: number; value: string }
  | { kind: 'refusal'; id: number; message: string }
  | { kind: 'event'; channel: string; args: string }
  | { kind: 'command'; command: 'reload' | 'close' | 'focus' }
  | { kind: 'go'; url: string }
  | { kind: 'clipboard'; text: string }
  | { kind: 'allowed'; id: number; allowed: boolean };
