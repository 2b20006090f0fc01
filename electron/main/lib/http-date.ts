/**
 * A date of an HTTP header in milliseconds since the epoch; null if it is not one. Only the form of RFC 9110
 * (IMF-fixdate) is read: Date.parse takes all kinds of text for dates.
 */
export function httpDate(text: string | undefined): number | null {
  if (!text || !/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
