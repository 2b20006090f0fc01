/** What Enter does. Pure. */

export interface EnterKey {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** An input method is choosing a word: the key belongs to it. */
  isComposing: boolean;
  /** 229 where a platform hides a key of an input method. */
  keyCode: number;
}

/** True when the key sends the message; every other Enter breaks the line. */
export function sends(event: EnterKey, enterSends: boolean): boolean {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return !event.shiftKey;
  return enterSends !== event.shiftKey;
}
