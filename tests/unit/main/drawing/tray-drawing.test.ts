/** The drawn signs, by their pixels: what is shown is there, can be told apart, and is cut off nowhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../electron/main/lib/drawing/png.ts';
import type { Raster } from '../../../../electron/main/lib/drawing/raster.ts';
import { drawOverlay, drawTemplate, drawTray, traySign } from '../../../../electron/main/lib/drawing/tray-drawing.ts';

/** 100 %, 125 %, 150 %, 200 %, and what panels of Linux get. */
const SIZES = [16, 20, 24, 32, 48];
const COUNTS = [...Array.from({ length: 99 }, (_, index) => index + 1), 100];
const SIGNS = [traySign(0, false), traySign(0, true), ...COUNTS.map((count) => traySign(count, false))];

type Pixel = [number, number, number, number];

function pixel({ size, pixels }: Raster, x: number, y: number): Pixel {
  const at = (y * size + x) * 4;
  return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0, pixels[at + 3] ?? 0];
}

/** The first and the last column with something of about this colour. */
function columnsOf(raster: Raster, is: (pixel: Pixel) => boolean): { first: number; last: number } {
  const across = Array.from({ length: raster.size }, (_, index) => index);
  const columns = across.filter((x) => across.some((y) => is(pixel(raster, x, y))));
  return { first: Math.min(...columns), last: Math.max(...columns) };
}

const isRed = ([red, green, , alpha]: Pixel): boolean => alpha > 200 && red > 200 && green < 90;
const isWhite = ([red, green, blue, alpha]: Pixel): boolean => alpha > 200 && red > 240 && green > 190 && blue > 190;
/** How much two pictures differ, in pixels that have nothing in common. */
function difference(one: Raster, other: Raster): number {
  let sum = 0;
  for (let at = 0; at < one.pixels.length; at += 4) {
    let most = 0;
    for (let channel = at; channel < at + 4; channel += 1) {
      most = Math.max(most, Math.abs((one.pixels[channel] ?? 0) - (other.pixels[channel] ?? 0)));
    }
    sum += most / 255;
  }
  return sum;
}

describe('a sign', () => {
  it.each([
    [0, false, { kind: 'none' }],
    [0, true, { kind: 'dot' }],
    [1, false, { kind: 'count', text: '1' }],
    [9, true, { kind: 'count', text: '9' }],
    [99, false, { kind: 'count', text: '99' }],
    [100, false, { kind: 'count', text: '99+' }],
    [1e6, false, { kind: 'count', text: '99+' }],
    [-1, false, { kind: 'none' }],
  ] as const)('of %i messages, muted ones %s', (messages, muted, sign) => {
    expect(traySign(messages, muted)).toEqual(sign);
  });
});

describe.each(SIZES)('the tray in %i pixels', (size) => {
  it('has that size, and something in it', () => {
    for (const sign of SIGNS) {
      const { pixels, size: made } = drawTray(size, sign);
      expect(made).toBe(size);
      expect(pixels).toHaveLength(size * size * 4);
      expect(pixels.some((value, index) => index % 4 === 3 && value === 255)).toBe(true);
    }
  });

  it('tells every count from every other one', () => {
    const drawn = SIGNS.map((sign) => drawTray(size, sign));
    let least = Infinity;
    drawn.forEach((one, index) => {
      for (const other of drawn.slice(index + 1)) least = Math.min(least, difference(one, other));
    });
    expect(least).toBeGreaterThanOrEqual(2);
  });

  it.each(['1', '8', '10', '48', '99+'])('holds %s within its pill, in white', (text) => {
    const raster = drawTray(size, { kind: 'count', text });
    const red = columnsOf(raster, isRed);
    const white = columnsOf(within(raster, red.first), isWhite);
    // There is red on both sides of the digits.
    expect(white.first).toBeGreaterThan(red.first);
    expect(white.last).toBeLessThan(red.last);
    expect(white.last - white.first).toBeGreaterThan((text.length * size) / 8);
  });

  it('keeps a gap of nothing between a sign and the plate', () => {
    const raster = drawTray(size, { kind: 'count', text: '1' });
    // Straight to the left of the pill's middle: its edge is 5 units from the left, and the gap one unit wide.
    const y = Math.floor((10.5 / 16) * size);
    expect(pixel(raster, Math.floor((4.5 / 16) * size), y)[3]).toBeLessThan(90);
    expect(pixel(raster, Math.floor((2 / 16) * size), y)[3]).toBe(255);
  });
});

/** The part with the pill: the mark has white as well. */
function within({ size, pixels }: Raster, left: number): Raster {
  const isIn = (at: number): boolean => at % size >= left && Math.floor(at / size) > (6 / 16) * size;
  return { size, pixels: pixels.map((value, index) => (isIn(Math.floor(index / 4)) ? value : 0)) };
}

describe('the smallest digits', () => {
  it('are sharp: their upright lines fill whole pixels', () => {
    // The upright of a 4 has three quarters of its width before it, and the pixel below its bar is white.
    const raster = drawTray(16, { kind: 'count', text: '4' });
    const row = Array.from({ length: 11 }, (_, x) => pixel(raster, 5 + x, 13)).filter(([, green]) => green > 150);
    expect(row.length).toBeGreaterThanOrEqual(1);
    expect(row.length).toBeLessThanOrEqual(2);
    const zero = drawTray(16, { kind: 'count', text: '0' });
    expect(pixel(zero, 8, 10)[1]).toBeGreaterThan(240);
    expect(pixel(zero, 10, 10)[1]).toBeLessThan(70);
    expect(pixel(zero, 12, 10)[1]).toBeGreaterThan(240);
  });
});

describe('the plain tray', () => {
  it('is the icon that the installers have', async () => {
    const icon = readFileSync(join(import.meta.dirname, '../../../../build/icons/32x32.png'));
    const rendered = { size: 32, pixels: new Uint8Array(await sharp(icon).ensureAlpha().raw().toBuffer()) };
    // Both smooth their edges, each in its way.
    expect(difference(rendered, drawTray(32, { kind: 'none' }))).toBeLessThan(12);
    expect(difference(rendered, drawTray(32, { kind: 'dot' }))).toBeGreaterThan(40);
  });
});

describe('the template of macOS', () => {
  it.each([16, 32])('has no colour in %i pixels, and its dot stands clear', (size) => {
    const plain = drawTemplate(size, { kind: 'none' });
    const dotted = drawTemplate(size, { kind: 'dot' });
    for (const { pixels } of [plain, dotted]) {
      expect(pixels.some((value, index) => index % 4 !== 3 && value !== 0)).toBe(false);
      expect(pixels.some((value, index) => index % 4 === 3 && value === 255)).toBe(true);
    }
    expect(difference(plain, dotted)).toBeGreaterThan(size);
    // A count is text beside it.
    expect(drawTemplate(size, { kind: 'count', text: '3' })).toEqual(plain);
    // The corners are empty: it is no plate.
    expect(pixel(plain, 0, 0)[3]).toBe(0);
  });
});

describe('the overlay of the taskbar', () => {
  it.each(SIZES)('is a count that differs from all others in %i pixels', (size) => {
    const drawn = COUNTS.map((count) => drawOverlay(size, count > 99 ? '99+' : String(count)));
    drawn.forEach((one, index) => {
      const { first, last } = columnsOf(one, isRed);
      expect(last - first).toBeGreaterThan(size * 0.75);
      for (const other of drawn.slice(index + 1)) expect(difference(one, other)).toBeGreaterThanOrEqual(2);
    });
  });
});

describe('a PNG', () => {
  it.each(SIZES)('gives back the pixels, %i by as many', async (size) => {
    const raster = drawTray(size, { kind: 'count', text: '27' });
    const { data, info } = await sharp(encodePng(raster)).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: size, height: size, channels: 4 });
    expect(new Uint8Array(data)).toEqual(raster.pixels);
  });
});
