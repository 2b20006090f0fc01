/** Keys that the user gave to a shortcut in place of its own. Pure data. */

/** The shortcuts that can be changed. */
export const EDITABLE_SHORTCUTS = [
  'palette',
  'newChat',
  'find',
  'previousChat',
  'nextChat',
  'settings',
  'shortcuts',
] as const;
export type EditableShortcut = (typeof EDITABLE_SHORTCUTS)[number];

/** `code` is that of `KeyboardEvent`: the place of the key, in every layout. `mod` is Ctrl, or Command on a Mac. */
export interface ShortcutKeys {
  code: string;
  mod: boolean;
  alt: boolean;
  shift: boolean;
}
