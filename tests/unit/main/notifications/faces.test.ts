/** The picture of whoever wrote: in time or not at all, of a size that can be decoded, fetched once for all who ask. */
import { describe, expect, it } from 'vitest';
import type { MediaProblem, OpenedMedia } from '../../../../electron/main/lib/media.ts';
import { encodePng } from '../../../../electron/main/lib/drawing/png.ts';
import { decodableSides } from '../../../../electron/main/services/files/pictures/sides.ts';
import { createFaces, FACE_WAIT_MS } from '../../../../electron/main/services/notifications/faces.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const png = (size: number): Buffer => encodePng({ size, pixels: new Uint8Array(size * size * 4) });

function faces() {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const asked: { url: string; signal: AbortSignal; answer: (opened: OpenedMedia | MediaProblem) => void }[] = [];
  const cancelled: string[] = [];
  const face = createFaces({
    ...{ clock, logger, sidesOf: decodableSides },
    open: (url, signal) => new Promise((answer) => asked.push({ url, signal, answer })),
  });
  const opened = (bytes: Uint8Array, size = bytes.length): OpenedMedia => ({
    ...{ type: 'image/png', size, part: null },
    body: (async function* () {
      yield bytes.subarray(0, 5);
      yield bytes.subarray(5);
    })(),
    cancel: () => void cancelled.push('cancelled'),
  });
  return { clock, logger, asked, cancelled, face, opened };
}

describe('a face', () => {
  it('comes with all its bytes, and no timer is left behind', async () => {
    const { clock, asked, face, opened } = faces();
    const coming = face('/media/a1');
    asked[0]?.answer(opened(png(64)));
    expect(await coming).toEqual(png(64));
    expect(clock.pending).toBe(0);
  });

  it('keeps nobody waiting, and comes for the next one', async () => {
    const { clock, asked, face, opened } = faces();
    const late = face('/media/a1');
    clock.advance(FACE_WAIT_MS - 1);
    const alsoLate = face('/media/a1');
    clock.advance(1);
    expect(await late).toBeNull();
    expect(asked).toHaveLength(1);
    asked[0]?.answer(opened(png(64)));
    expect(await alsoLate).toEqual(png(64));
    // Another one is asked for again: it is on the disk by now.
    void face('/media/a1');
    expect(asked).toHaveLength(2);
  });

  it('is given up in the end', async () => {
    const { clock, asked, face } = faces();
    const late = face('/media/a1');
    clock.advance(15_000);
    expect(await late).toBeNull();
    expect(asked[0]?.signal.aborted).toBe(true);
  });

  it.each([
    ['is none', { problem: 'unknown' } as const],
    ['cannot be fetched now', { problem: 'unavailable' } as const],
  ])('that %s is null', async (_what, problem) => {
    const { asked, face } = faces();
    const coming = face('/media/a1');
    asked[0]?.answer(problem);
    expect(await coming).toBeNull();
  });

  it.each([
    ['WebP, which the system does not decode', Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1')],
    ['a text', Buffer.from('hello there')],
    ['a picture that fills the memory', png(1025)],
  ])('that is %s is null', async (_what, bytes) => {
    const { asked, face, opened } = faces();
    const coming = face('/media/a1');
    asked[0]?.answer(opened(bytes));
    expect(await coming).toBeNull();
  });

  it('of too many bytes is not read', async () => {
    const { asked, cancelled, face, opened } = faces();
    const coming = face('/media/a1');
    asked[0]?.answer(opened(png(16), 2 ** 21));
    expect(await coming).toBeNull();
    expect(cancelled).toEqual(['cancelled']);
  });

  it('whose body breaks off is null, and the log says so without a name', async () => {
    const { asked, logger, face, opened } = faces();
    const coming = face('/media/a1');
    const broken = (async function* () {
      yield new Uint8Array(1);
      throw new TypeError('/secret/path');
    })();
    asked[0]?.answer({ ...opened(png(16)), body: broken });
    expect(await coming).toBeNull();
    const [said] = logger.of('notification.no_picture');
    expect(said?.fields['error']).toMatch(/^TypeError/);
    expect(JSON.stringify(said)).not.toContain('secret');
  });
});
