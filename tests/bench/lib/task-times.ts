/** How long the page's own thread computed in each of its tasks, as the browser's tracing tells it. */
import type { CDPSession } from '@playwright/test';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Computing time of the thread, microseconds. */
  tdur?: number;
  args?: { name?: string };
}

const TASK = 'ThreadControllerImpl::RunTask';
const PAGE_THREAD = 'CrRendererMain';

/**
 * Begins to record; the function it answers ends that and gives the milliseconds of each task. Times that other threads
 * took the processor for are not in them: a task of 20 ms may last 60 ms by the clock of a busy computer.
 */
export async function recordTasks(devtools: CDPSession): Promise<() => Promise<number[]>> {
  const events: TraceEvent[] = [];
  // The protocol tells the type of a trace event as any object.
  const collect = ({ value }: { value: object[] }): void => void events.push(...(value as TraceEvent[]));
  devtools.on('Tracing.dataCollected', collect);
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], recordMode: 'recordAsMuchAsPossible' },
  });
  return async () => {
    const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
    await devtools.send('Tracing.end');
    await complete;
    devtools.off('Tracing.dataCollected', collect);
    return busiestPage(events);
  };
}

/** Of several pages' threads, the one that computed most: the others stand still. */
function busiestPage(events: readonly TraceEvent[]): number[] {
  const byThread = new Map<string, number[]>();
  for (const { name, ph, pid, tid, args } of events) {
    if (ph === 'M' && name === 'thread_name' && args?.name === PAGE_THREAD) byThread.set(`${pid} ${tid}`, []);
  }
  for (const { name, ph, pid, tid, tdur } of events) {
    if (ph === 'X' && name === TASK && tdur !== undefined) byThread.get(`${pid} ${tid}`)?.push(tdur / 1000);
  }
  const sum = (times: readonly number[]): number => times.reduce((total, time) => total + time, 0);
  return [...byThread.values()].reduce<number[]>((most, times) => (sum(times) > sum(most) ? times : most), []);
}
