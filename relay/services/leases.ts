/** Leases in the memory of one node. */
import { createListeners } from '../listeners.ts';
import type { Leases } from './ports.ts';

interface Lease<T> {
  holder: string;
  value: T;
  timer: NodeJS.Timeout;
}

/** @param ms milliseconds after which a lease that was not renewed expires. */
export function createLeases<T>(ms: number): Leases<T> & { has(key: string): boolean } {
  const leases = new Map<string, Lease<T>>();
  // The keys of each holder: a connection that ends must not cost a walk through everybody's leases.
  const byHolder = new Map<string, Set<string>>();
  const expired = createListeners<[value: T]>();
  let closed = false;

  function end(key: string): Lease<T> | null {
    const lease = leases.get(key);
    if (!lease) return null;
    clearTimeout(lease.timer);
    leases.delete(key);
    const own = byHolder.get(lease.holder);
    own?.delete(key);
    if (own?.size === 0) byHolder.delete(lease.holder);
    return lease;
  }

  function expire(key: string): void {
    const lease = end(key);
    if (lease) expired.tell(lease.value);
  }

  return {
    hold(key, holder, value) {
      end(key);
      if (closed) return Promise.resolve();
      leases.set(key, { holder, value, timer: setTimeout(expire, ms, key).unref() });
      const own = byHolder.get(holder) ?? new Set();
      byHolder.set(holder, own.add(key));
      return Promise.resolve();
    },
    release: (key) => Promise.resolve(end(key)?.value ?? null),
    releaseOf(holder) {
      const values: T[] = [];
      for (const key of [...(byHolder.get(holder) ?? [])]) {
        const lease = end(key);
        if (lease) values.push(lease.value);
      }
      return Promise.resolve(values);
    },
    held: (keys) => Promise.resolve(new Set(keys.filter((key) => leases.has(key)))),
    /** The same for one key, at once. */
    has: (key) => leases.has(key),
    onExpire: expired.add,
    close() {
      closed = true;
      for (const { timer } of leases.values()) clearTimeout(timer);
      leases.clear();
      byHolder.clear();
    },
  };
}
