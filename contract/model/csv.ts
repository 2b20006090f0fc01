/** Comma-separated values that a spreadsheet may open. Pure. */

/** The last line of a file that broke off. A complete one has none. */
export const CSV_INCOMPLETE = 'incomplete';

/** With it, a spreadsheet reads the file as UTF-8. */
export const CSV_START = '\uFEFF';

/** What a spreadsheet could run, also in its wide form, and after spaces that some drop. */
const FORMULA = /^[\s\p{Cf}\p{Cc}]*[=+\-@＝＋－＠|%]/u;
/** Some take the begin of a cell for its end. */
const CONTROL = /^[\t\r\n]/;

/** One cell, quoted: a text that could be a formula gets an apostrophe in front, which spreadsheets do not show. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) || CONTROL.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** One line with its end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
