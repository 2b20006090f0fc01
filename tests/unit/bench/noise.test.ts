import { describe, expect, it } from 'vitest';
import { measureNoise, tooNoisy } from '../../bench/lib/noise.ts';

describe('tooNoisy', () => {
  it.each([
    [{ load: 0.2, timerP99: 1.2 }, null],
    [{ load: 1.4, timerP99: 1.2 }, null],
    [{ load: 3, timerP99: 1.2 }, /busy \(load 3\.0 on 2 cores\)/],
    [{ load: 0.2, timerP99: 7 }, /timer p99 7\.0 ms/],
  ])('judges %j', (noise, expected) => {
    const reason = tooNoisy(noise, 2);
    if (expected === null) expect(reason).toBeNull();
    else expect(reason).toMatch(expected);
  });

  it('judges what it measures', async () => {
    const noise = await measureNoise(50);
    expect(noise.timerP99).toBeGreaterThan(0);
    expect(noise.load).toBeGreaterThanOrEqual(0);
  });
});
