import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../renderer/src/styles/tokens.css'), 'utf8');
const root = css.slice(css.indexOf(':root {'), css.indexOf('\n}\n'));
const values = new Map(
  [...root.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? '', (match[2] ?? '').trim()]),
);

type Theme = 'light' | 'dark';

function colour(token: string, theme: Theme): [number, number, number] {
  const value = values.get(token);
  if (value === undefined) throw new Error(`no token --${token}`);
  const alias = /^var\(--([\w-]+)\)$/.exec(value);
  if (alias?.[1]) return colour(alias[1], theme);
  const pair = /^light-dark\((#\w{6}),\s*(#\w{6})\)$/.exec(value);
  const hex = pair ? pair[theme === 'light' ? 1 : 2] : /^#\w{6}$/.exec(value)?.[0];
  if (hex === undefined) throw new Error(`--${token} is no plain colour: ${value}`);
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function luminance(rgb: [number, number, number]): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast ratio of WCAG 2. */
function contrast(one: string, other: string, theme: Theme): number {
  const [light, dark] = [luminance(colour(one, theme)), luminance(colour(other, theme))].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const SURFACES = ['bg-app', 'bg-pane', 'bg', 'bg-raised', 'bg-field', 'bg-sunken', 'bg-selected'];
const WORDS: [string, string[]][] = [
  ['text', [...SURFACES, 'accent-soft', 'danger-soft', 'warn-soft', 'ok-soft', 'mark']],
  ['text-2', [...SURFACES, 'warn-soft']],
  ['text-3', ['bg-app', 'bg-pane', 'bg', 'bg-raised', 'bg-field', 'bg-sunken', 'bg-selected']],
  ['accent-text', [...SURFACES, 'accent-soft', 'bubble-mine', 'bubble-theirs']],
  ['danger', ['bg-pane', 'bg', 'bg-raised', 'bg-field', 'danger-soft', 'bg-selected', 'bubble-mine']],
  ['warn', ['bg', 'bg-pane', 'bg-raised', 'warn-soft', 'bubble-mine']],
  ['ok', ['bg', 'bg-raised', 'ok-soft']],
  ['on-accent', ['accent', 'accent-hover', 'accent-active', 'badge-muted']],
  ['on-danger', ['danger-fill', 'danger-fill-hover']],
  ['on-tooltip', ['bg-tooltip']],
  ['bubble-theirs-text', ['bubble-theirs']],
  ['bubble-theirs-meta', ['bubble-theirs']],
  ['bubble-mine-text', ['bubble-mine', 'mark']],
  ['bubble-mine-meta', ['bubble-mine']],
  ['on-avatar', Array.from({ length: 8 }, (_, index) => `avatar-${String(index + 1)}`)],
];
const EDGES: [string, string[]][] = [
  ['line-control', ['bg', 'bg-pane', 'bg-raised', 'bg-field']],
  ['focus', SURFACES],
  ['online', ['bg', 'bg-pane']],
  ['badge-muted', ['bg-pane']],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(WORDS.flatMap(([word, grounds]) => grounds.map((ground) => [word, ground] as const)))(
    '--%s on --%s can be read (4.5:1)',
    (word, ground) => {
      expect(contrast(word, ground, theme)).toBeGreaterThanOrEqual(4.5);
    },
  );
  test.each(EDGES.flatMap(([edge, grounds]) => grounds.map((ground) => [edge, ground] as const)))(
    '--%s on --%s can be seen (3:1)',
    (edge, ground) => {
      expect(contrast(edge, ground, theme)).toBeGreaterThanOrEqual(3);
    },
  );
});
