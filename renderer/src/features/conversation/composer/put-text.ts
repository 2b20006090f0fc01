/**
 * Inserts text into a field programmatically. Setting the value would clear the field's undo history, so the text is
 * inserted as if typed, which needs the focus for a moment.
 */

/**
 * Replaces the text between `start` and `end` (UTF-16 units) with `text` and puts the caret after it. The previous
 * focus is restored afterwards. The field emits an `input` event.
 */
export function putText(field: HTMLTextAreaElement, text: string, start: number, end: number): void {
  if (start === end && text === '') return;
  const before = document.activeElement;
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  if (document.activeElement !== field || !typeIn(text)) {
    // The field is hidden or read-only: it cannot be typed into, and there is no undo to preserve.
    field.setRangeText(text, start, end, 'end');
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertReplacementText' }));
  }
  if (before instanceof HTMLElement && before !== field && before !== document.body && before.isConnected)
    before.focus({ preventScroll: true });
}

/** False when the browser refuses. */
function typeIn(text: string): boolean {
  // The only way to change a field's text that preserves undo; no replacement was ever specified.
  return text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
}
