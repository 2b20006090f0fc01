/**
 * Names of files: as they are sent and shown, and as they are written into a folder. What comes from elsewhere may hold
 * anything. Pure.
 */
import { stripBidiControls } from '#contract/model/text.ts';

/** Bytes of UTF-8: what every file system takes. */
const MOST_BYTES = 255;
/** The same for a file that is saved: ` (2)` and `.part` are added to it. */
const MOST_SAVED_BYTES = 200;
/** The longest extension that is kept when a name is shortened, in characters. */
const LONGEST_EXTENSION = 16;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The name and its extension with the dot; an extension after nothing is part of the name. */
export function splitName(name: string): { stem: string; extension: string } {
  const at = name.lastIndexOf('.');
  if (at <= 0 || name.length - at > LONGEST_EXTENSION) return { stem: name, extension: '' };
  const double = /\.tar\.[A-Za-z0-9]{1,4}$/i.exec(name);
  const cut = double && double.index > 0 ? double.index : at;
  return { stem: name.slice(0, cut), extension: name.slice(cut) };
}

/** Cut to that many bytes, the extension kept. No character is cut in two. */
function shortened(name: string, most: number): string {
  if (bytesOf(name) <= most) return name;
  const { stem, extension } = splitName(name);
  let left = most - bytesOf(extension);
  let kept = '';
  for (const char of stem) {
    left -= bytesOf(char);
    if (left < 0) break;
    kept += char;
  }
  return kept.trimEnd() + extension;
}

/** A name as it is sent and shown: NFC, without a path, controls or marks that reorder; `file` when nothing is left. */
export function cleanName(name: string): string {
  const last = name.toWellFormed().normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const plain = stripBidiControls(last)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    .trim();
  const short = shortened(plain, MOST_BYTES);
  return short === '' || short === '.' || short === '..' ? 'file' : short;
}

/** Names that Windows takes for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)/i;

/**
 * A name under which a file may be written on every system: nothing that Windows forbids or reads as a device, no dot or
 * blank at its end, nothing hidden.
 */
export function saveName(name: string): string {
  const clean = cleanName(name)
    // Joiners shape the letters of some scripts and the pictures of emoji.
    .replace(/[<>:"\|?*[\p{Cf}--[\u200C\u200D]]]/gv, '_')
    .replace(/^\.+/, '_');
  const short = shortened(clean, MOST_SAVED_BYTES).replace(/[. ]+$/, '');
  if (short === '') return 'file';
  return DEVICE.test(short) ? `_${short}` : short;
}

/** The name with a number: `report.pdf`, `report (2).pdf`, `report (3).pdf`. @param n from 1. */
export function numberedName(name: string, n: number): string {
  if (n < 2) return name;
  const { stem, extension } = splitName(name);
  return `${stem} (${String(n)})${extension}`;
}
