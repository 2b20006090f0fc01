/**
 * Tags that were written in CP1251 and read as Latin-1: "Êèíî" for "Кино". Players and browsers show them so; main mends
 * what it is sure of, and the editor offers the rest. Pure.
 */

/** What 0x80 to 0xBF mean in CP1251; from 0xC0 on the letters follow in order. */
const MIDDLE = 'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u0098™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕї';
/** What Windows-1252 shows for 0x80 to 0x9F, where Latin-1 has nothing. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function byteOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return code;
  const at = WINDOWS_1252.indexOf(character);
  return at < 0 ? null : 0x80 + at;
}

/** True when most letters are those between À and ÿ, as in Russian words that were read wrongly. */
export function looksMisread(text: string): boolean {
  const letters = [...text].filter((character) => /\p{L}/u.test(character));
  const accented = letters.filter((character) => /[À-ÖØ-öø-ÿ]/u.test(character));
  return accented.length >= 2 && accented.length * 2 > letters.length;
}

/** The text as CP1251; null when it cannot have been bytes, or nothing would change. */
export function readAsCp1251(text: string): string | null {
  const bytes = [...text].map(byteOf);
  const read = bytes.map((byte) => {
    if (byte === null) return null;
    if (byte < 0x80) return String.fromCharCode(byte);
    return byte < 0xc0 ? (MIDDLE[byte - 0x80] ?? null) : String.fromCharCode(0x410 + byte - 0xc0);
  });
  if (read.some((character) => character === null)) return null;
  const whole = read.join('');
  return whole === text ? null : whole;
}
