/** Starts that fail one after the other make the next one careful. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rememberStart } from '../../../../electron/main/lib/start-memory.ts';
import { fileDocument, ManualClock, ownFolder } from '../../../helpers/main-parts.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

/** A start that crashes after so many milliseconds, or ends well (null). Whether it was careful. */
function run(crashAfterMs: number | null): boolean {
  const clock = new ManualClock();
  const memory = rememberStart(fileDocument(own.folder, 'starts'), clock);
  if (crashAfterMs === null) memory.ended();
  else clock.advance(crashAfterMs);
  return memory.isSafe;
}

it('is careful after three quick crashes, and no longer after one good run', () => {
  expect([1_000, 1_000, 59_999].map(run)).toEqual([false, false, false]);
  expect(run(1_000)).toBe(true);
  expect(run(null)).toBe(true);
  expect(run(null)).toBe(false);
});

it('does not count a crash after a minute, nor an end that was wanted', () => {
  expect([1, 1, 60_000, 1, 1, null, 1, 1, 1].map(run)).not.toContain(true);
  expect(run(1)).toBe(true);
});

it('takes anything in its file for a first start', () => {
  const document = fileDocument(own.folder, 'starts');
  for (const failed of ['9', -4, 3.5, null, {}]) {
    document.write({ failed });
    expect(run(1)).toBe(false);
  }
});
