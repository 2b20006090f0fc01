/** The keys that work everywhere: one table for what happens, what the settings list and what menus show. Pure. */

export type ShortcutId =
  'palette' | 'newChat' | 'search' | 'find' | 'previousChat' | 'nextChat' | 'settings' | 'shortcuts' | 'back';

interface Shortcut {
  /** `KeyboardEvent.code` where the place of the key counts (so that it works in every layout), else `key`. */
  code?: string;
  key?: string;
  /** Ctrl, or Command on a Mac. */
  mod?: boolean;
  alt?: boolean;
  /** Works while a text field has the focus. */
  inFields: boolean;
  /** As it is written, without the modifiers. */
  cap: string;
}

export const SHORTCUTS: Record<ShortcutId, Shortcut> = {
  palette: { code: 'KeyK', mod: true, inFields: true, cap: 'K' },
  newChat: { code: 'KeyN', mod: true, inFields: true, cap: 'N' },
  search: { key: '/', inFields: false, cap: '/' },
  find: { code: 'KeyF', mod: true, inFields: true, cap: 'F' },
  previousChat: { code: 'ArrowUp', alt: true, inFields: true, cap: '↑' },
  nextChat: { code: 'ArrowDown', alt: true, inFields: true, cap: '↓' },
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
      if (shortcut.code !== undefined) return shortcut.code === event.code && !event.shiftKey;
      return shortcut.key === event.key;
    }) ?? null
  );
}

/** The combination as the person's computer writes it: "Ctrl+K", "⌘K". */
export function shortcutText(id: ShortcutId, isMac: boolean): string {
  const { mod, alt, cap } = SHORTCUTS[id];
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
