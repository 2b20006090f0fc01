/** Unauthenticated sockets: a limit per address and a total limit. */

export interface Strangers {
  /**
   * Admits a socket. When all places are taken, the address with the most of them loses the one that has waited
   * longest: clients that authenticate right away are not crowded out by idle ones.
   * @param leave closes the socket.
   * @returns a function that gives the place back, or null when its address has the maximum.
   */
  enter(address: string, leave: () => void): (() => void) | null;
}

export function createUnauthenticatedSockets(most: number, mostPerAddress: number): Strangers {
  const places = new Map<string, Set<() => void>>();
  let count = 0;

  function remove(address: string, leave: () => void): void {
    const own = places.get(address);
    if (!own?.delete(leave)) return;
    count -= 1;
    if (own.size === 0) places.delete(address);
  }

  function makeRoom(): void {
    let [from, largest]: [string, Set<() => void> | null] = ['', null];
    for (const [address, own] of places) if (own.size > (largest?.size ?? 0)) [from, largest] = [address, own];
    const [leave] = largest ?? [];
    if (!leave) return;
    remove(from, leave);
    leave();
  }

  return {
    enter(address, leave) {
      if ((places.get(address)?.size ?? 0) >= mostPerAddress) return null;
      if (count >= most) makeRoom();
      const own = places.get(address) ?? new Set();
      own.add(leave);
      places.set(address, own);
      count += 1;
      return () => remove(address, leave);
    },
  };
}
