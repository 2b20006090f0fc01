/** Sockets of nobody yet: so many from one address, and so many in all. */

export interface Strangers {
  /**
   * Lets one in. When all places are taken, the longest waiting of the address that has most of them must leave: who comes to
   * sign in does so at once and is not kept out by those who only sit there.
   * @param leave cuts the socket.
   * @returns what gives the place back, or null when its address has as many as it may.
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
