import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { availableParallelism, loadavg } from 'node:os';

/** How busy the machine was with other things: a reader needs it to judge the figures. */
export interface Noise {
  /** Processes that wanted to run, over the last minute. */
  load: number;
  /** How late a timer of an idle process came, 99 of 100. Milliseconds; about 1 on a machine at rest. */
  timerP99: number;
}

/** Measures for `ms` while nothing of the bench runs. */
export async function measureNoise(ms = 2000): Promise<Noise> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await pause(ms);
  histogram.disable();
  return { load: loadavg()[0] ?? 0, timerP99: histogram.percentile(99) / 1e6 };
}

/** Why figures taken now are not to be quoted; null when the machine is quiet enough. */
export function tooNoisy(noise: Noise, cores = availableParallelism()): string | null {
  const { load, timerP99 } = noise;
  if (load > cores * 0.75) return `the machine is busy (load ${load.toFixed(1)} on ${cores} cores)`;
  if (timerP99 > 3) return `an idle process waits for its turn (timer p99 ${timerP99.toFixed(1)} ms)`;
  return null;
}
