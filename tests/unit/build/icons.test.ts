import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ICNS_KINDS, makeIcns, makeIco } from '../../../build/icon-containers.ts';

const BUILD = join(import.meta.dirname, '../../../build');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Width and height that a PNG names, after looking that it is one. */
function sides(png: Buffer): [number, number] {
  expect(png.subarray(0, 8).equals(PNG)).toBe(true);
  expect(png.toString('latin1', 12, 16)).toBe('IHDR');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** The pictures of an .ico, by the directory in front of them. */
function readIco(ico: Buffer): { size: number; png: Buffer }[] {
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const entry = 6 + index * 16;
    const start = ico.readUInt32LE(entry + 12);
    return { size: ico.readUInt8(entry) || 256, png: ico.subarray(start, start + ico.readUInt32LE(entry + 8)) };
  });
}

/** The chunks of an .icns. */
function readIcns(icns: Buffer): { kind: string; png: Buffer }[] {
  expect(icns.toString('latin1', 0, 4)).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const chunks = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    chunks.push({
      kind: icns.toString('latin1', at, at + 4),
      png: icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)),
    });
  }
  return chunks;
}

describe('the containers of icons', () => {
  it('give back what was put in', () => {
    const one = Buffer.from('one');
    const two = Buffer.from('twotwo');
    const pictures = [
      { size: 16, png: one },
      { size: 256, png: two },
    ];
    expect(readIco(makeIco(pictures))).toEqual(pictures);
    const bySize = new Map([16, 32, 64, 128, 256, 512, 1024].map((size) => [size, Buffer.from(`p${String(size)}`)]));
    expect(readIcns(makeIcns(bySize)).map(({ kind, png }) => [kind, png.toString()])).toEqual(
      ICNS_KINDS.map(({ kind, size }) => [kind, `p${String(size)}`]),
    );
    expect(() => makeIcns(new Map())).toThrow('16 pixels');
  });
});

describe('the committed icons', () => {
  it('hold every size that Windows asks for', () => {
    const pictures = readIco(readFileSync(join(BUILD, 'icon.ico')));
    expect(pictures.map(({ size }) => size)).toEqual([16, 24, 32, 48, 64, 128, 256]);
    for (const { size, png } of pictures) expect(sides(png)).toEqual([size, size]);
  });

  it('hold every kind that macOS asks for', () => {
    const chunks = readIcns(readFileSync(join(BUILD, 'icon.icns')));
    expect(chunks.map(({ kind }) => kind)).toEqual(ICNS_KINDS.map(({ kind }) => kind));
    chunks.forEach(({ png }, index) => {
      const size = ICNS_KINDS[index]?.size;
      expect(sides(png)).toEqual([size, size]);
    });
  });

  it.each([
    ['icon.png', 1024],
    ['icons/16x16.png', 16],
    ['icons/32x32.png', 32],
    ['icons/48x48.png', 48],
    ['icons/64x64.png', 64],
    ['icons/128x128.png', 128],
    ['icons/256x256.png', 256],
    ['icons/512x512.png', 512],
    ['tray/window.png', 256],
  ])('%s has %i pixels', (file, size) => {
    expect(sides(readFileSync(join(BUILD, file)))).toEqual([size, size]);
  });
});
