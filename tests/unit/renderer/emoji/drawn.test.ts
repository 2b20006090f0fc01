import { describe, expect, it } from 'vitest';
import { createDrawnEmojis, INK, inkOf, type Look } from '../../../../renderer/src/composables/emoji/drawn.ts';
import { rowStep, sectionAt } from '../../../../renderer/src/features/emoji/sections.ts';

const INK_PIXEL = [...INK, 255];
const NOTHING = [0, 0, 0, 0];

/** Two pixels; `width` in emojis. */
function look(pixels: readonly number[], width = 1): Look {
  return { width, pixels: Uint8ClampedArray.from([...NOTHING, ...pixels]) };
}

const yellow = (shade: number): Look => look([250, 200, shade, 255]);

/** A font that has the given signs; anything else comes out as `lacking`. */
function painterOf(font: Record<string, Look>, lacking: Look) {
  const painted: string[][] = [];
  return {
    painted,
    paint: (texts: readonly string[]): Look[] => {
      if (texts.length > 0) painted.push([...texts]);
      return texts.map((text) => font[text] ?? lacking);
    },
  };
}

async function judge(font: Record<string, Look>, lacking: Look, emojis: readonly string[]) {
  const drawn = createDrawnEmojis(painterOf(font, lacking).paint, () => Promise.resolve());
  await drawn.prove(emojis, new AbortController().signal);
  return Object.fromEntries(emojis.map((emoji) => [emoji, drawn.get(emoji)]));
}

describe('what a font draws', () => {
  it.each([
    ['nothing', look(NOTHING), { any: false, coloured: false }],
    ['what is nearly clear', look([255, 200, 0, 90]), { any: false, coloured: false }],
    ['the ink alone', look(INK_PIXEL), { any: true, coloured: false }],
    ['the ink, rounded', look([252, 3, 253, 120]), { any: true, coloured: false }],
    ['black', look([0, 0, 0, 255]), { any: true, coloured: true }],
    ['a colour', yellow(1), { any: true, coloured: true }],
  ])('%s', (_, painted, want) => {
    expect(inkOf(painted)).toEqual(want);
  });

  it('is neither an empty place, a black sign, nor what falls apart', async () => {
    const font = { '😀': yellow(1), '🐈': yellow(2), '🖤': look(INK_PIXEL), '🧑‍🩰': look([250, 200, 3, 255], 2) };
    expect(await judge(font, look(NOTHING), ['😀', '🐈', '🖤', '🧑‍🩰', '🫩'])).toEqual({
      '😀': true,
      '🐈': true,
      '🖤': false,
      '🧑‍🩰': false,
      '🫩': false,
    });
  });

  it('is no flag that looks like the plain black one', async () => {
    const scotland = '🏴󠁧󠁢󠁳󠁣󠁴󠁿';
    const wales = '🏴󠁧󠁢󠁷󠁬󠁳󠁿';
    const font = { '😀': yellow(1), '🏴': yellow(2), [scotland]: yellow(2), [wales]: yellow(3) };
    expect(await judge(font, look(NOTHING), ['🏴', scotland, wales])).toEqual({
      '🏴': true,
      [scotland]: false,
      [wales]: true,
    });
  });

  it('may be black where the whole font is: only boxes are lacking', async () => {
    const box = look([...INK, 200]);
    const font = { '😀': look(INK_PIXEL), '🐈': look(INK_PIXEL) };
    expect(await judge(font, box, ['😀', '🐈', '🫩'])).toEqual({ '😀': true, '🐈': true, '🫩': false });
  });

  it('is everything where nothing can be painted', async () => {
    const drawn = createDrawnEmojis(null, () => Promise.reject(new Error('waited')));
    await drawn.prove(['🐈'], new AbortController().signal);
    expect(drawn.get('🐈')).toBe(true);
  });

  it('is tried once each, a few at a time, and no further when nobody wants to know any more', async () => {
    const { paint, painted } = painterOf({}, yellow(1));
    const controller = new AbortController();
    let idles = 0;
    const drawn = createDrawnEmojis(paint, () => {
      idles += 1;
      if (idles === 3) controller.abort();
      return Promise.resolve();
    });
    const emojis = Array.from({ length: 100 }, (_, at) => String.fromCodePoint(0x1f400 + at));
    await drawn.prove(emojis, controller.signal);
    expect(emojis.filter((emoji) => drawn.get(emoji) !== undefined)).toHaveLength(48);
    await drawn.prove([...emojis, ...emojis], new AbortController().signal);
    expect(painted.flat().filter((text) => emojis.includes(text))).toEqual(emojis);
    expect(Math.max(...painted.map((texts) => texts.length))).toBe(24);
  });
});

describe('the row of groups', () => {
  const sections = [
    { id: 'a', top: 0 },
    { id: 'b', top: 100 },
    { id: 'c', top: 300 },
  ];
  it.each([
    [-5, 'a'],
    [0, 'a'],
    [99, 'a'],
    [100, 'b'],
    [999, 'c'],
  ])('at %d the reader is in %s', (line, id) => {
    expect(sectionAt(sections, line)).toBe(id);
    expect(sectionAt([], line)).toBeNull();
  });

  it.each([
    ['ArrowRight', 1, 2],
    ['ArrowRight', 2, 0],
    ['ArrowLeft', 0, 2],
    ['Home', 2, 0],
    ['End', 0, 2],
    ['ArrowDown', 0, null],
  ])('%s from %d of three leads to %s', (key, at, to) => {
    expect(rowStep(key, at, 3)).toBe(to);
    expect(rowStep(key, at, 0)).toBeNull();
  });
});
