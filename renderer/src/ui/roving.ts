/** Arrow keys in a short list of controls with `data-row`: moves the focus, and the list scrolls along. */

/** Handles a key pressed inside `container`; true when it moved the focus. `leave` runs on Up in the first row. */
export function moveByKey(container: HTMLElement, event: KeyboardEvent, leave?: () => void): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  const rows = [...container.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return false;
  if (event.key === 'ArrowUp' && at === 0 && leave) {
    event.preventDefault();
    leave();
    return true;
  }
  const targets: Record<string, number> = {
    ArrowDown: Math.min(at + 1, rows.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: rows.length - 1,
  };
  const target = targets[event.key];
  if (target === undefined) return false;
  event.preventDefault();
  rows[target]?.focus();
  return true;
}
