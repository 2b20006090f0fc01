/** Prepares people's texts for system notifications. Pure. */

/** XML and D-Bus allow neither control characters nor lone surrogates: with one of them nothing is shown. */
function plain(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]+/gu, ' ');
}

/** The title: every system shows it as it is. */
export function noticeTitle(text: string): string {
  return plain(text);
}

/**
 * The body. Notification servers of Linux read it as markup (`<b>`, `<a>`, `&amp;`): people's text is not, and one bare
 * `&` makes some of them show nothing. For the other systems Electron escapes the text.
 */
export function noticeBody(text: string, platform: NodeJS.Platform): string {
  const words = plain(text);
  if (platform !== 'linux') return words;
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
