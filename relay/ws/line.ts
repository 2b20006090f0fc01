/**
 * Runs the tasks of one connection one after the other, in the order they came in. While more than `most` wait, the
 * connection is asked to stop reading; what it had read already still gets in.
 */
export interface Line {
  push(task: () => Promise<void>): void;
  /** Nothing begins any more. */
  end(): void;
}

export interface LineOptions {
  most: number;
  pause: () => void;
  resume: () => void;
  onFault: (error: unknown) => void;
}

export function createLine({ most, pause, resume, onFault }: LineOptions): Line {
  let tasks: (() => Promise<void>)[] = [];
  let running = false;
  let paused = false;
  let ended = false;

  async function attempt(task: () => Promise<void>): Promise<void> {
    try {
      if (!ended) await task();
    } catch (error) {
      onFault(error);
    }
  }

  async function run(): Promise<void> {
    running = true;
    // Taken as a whole: to remove the first of a long array again and again is slow.
    for (let batch = tasks; batch.length > 0; batch = tasks) {
      tasks = [];
      for (const task of batch) await attempt(task);
    }
    running = false;
    if (!paused) return;
    paused = false;
    resume();
  }

  return {
    push(task) {
      tasks.push(task);
      if (tasks.length > most && !paused) {
        paused = true;
        pause();
      }
      if (!running) void run();
    },
    end() {
      ended = true;
    },
  };
}
