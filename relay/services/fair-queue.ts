/**
 * Work that takes its turn: so many at once, the rest waits in lanes, and the lanes go round robin. Who brings much waits behind
 * himself and not in front of the others. Both the lane and the whole are bound; when the whole is full, a place is made by
 * refusing the newest of the longest lane.
 */
export interface FairQueue {
  /**
   * Runs `work` when its turn has come.
   * @throws what `refusal` makes, when there is no place to wait.
   */
  take<T>(lane: string, work: () => Promise<T>): Promise<T>;
}

export interface FairQueueOptions {
  atOnce: number;
  /** Places to wait, over all lanes and in one. */
  waiting: number;
  waitingPerLane: number;
  refusal: () => Error;
}

interface Waiting {
  start: () => void;
  refuse: (error: Error) => void;
}

export function createFairQueue({ atOnce, waiting, waitingPerLane, refusal }: FairQueueOptions): FairQueue {
  // The order of the map is the order of turns; a lane without anybody is not kept.
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

  /** Makes room for one more of a lane with `own` waiting; false when nobody waits in a longer one. */
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
