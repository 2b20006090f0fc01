/**
 * Checks every socket once per interval, spread over it: the interval is cut into slots, and each slot has its share of
 * the sockets. Nothing is scheduled while there are none.
 */
export interface Beating {
  heartbeat(): void;
}

export interface Heartbeat<T> {
  /** @returns ends it for this socket. */
  add(socket: T): () => void;
  close(): void;
}

/** Milliseconds per slot; a short interval has one slot at least. */
const SLOT_MS = 100;

/** @param intervalMs milliseconds between two checks of the same socket. */
export function createHeartbeat<T extends Beating>(intervalMs: number): Heartbeat<T> {
  const count = Math.max(1, Math.floor(intervalMs / SLOT_MS));
  const slots = Array.from({ length: count }, () => new Set<T>());
  let size = 0;
  let current = 0;
  // Dealt out in turn, so that a herd that arrives at once is spread over the interval.
  let dealt = 0;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function beat(): void {
    current = (current + 1) % count;
    for (const socket of slots[current] ?? []) socket.heartbeat();
  }
  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  return {
    add(socket) {
      dealt = (dealt + 1) % count;
      const slot = slots[dealt];
      slot?.add(socket);
      size += 1;
      if (!closed) timer ??= setInterval(beat, intervalMs / count).unref();
      return () => {
        if (!slot?.delete(socket)) return;
        size -= 1;
        if (size === 0) stop();
      };
    },
    close() {
      closed = true;
      stop();
    },
  };
}
