/** The keys that work everywhere: one table for what happens, what the settings list and what menus show. Pure. */

export type ShortcutId =
  | 'palette'
  | 'newChat'
  | 'search'
  | 'find'
  | 'previousChat'
  | 'nextChat'
  | 'account'
  | 'settings'
  | 'shortcuts'
  | 'back';

interface Shortcut {
  /** `KeyboardEvent.code` where the place of the key counts (so that it works in every layout), else `key`. */
  code?: string | readonly string[];
  key?: string;
  /** Ctrl, or Command on a Mac. */
  mod?: boolean;
  alt?: boolean;
  /** Works while a text field has the focus. */
  inFields: boolean;
  /** As it is written, without the modifiers. */
  cap: string;
}

/** The keys of the accounts, in their order. */
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
  shortcuts: { code: 'Slash', mod: true, inFields: true, cap: '/' },
  back: { key: 'Escape', inFields: true, cap: 'Esc' },
};

const IDS = Object.keys(SHORTCUTS) as ShortcutId[];

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Which shortcut an event is, or null. `inField`: the focus is where text is typed. */
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

/** Which account its shortcut asks for, counted from 0. */
export function accountOf(event: Pick<Keys, 'code'>): number {
  return DIGITS.indexOf(event.code);
}

/** The shortcut of the account at a place, counted from 0; none past the ninth. */
export function accountShortcut(index: number, isMac: boolean): string | undefined {
  return index < DIGITS.length ? shortcutText('account', isMac, String(index + 1)) : undefined;
}

/** The combination as the person's computer writes it: "Ctrl+K", "⌘K". `cap`: another key in its place. */
export function shortcutText(id: ShortcutId, isMac: boolean, cap = SHORTCUTS[id].cap): string {
  const { mod, alt } = SHORTCUTS[id];
  if (isMac) return `${alt ? '⌥' : ''}${mod ? '⌘' : ''}${cap}`;
  return [mod ? 'Ctrl' : '', alt ? 'Alt' : '', cap].filter(Boolean).join('+');
}

/** True where typing is meant for the element itself. */
export function isTextField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement) return true;
  return (
    element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(element.type)
  );
}
