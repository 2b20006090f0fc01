/**
 * Text that the program puts into a field. Setting the value would wipe what Undo knows of the field, so it goes in as if
 * it were typed, for which the field needs the focus for a moment.
 */

/**
 * Puts `text` in the place of what lies between `start` and `end` (UTF-16 units), with the caret behind it. Whatever had
 * the focus has it again afterwards. The field tells of it by its `input` event.
 */
export function putText(field: HTMLTextAreaElement, text: string, start: number, end: number): void {
  if (start === end && text === '') return;
  const before = document.activeElement;
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  if (document.activeElement !== field || !typeIn(text)) {
    // Out of sight, or read only: it cannot be typed in, and nobody has anything to undo there.
    field.setRangeText(text, start, end, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
  }
  if (before instanceof HTMLElement && before !== field && before !== document.body && before.isConnected)
    before.focus({ preventScroll: true });
}

/** False where the browser does not do it. */
function typeIn(text: string): boolean {
  // The one way to change a field's text that its Undo hears of; no other was ever specified.
  return text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
}
