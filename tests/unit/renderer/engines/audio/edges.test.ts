/** Where the sound of real files begins and ends; see tests/fixtures/sound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forMediaElement } from '../../../../../electron/main/windows/opus-head.ts';
import { edgesIn, type Edges } from '../../../../../renderer/src/engines/audio/edges/edges.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../../../fixtures/sound', name));

const edgesOf = (file: Uint8Array, played: number): Promise<Edges | null> =>
  edgesIn(
    { size: file.length, read: (at, length) => Promise.resolve(Uint8Array.from(file.subarray(at, at + length))) },
    played,
  );

test('of Opus, the samples before the sound do not count', async () => {
  const edges = await edgesOf(forMediaElement(fixture('first.opus')), 1.2065);
  expect(edges?.skip).toBe(0);
  expect(edges?.length).toBeCloseTo(1.2, 9);
});

test.each(['first.ogg', 'first.m4a', 'stairs.m4a'])('%s says nothing that a browser does not know', async (name) => {
  expect(await edgesOf(fixture(name), 1.2)).toBeNull();
});

test.each([0, 10, 46])('a file of %i bytes says nothing', async (size) => {
  expect(await edgesOf(fixture('first.opus').subarray(0, size), 1.2)).toBeNull();
});
