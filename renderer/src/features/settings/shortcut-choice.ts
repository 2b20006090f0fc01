/** Choosing other keys for a shortcut: what was pressed, and whether it is free. Pure. */
import type { EditableShortcut, ShortcutKeys } from '#contract/model/shortcut-keys.ts';
import {
  capOf,
  type ChosenKeys,
  type Keys,
  keysText,
  type Shortcut,
  SHORTCUT_IDS,
  shortcutFor,
  type ShortcutId,
} from '../../composables/shortcuts.ts';

/** Keys that were just pressed, in the platform's notation. */
export function pressedText(keys: ShortcutKeys, isMac: boolean): string {
  return keysText({ ...keys, cap: capOf(keys.code) }, isMac);
}

/** Keys that edit, zoom, close or quit together with Ctrl or Command, wherever one is. */
const TAKEN = new Set(['A', 'C', 'V', 'X', 'Z', 'Y', 'B', 'I', 'Q', 'W', 'H', 'M', 'R'].map((key) => `Key${key}`));
const ZOOM = new Set(['Minus', 'Equal', 'Digit0', 'NumpadAdd', 'NumpadSubtract', 'Numpad0']);
const NO_KEYS =
  /^(Shift|Control|Alt|Meta|OS|CapsLock|NumLock|ScrollLock|Fn|Tab|Escape|Enter|NumpadEnter|Space|Backspace|Delete)/;

/** The keys of a press, or null while only modifiers are held. */
export function keysOf(event: Keys, isMac: boolean): ShortcutKeys | null {
  if (/^(Shift|Control|Alt|Meta|OS|CapsLock|Fn)/.test(event.code) || event.code === '') return null;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return { code: event.code, mod, alt: event.altKey, shift: event.shiftKey };
}

/**
 * Why these keys cannot be a shortcut's: `reserved` for the system or for typing, or the shortcut that has them. Null:
 * they are free.
 */
export function keysProblem(
  keys: ShortcutKeys,
  id: EditableShortcut,
  chosen: ChosenKeys,
): 'reserved' | ShortcutId | null {
  const { code, mod, alt } = keys;
  const isFunctionKey = /^F([2-9]|1[0-2])$/.test(code);
  if (NO_KEYS.test(code) || !/^[A-Za-z0-9]{1,24}$/.test(code)) return 'reserved';
  if (!mod && !alt && !isFunctionKey) return 'reserved';
  if (mod && !alt && (TAKEN.has(code) || ZOOM.has(code))) return 'reserved';
  // Closes windows on Windows.
  if (alt && code === 'F4') return 'reserved';
  return SHORTCUT_IDS.find((other) => other !== id && has(shortcutFor(other, chosen), keys)) ?? null;
}

function has({ code, mod, alt, shift }: Shortcut, keys: ShortcutKeys): boolean {
  if (code === undefined || ![code].flat().includes(keys.code)) return false;
  return (mod ?? false) === keys.mod && (alt ?? false) === keys.alt && (shift ?? false) === keys.shift;
}
