/**
 * The measuring instrument inside the main process, loaded before the application (`node --import`). It talks to the
 * bench over a loopback socket of its own, so that nothing of what is measured goes the same way. With RELAY_BENCH_TRACE
 * it puts in the instruments of a trace too, in the relay's process and in main's threads as well.
 */
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { isMainThread } from 'node:worker_threads';
import { installTrace, isTraceRole } from '../trace/install.ts';
import type { Recorder } from '../trace/recorder.ts';
import type { HostAnswer, HostQuestion, LoopRecord } from './host-link.ts';

/** Milliseconds between two looks at the event loop. */
const TICK_MS = 2;

interface LoopWatch {
  stop(): LoopRecord;
}

/**
 * Watches the event loop: how long it kept a timer waiting, by the clock, and how much of that time this thread was
 * really computing. On a busy machine only the second is the program's own doing.
 */
function watchLoop(): LoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  let lastTime = performance.now();
  let lastUsage = process.threadCpuUsage();
  let longestWall = 0;
  let longestCpu = 0;
  let over50 = 0;
  const timer = setInterval(() => {
    const time = performance.now();
    const usage = process.threadCpuUsage();
    const wall = time - lastTime - TICK_MS;
    const cpu = (usage.user + usage.system - lastUsage.user - lastUsage.system) / 1000;
    longestWall = Math.max(longestWall, wall);
    // Between two looks there may be many tasks: their sum bounds the longest from above.
    longestCpu = Math.max(longestCpu, Math.min(cpu, wall + TICK_MS));
    if (Math.min(cpu, wall + TICK_MS) > 50) over50 += 1;
    lastTime = time;
    lastUsage = usage;
  }, TICK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      histogram.disable();
      const delay = (share: number): number => histogram.percentile(share) / 1e6;
      return { p50: delay(50), p99: delay(99), max: histogram.max / 1e6, longestWall, longestCpu, over50 };
    },
  };
}

function start(port: number, recorder: Recorder | null): void {
  const socket = connect(port, '127.0.0.1');
  socket.unref();
  socket.on('error', () => socket.destroy());
  let watch: LoopWatch | null = null;
  const answer = (question: HostQuestion): HostAnswer['value'] => {
    switch (question.ask) {
      case 'startLoop':
        watch = watchLoop();
        return null;
      case 'stopLoop': {
        const record = watch?.stop() ?? null;
        watch = null;
        return record;
      }
      case 'memory': {
        // Twice: what the first collection finalizes, the second one frees.
        globalThis.gc?.();
        globalThis.gc?.();
        const { rss, heapUsed } = process.memoryUsage();
        return { rss, heapUsed };
      }
      case 'now':
        return performance.timeOrigin + performance.now();
      case 'startTrace':
        recorder?.start(question.prefix);
        return null;
      case 'takeTrace':
        return recorder?.take() ?? null;
    }
  };
  createInterface({ input: socket }).on('line', (line) => {
    const question = JSON.parse(line) as HostQuestion;
    socket.write(`${JSON.stringify({ id: question.id, value: answer(question) } satisfies HostAnswer)}\n`);
  });
}

const port = Number(process.env.RELAY_BENCH_PROBE ?? 0);
const role = process.env.RELAY_BENCH_TRACE;
const recorder = isTraceRole(role) ? await installTrace(role) : null;
if (isMainThread && port > 0) start(port, recorder);
