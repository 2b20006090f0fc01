/**
 * Detects which emojis the fonts of this computer can draw. A missing one shows as nothing, a box, a black glyph of a
 * text font, or falls apart into its components. Detected by painting each one once; cached until the program exits.
 * Pure except for the injected painter.
 */

/** The result of painting an emoji. */
export interface Look {
  /** Its width relative to a plain emoji. */
  width: number;
  /** RGBA, painted in `INK` where the font has no colours. */
  pixels: Uint8ClampedArray;
}

/** Paints each text in its own cell, in order. */
export type Painter = (texts: readonly string[]) => Look[];

/** A colour that no emoji consists of entirely. */
export const INK = [255, 0, 255] as const;

/** Fainter pixels have lost their colour to rounding. */
const FAINT = 100;
const ROUNDING = 6;
/** Anything wider is more than one glyph. */
const ONE_SIGN = 1.3;
/** Emojis painted per batch: takes a few milliseconds. */
const BATCH = 24;
/** Present in every emoji font. */
export const PLAIN = '😀';
/** Present in no font: paints the placeholder box. */
const NO_CHARACTER = '\u{10FFFE}';
const TAGS = /[\u{E0020}-\u{E007F}]/gu;

/** Whether anything was painted, and whether in colours other than `INK`. */
export function inkOf({ pixels }: Look): { any: boolean; coloured: boolean } {
  let any = false;
  for (let at = 0; at < pixels.length; at += 4) {
    if ((pixels[at + 3] ?? 0) <= FAINT) continue;
    any = true;
    if (INK.some((value, channel) => Math.abs((pixels[at + channel] ?? 0) - value) > ROUNDING))
      return { any, coloured: true };
  }
  return { any, coloured: false };
}

function same(one: Look | undefined, other: Look | undefined): boolean {
  return one !== undefined && other !== undefined && one.pixels.every((value, at) => value === other.pixels[at]);
}

export interface DrawnEmojis {
  /** Whether it is drawn as a single emoji; undefined until it has been tested. */
  get(emoji: string): boolean | undefined;
  /** Tests the emojis not tested yet, in batches, each after `idle`. Stops early when the signal is aborted. */
  prove(emojis: Iterable<string>, signal: AbortSignal): Promise<void>;
}

/** `painter` is null when painting is impossible: then every emoji counts as drawn. */
export function createDrawnEmojis(painter: Painter | null, idle: () => Promise<void>): DrawnEmojis {
  const known = new Map<string, boolean>();
  /** With monochrome emojis only, a computer keeps them: only boxes count as missing there. */
  let colours: boolean | null = null;
  let box: Look | undefined;

  function judge(paint: Painter, emojis: readonly string[]): void {
    if (colours === null) {
      const [plain, none] = paint([PLAIN, NO_CHARACTER]);
      colours = plain !== undefined && inkOf(plain).coloured;
      box = none;
    }
    const looks = paint(emojis);
    // A subdivision flag is a black flag plus tag characters, which are invisible where the flag is missing.
    const tagged = emojis.filter((emoji) => emoji.search(TAGS) >= 0);
    const bare = new Map(paint(tagged.map((emoji) => emoji.replace(TAGS, ''))).map((look, at) => [tagged[at], look]));
    for (const [at, emoji] of emojis.entries()) {
      const look = looks[at];
      if (!look) continue;
      const { any, coloured } = inkOf(look);
      const drawn = colours ? coloured : any && !same(look, box);
      known.set(emoji, drawn && look.width <= ONE_SIGN && !same(look, bare.get(emoji)));
    }
  }

  return {
    get: (emoji) => (painter ? known.get(emoji) : true),
    async prove(emojis, signal) {
      if (!painter) return;
      const open = [...new Set(emojis)].filter((emoji) => !known.has(emoji));
      for (let at = 0; at < open.length; at += BATCH) {
        await idle();
        if (signal.aborted) return;
        judge(painter, open.slice(at, at + BATCH));
      }
    },
  };
}
