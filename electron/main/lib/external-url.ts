/** Which addresses may be opened in the system's browser or mail program. */

const LONGEST = 2048;
const SCHEMES = new Set(['https:', 'http:', 'mailto:']);

/**
 * The address in the form in which it may be opened, or null if it may not: only the web and mail, no credentials, at
 * most 2,048 characters, nothing that a shell or a screen could read differently.
 */
export function externalUrl(text: string): string | null {
  if (text.length === 0 || text.length > LONGEST || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (!SCHEMES.has(url.protocol) || url.username !== '' || url.password !== '') return null;
  if (url.protocol !== 'mailto:' && url.hostname === '') return null;
  // The parser's own serialization is opened: percent-encoded, without white space and controls.
  if (url.href.length > LONGEST || /[\s"<>`\p{C}]/u.test(url.href)) return null;
  return url.href;
}
