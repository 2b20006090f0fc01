/** What the Enter key does. Pure. */

export interface EnterKey {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** An input method is composing: the key belongs to it. */
  isComposing: boolean;
  /** 229 where the platform hides a key handled by an input method. */
  keyCode: number;
}

/** True when the key sends the message; any other Enter inserts a line break. */
export function sends(event: EnterKey, enterSends: boolean): boolean {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return !event.shiftKey;
  return enterSends !== event.shiftKey;
}
