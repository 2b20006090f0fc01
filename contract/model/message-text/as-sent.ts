/**
 * Text as sent: uniform line endings, without leading blank lines and trailing white space. The first line's
 * indentation stays: it may be code. Pure.
 */
export function asSent(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
}
