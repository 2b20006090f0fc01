/** The global keyboard shortcuts: a single table for handling, the settings list and menus. Pure. */

export type ShortcutId =
  | 'palette'
  | 'newChat'
  | 'search'
  | 'find'
  | 'previousChat'
  | 'nextChat'
  | 'account'
  | 'settings'
  | 'lock'
  | 'shortcuts'
  | 'back';

interface Shortcut {
  /** `KeyboardEvent.code` if the position of the key matters (works in every layout), otherwise `key`. */
  code?: string | readonly string[];
  key?: string;
  /** Ctrl, or Command on a Mac. */
  mod?: boolean;
  alt?: boolean;
  /** Active while a text field has the focus. */
  inFields: boolean;
  /** The label of the key, without modifiers. */
  cap: string;
}

/** The keys for accounts, in order. */
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => `Digit${digit}`);

export const SHORTCUTS: Record<ShortcutId, Shortcut> = {
  palette: { code: 'KeyK', mod: true, inFields: true, cap: 'K' },
  newChat: { code: 'KeyN', mod: true, inFields: true, cap: 'N' },
  search: { key: '/', inFields: false, cap: '/' },
  find: { code: 'KeyF', mod: true, inFields: true, cap: 'F' },
  previousChat: { code: 'ArrowUp', alt: true, inFields: true, cap: '↑' },
  nextChat: { code: 'ArrowDown', alt: true, inFields: true, cap: '↓' },
  account: { code: DIGITS, mod: true, inFields: true, cap: '1…9' },
  settings: { code: 'Comma', mod: true, inFields: true, cap: ',' },
  lock: { code: 'KeyL', mod: true, inFields: true, cap: 'L' },
  shortcuts: { code: 'Slash', mod: true, inFields: true, cap: '/' },
  back: { key: 'Escape', inFields: true, cap: 'Esc' },
};

const IDS = Object.keys(SHORTCUTS) as ShortcutId[];

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The shortcut an event matches, or null. `inField`: the focus is in a text field. */
export function shortcutOf(event: Keys, isMac: boolean, inField: boolean): ShortcutId | null {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (other) return null;
  return (
    IDS.find((id) => {
      const shortcut = SHORTCUTS[id];
      if (inField && !shortcut.inFields) return false;
      if ((shortcut.mod ?? false) !== mod || (shortcut.alt ?? false) !== event.altKey) return false;
      if (shortcut.code !== undefined) return [shortcut.code].flat().includes(event.code) && !event.shiftKey;
      return shortcut.key === event.key;
    }) ?? null
  );
}

/** The account index its shortcut selects, counted from 0. */
export function accountOf(event: Pick<Keys, 'code'>): number {
  return DIGITS.indexOf(event.code);
}

/** The shortcut label for the account at an index, counted from 0; undefined beyond the ninth. */
export function accountShortcut(index: number, isMac: boolean): string | undefined {
  return index < DIGITS.length ? shortcutText('account', isMac, String(index + 1)) : undefined;
}

/** The combination in the platform's notation: "Ctrl+K", "⌘K". `cap`: a different key label. */
export function shortcutText(id: ShortcutId, isMac: boolean, cap = SHORTCUTS[id].cap): string {
  const { mod, alt } = SHORTCUTS[id];
  if (isMac) return `${alt ? '⌥' : ''}${mod ? '⌘' : ''}${cap}`;
  return [mod ? 'Ctrl' : '', alt ? 'Alt' : '', cap].filter(Boolean).join('+');
}

/** True when the element itself takes typed text. */
export function isTextField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement) return true;
  return (
    element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(element.type)
  );
}
