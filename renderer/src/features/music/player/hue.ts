/** The hue of a cover: that of its most colourful part. Pure. */

/** Below this chroma a picture has no colour to speak of. */
const LEAST_CHROMA = 0.03;
/** Degrees that count as one hue. */
const STEP = 15;

const linear = (value: number): number => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};

/** OKLab's chroma and hue in degrees of a colour, each channel 0 to 255. */
export function chromaOf(red: number, green: number, blue: number): { chroma: number; hue: number } {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const c = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return { chroma: Math.hypot(a, c), hue: ((Math.atan2(c, a) * 180) / Math.PI + 360) % 360 };
}

/** The hue in whole degrees that carries the most colour; null for a picture in grey. @param pixels RGBA, 0 to 255 */
export function hueOf(pixels: ArrayLike<number>): number | null {
  const sums = new Float64Array(360 / STEP);
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const { chroma, hue } = chromaOf(pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
    // Squared, so that a little of a strong colour wins over much of a pale one.
    if (chroma >= LEAST_CHROMA) sums[Math.floor(hue / STEP)] = (sums[Math.floor(hue / STEP)] ?? 0) + chroma ** 2;
  }
  const most = Math.max(...sums);
  return most === 0 ? null : sums.indexOf(most) * STEP + Math.floor(STEP / 2);
}
