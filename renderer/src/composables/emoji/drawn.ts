/**
 * Which emojis the fonts of this computer draw. What a font lacks is an empty place, a box, a black sign of a text font, or
 * falls apart into the signs it is made of. Found by painting each once; kept until the program ends. Pure but for the
 * painter that is given.
 */

/** How an emoji came out. */
export interface Look {
  /** Its width as a part of the width of a plain emoji. */
  width: number;
  /** RGBA, painted in `INK` where the font has no colours of its own. */
  pixels: Uint8ClampedArray;
}

/** Paints each text in a place of its own, in order. */
export type Painter = (texts: readonly string[]) => Look[];

/** No emoji is of this colour alone. */
export const INK = [255, 0, 255] as const;

/** Fainter pixels have lost their colour to rounding. */
const FAINT = 100;
const ROUNDING = 6;
/** Wider than this, more than one sign was drawn. */
const ONE_SIGN = 1.3;
/** Emojis that are painted in one go: some milliseconds. */
const BATCH = 24;
/** Every emoji font has this one. */
export const PLAIN = '😀';
/** No font has this one: what comes out is the box for what is lacking. */
const NO_CHARACTER = '\u{10FFFE}';
const TAGS = /[\u{E0020}-\u{E007F}]/gu;

/** Whether anything was drawn, and whether in colours of its own. */
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
  /** Whether it is drawn as one emoji; undefined as long as that was not tried. */
  get(emoji: string): boolean | undefined;
  /** Tries those that were not tried yet, a few at a time, each time after `idle`. Ends early when the signal is aborted. */
  prove(emojis: Iterable<string>, signal: AbortSignal): Promise<void>;
}

/** `painter` is null where nothing can be painted: then every emoji counts as drawn. */
export function createDrawnEmojis(painter: Painter | null, idle: () => Promise<void>): DrawnEmojis {
  const known = new Map<string, boolean>();
  /** A computer with emojis in black alone keeps them: only boxes count as lacking there. */
  let colours: boolean | null = null;
  let box: Look | undefined;

  function judge(paint: Painter, emojis: readonly string[]): void {
    if (colours === null) {
      const [plain, none] = paint([PLAIN, NO_CHARACTER]);
      colours = plain !== undefined && inkOf(plain).coloured;
      box = none;
    }
    const looks = paint(emojis);
    // The flag of a country's part is the black flag and signs that nobody sees where it is lacking.
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
