/**
 * A text as it leaves: line ends of every kind are one, blank lines before and blanks behind are cut. The first line's
 * indentation stays: it may be code. Pure.
 */
export function asSent(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
}
