/**
 * A queue with limited concurrency and fairness: waiting work is kept in lanes that are served round robin, so a busy
 * lane delays only itself. Each lane and the total are bounded; when the total is reached, the newest entry of the
 * longest lane is refused to make room.
 */
export interface FairQueue {
  /**
   * Runs `work` when it is its turn.
   * @throws the error from `refusal` when there is no room to wait.
   */
  take<T>(lane: string, work: () => Promise<T>): Promise<T>;
}

export interface FairQueueOptions {
  atOnce: number;
  /** Maximum waiting, over all lanes and per lane. */
  waiting: number;
  waitingPerLane: number;
  refusal: () => Error;
}

interface Waiting {
  start: () => void;
  refuse: (error: Error) => void;
}

export function createFairQueue({ atOnce, waiting, waitingPerLane, refusal }: FairQueueOptions): FairQueue {
  // The map's order is the order of turns; empty lanes are removed.
  const lanes = new Map<string, Waiting[]>();
  let running = 0;
  let count = 0;

  function startNext(): void {
    const [first] = lanes;
    if (!first || running >= atOnce) return;
    const [lane, queue] = first;
    const next = queue.shift();
    lanes.delete(lane);
    if (queue.length > 0) lanes.set(lane, queue);
    if (!next) return;
    count -= 1;
    running += 1;
    next.start();
  }

  /** Makes room for one more entry in a lane with `own` waiting; false when no other lane is longer. */
  function makeRoom(own: number): boolean {
    let longest: Waiting[] = [];
    for (const queue of lanes.values()) if (queue.length > longest.length) longest = queue;
    if (longest.length <= own + 1) return false;
    longest.pop()?.refuse(refusal());
    count -= 1;
    return true;
  }

  function wait(lane: string): Promise<void> {
    const queue = lanes.get(lane) ?? [];
    if (queue.length >= waitingPerLane) throw refusal();
    if (count >= waiting && !makeRoom(queue.length)) throw refusal();
    count += 1;
    return new Promise((start, refuse) => {
      queue.push({ start, refuse });
      lanes.set(lane, queue);
    });
  }

  return {
    async take(lane, work) {
      if (running < atOnce) running += 1;
      else await wait(lane);
      try {
        return await work();
      } finally {
        running -= 1;
        startNext();
      }
    },
  };
}
