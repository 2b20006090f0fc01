import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createThrottle } from '../../../renderer/src/stores/throttle.ts';

const FRAME_MS = 16;

/** Frames by the manual timers; none while the page is hidden. */
let hidden = false;
beforeEach(() => {
  hidden = false;
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) =>
    Number(setTimeout(() => !hidden && run(), FRAME_MS)[Symbol.toPrimitive]()),
  );
  vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function listen(step: 'frame' | number = 'frame') {
  const heard: string[] = [];
  const pace = createThrottle<string>(step, (items) => heard.push(items.join('')));
  return { heard, pace };
}

describe('the pace of news', () => {
  test('what comes after a pause is handed on at once', () => {
    const { heard, pace } = listen();
    pace.push(['a']);
    expect(heard).toEqual(['a']);
    vi.advanceTimersByTime(1000);
    pace.push(['b']);
    expect(heard).toEqual(['a', 'b']);
  });

  test('what comes before the frame was drawn waits for it, in its order', () => {
    const { heard, pace } = listen();
    pace.push(['a']);
    pace.push(['b', 'c']);
    pace.push(['d']);
    expect(heard).toEqual(['a']);
    vi.advanceTimersByTime(FRAME_MS);
    expect(heard).toEqual(['a', 'bcd']);
  });

  test('a flood is handed on once per frame', () => {
    const { heard, pace } = listen();
    for (let ms = 0; ms < 10 * FRAME_MS; ms++) {
      pace.push(['x']);
      vi.advanceTimersByTime(1);
    }
    expect(heard).toHaveLength(11);
    expect(heard.join('')).toHaveLength(10 * FRAME_MS);
  });

  test('a stretch of time lies between two turns where one is given', () => {
    const { heard, pace } = listen(100);
    for (let ms = 0; ms < 1000; ms += 10) {
      pace.push(['x']);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(100);
    expect(heard).toHaveLength(11);
    expect(heard.join('')).toHaveLength(100);
    pace.push(['y']);
    pace.push(['z']);
    expect(heard.at(-1)).toBe('y');
    vi.advanceTimersByTime(100);
    expect(heard.at(-1)).toBe('z');
  });

  test('a page that is not painted hears its news all the same', () => {
    const { heard, pace } = listen();
    hidden = true;
    pace.push(['a']);
    pace.push(['b']);
    vi.advanceTimersByTime(250);
    expect(heard).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBeGreaterThan(0);
    vi.advanceTimersByTime(250);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('flush hands on what waits; stop lets it go', () => {
    const { heard, pace } = listen();
    pace.push(['a']);
    pace.push(['b']);
    pace.flush();
    expect(heard).toEqual(['a', 'b']);
    pace.push(['c']);
    pace.stop();
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('one that stumbles does not stop the next', () => {
    const heard: string[] = [];
    const pace = createThrottle<string>('frame', (items) => {
      heard.push(items.join(''));
      if (heard.length === 2) throw new Error('stumbled');
    });
    pace.push(['a']);
    pace.push(['b']);
    expect(() => vi.advanceTimersByTime(FRAME_MS)).toThrow('stumbled');
    pace.push(['c']);
    vi.advanceTimersByTime(FRAME_MS);
    expect(heard).toEqual(['a', 'b', 'c']);
  });
});
