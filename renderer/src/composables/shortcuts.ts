/**
 * The global keyboard shortcuts: a single table for handling, the settings list and menus, and the keys that the user
 * gave to some of them. Pure.
 */
import { EDITABLE_SHORTCUTS, type EditableShortcut, type ShortcutKeys } from '#contract/model/shortcut-keys.ts';

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

export interface Shortcut {
  /** `KeyboardEvent.code` if the position of the key matters (works in every layout), otherwise `key`. */
  code?: string | readonly string[];
  key?: string;
  /** Ctrl, or Command on a Mac. */
  mod?: boolean;
  alt?: boolean;
  shift?: boolean;
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
  shortcuts: { code: 'Slash', mod: true, inFields: true, cap: '/' },
  back: { key: 'Escape', inFields: true, cap: 'Esc' },
};

export const SHORTCUT_IDS = Object.keys(SHORTCUTS) as ShortcutId[];

/** Keys that the user chose, by shortcut. */
export type ChosenKeys = Partial<Record<EditableShortcut, ShortcutKeys>>;

/** True for a shortcut whose keys can be changed. */
export function isEditable(id: ShortcutId): id is EditableShortcut {
  return EDITABLE_SHORTCUTS.some((editable) => editable === id);
}

/** The keys of a shortcut as they are now. */
export function shortcutFor(id: ShortcutId, chosen: ChosenKeys): Shortcut {
  const keys = isEditable(id) ? chosen[id] : undefined;
  return keys ? { ...keys, inFields: true, cap: capOf(keys.code) } : SHORTCUTS[id];
}

const CAPS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  BracketLeft: '[',
  BracketRight: ']',
  Backquote: '`',
};

/** What is written on the key of a code. */
export function capOf(code: string): string {
  return CAPS[code] ?? code.replace(/^(Key|Digit|Numpad)/, '');
}

export type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The shortcut an event matches, or null. `inField`: the focus is in a text field. */
export function shortcutOf(event: Keys, isMac: boolean, inField: boolean, chosen: ChosenKeys = {}): ShortcutId | null {
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (other) return null;
  return (
    SHORTCUT_IDS.find((id) => {
      const shortcut = shortcutFor(id, chosen);
      if (inField && !shortcut.inFields) return false;
      if ((shortcut.mod ?? false) !== mod || (shortcut.alt ?? false) !== event.altKey) return false;
      if (shortcut.code !== undefined)
        return [shortcut.code].flat().includes(event.code) && (shortcut.shift ?? false) === event.shiftKey;
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
  return index < DIGITS.length ? keysText({ ...SHORTCUTS.account, cap: String(index + 1) }, isMac) : undefined;
}

/** The combination in the platform's notation: "Ctrl+K", "⌘K". */
export function shortcutText(id: ShortcutId, isMac: boolean, chosen: ChosenKeys = {}): string {
  return keysText(shortcutFor(id, chosen), isMac);
}

export function keysText(
  { mod, alt, shift, cap }: Pick<Shortcut, 'mod' | 'alt' | 'shift' | 'cap'>,
  isMac: boolean,
): string {
  if (isMac) return `${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${cap}`;
  return [mod ? 'Ctrl' : '', alt ? 'Alt' : '', shift ? 'Shift' : '', cap].filter(Boolean).join('+');
}

/** True when the element itself takes typed text. */
export function isTextField(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element instanceof HTMLTextAreaElement) return true;
  return (
    element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(element.type)
  );
}
