/**
 * The ratios of WCAG 2 for every pair of colours that the screens put together, in both themes, for all eight tones and
 * with every accent.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ACCENTS } from '../../../contract/ipc/views.ts';

const styles = join(import.meta.dirname, '../../../renderer/src/styles');
const read = (name: string): string => readFileSync(join(styles, name), 'utf8');
const tokens = read('tokens.css');
const root = tokens.slice(tokens.indexOf(':root {'), tokens.indexOf('\n}\n'));
const tones = read('tones.css');
const arithmetic = tones.slice(tones.indexOf('[class'), tones.indexOf('\n}\n', tones.indexOf('[class')));
const declared = (css: string): [name: string, value: string][] =>
  [...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', (match[2] ?? '').trim()]);
const shared = [root, arithmetic].flatMap(declared);
/** What each accent declares, by its name. */
const accents = new Map(
  [...read('accents.css').matchAll(/\[data-accent='(\w+)'\] \{([^}]*)\}/g)].map((match) => [
    match[1] ?? '',
    declared(match[2] ?? ''),
  ]),
);
const HUES = [...tones.matchAll(/--h: (\d+);/g)].map((match) => Number(match[1]));

type Theme = 'light' | 'dark';
type Values = ReadonlyMap<string, string>;
/** Linear light, 0 to 1. */
type Rgb = [number, number, number];

const linear = (share: number): number => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
const encoded = (light: number): number => (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);
const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/** The arguments of a CSS function, at its own level. */
function parts(list: string): string[] {
  let depth = 0;
  const found = [''];
  for (const char of list) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (char === ',' && depth === 0) found.push('');
    else found[found.length - 1] += char;
  }
  return found.map((part) => part.trim());
}

function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function colourOf(values: Values, value: string, theme: Theme, hue: number): Rgb {
  const alias = /^var\(--([\w-]+)\)$/.exec(value);
  if (alias?.[1]) return token(values, alias[1], theme, hue);
  if (value.startsWith('light-dark(')) {
    return colourOf(values, parts(value.slice(11, -1))[theme === 'light' ? 0 : 1] ?? '', theme, hue);
  }
  const hex = /^#(\w{6})$/.exec(value)?.[1];
  if (hex !== undefined) {
    const part = (at: number): number => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255);
    return [part(0), part(2), part(4)];
  }
  const polar = /^oklch\(([\d.]+) ([\d.]+) (?:var\(--h\)|calc\(var\(--h\) \+ (\d+)\))\)$/.exec(value);
  if (polar) return oklch(Number(polar[1]), Number(polar[2]), hue + Number(polar[3] ?? 0));
  throw new Error(`no plain colour: ${value}`);
}

function token(values: Values, name: string, theme: Theme, hue: number): Rgb {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no token --${name}`);
  return colourOf(values, value, theme, hue);
}

/** A ground by name; `frame+hover` is the frame under the veil of the pointer. */
function ground(values: Values, name: string, theme: Theme, hue: number): Rgb {
  const [base = '', veil] = name.split('+');
  const under = token(values, base, theme, hue);
  if (veil === undefined) return under;
  const value = parts((values.get(veil) ?? '').slice(11, -1))[theme === 'light' ? 0 : 1] ?? '';
  const match = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(value);
  if (!match) throw new Error(`--${veil} is no veil: ${value}`);
  const alpha = Number(match[4]) / 100;
  return under.map((light, at) => linear(encoded(light) * (1 - alpha) + (Number(match[at + 1]) / 255) * alpha)) as Rgb;
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** The lowest ratio over all tones and accents, and the accent that has it. */
function lowest(word: string, on: string, theme: Theme): { ratio: number; accent: string } {
  const ratios = [...accents].flatMap(([accent, own]) => {
    const values = new Map([...shared, ...own]);
    return HUES.map((hue) => {
      const pair = [luminance(token(values, word, theme, hue)), luminance(ground(values, on, theme, hue))];
      return { ratio: (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), accent };
    });
  });
  return ratios.reduce((least, one) => (one.ratio < least.ratio ? one : least));
}

const SURFACES = ['frame', 'sheet', 'canvas', 'raised', 'float', 'field', 'sunken', 'lifted', 'glow-a', 'glow-b'];
const VEILED = ['frame+hover', 'glow-a+hover', 'raised+hover', 'float+hover'];
const WORDS: [string, string[]][] = [
  ['text', [...SURFACES, ...VEILED, 'accent-soft', 'danger-soft', 'warn-soft', 'ok-soft', 'mark', 'theirs']],
  ['text-2', [...SURFACES, ...VEILED, 'float+press', 'frame+press', 'warn-soft', 'tone-soft', 'accent-soft', 'theirs']],
  ['text-3', [...SURFACES, ...VEILED, 'float+press']],
  ['accent-text', ['frame', 'sheet', 'canvas', 'raised', 'float', 'accent-soft', 'glow-a', 'theirs', ...VEILED]],
  ['danger', ['frame', 'sheet', 'canvas', 'raised', 'float', 'danger-soft', 'glow-a', ...VEILED, 'float+press']],
  ['warn', ['sheet', 'canvas', 'raised', 'warn-soft', 'theirs']],
  ['ok', ['sheet', 'raised', 'canvas', 'ok-soft']],
  ['text', ['selection']],
  ['on-accent', ['accent', 'accent-hover', 'muted-badge', 'tip', 'danger-fill', 'danger-fill-hover', 'av-a', 'av-b']],
  ['tip-action', ['tip']],
  ['live-text', ['raised', 'sheet']],
  ['mark-text', ['mark']],
  ['theirs-meta', ['theirs']],
  ['mine-text', ['mine', 'mine-2']],
  ['mine-meta', ['mine', 'mine-2']],
  ['tone-text', ['theirs', 'tone-soft', 'sheet', 'raised']],
];
const EDGES: [string, string[]][] = [
  ['line-control', ['sheet', 'field', 'frame', 'raised', 'float']],
  ['focus', ['frame', 'sheet', 'canvas', 'raised', 'float', 'glow-a']],
  ['online', ['raised', 'frame', 'sheet']],
  ['accent', ['raised']],
];

test('there are eight tones', () => {
  expect(HUES).toEqual([272, 312, 355, 25, 62, 140, 175, 232]);
});

test('every accent that can be chosen has the colours of the first', () => {
  expect([...accents.keys()]).toEqual(ACCENTS);
  const names = accents.get('indigo')?.map(([name]) => name);
  expect(names?.length).toBeGreaterThan(8);
  for (const [accent, own] of accents)
    expect(
      own.map(([name]) => name),
      accent,
    ).toEqual(names);
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(WORDS.flatMap(([word, grounds]) => grounds.map((on) => [word, on] as const)))(
    '--%s on --%s can be read (4.5:1)',
    (word, on) => {
      const { ratio, accent } = lowest(word, on, theme);
      expect(ratio, accent).toBeGreaterThanOrEqual(4.5);
    },
  );
  test.each(EDGES.flatMap(([edge, grounds]) => grounds.map((on) => [edge, on] as const)))(
    '--%s on --%s can be seen (3:1)',
    (edge, on) => {
      const { ratio, accent } = lowest(edge, on, theme);
      expect(ratio, accent).toBeGreaterThanOrEqual(3);
    },
  );
});
