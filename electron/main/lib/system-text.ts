/** Texts of people as the systems' notifications take them. Pure. */

/** XML and D-Bus know no control characters, and half a surrogate pair is no text: one of them and nothing is shown. */
function plain(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]+/gu, ' ');
}

/** The title: every system takes it as it is. */
export function noticeTitle(text: string): string {
  return plain(text);
}

/**
 * The body. Notification servers of Linux read it as markup (`<b>`, `<a>`, `&amp;`): a text of people is none, and one
 * bare `&` makes some of them show nothing. The other systems are given the text by Electron, escaped.
 */
export function noticeBody(text: string, platform: NodeJS.Platform): string {
  const words = plain(text);
  if (platform !== 'linux') return words;
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
