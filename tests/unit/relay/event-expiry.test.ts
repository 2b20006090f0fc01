/** Events of people who are away: removed once their time is over, in portions, whoever looks. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventExpiry, type EventExpiry } from '../../../relay/services/event-expiry.ts';
import { createTurns } from '../../../relay/turns.ts';
import { createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

const DAY = 86_400_000;

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  let expiry: EventExpiry;
  const failures: unknown[] = [];
  beforeEach(async () => {
    core = await createCore(adapter);
    failures.length = 0;
    const { reads, queue, now } = core;
    const onError = (error: unknown): void => void failures.push(error);
    expiry = createEventExpiry({ reads, queue, turns: createTurns(), keepMs: 30 * DAY, everyMs: 20, now, onError });
  });
  afterEach(async () => {
    expiry.close();
    await core.close();
  });

  /** So many events for a person, now. */
  const events = (userId: string, count: number): Promise<void> =>
    core.write(async (tx) => {
      for (let n = 0; n < count; n += 1) tx.events.append(userId, 'x', '', core.now());
    });
  const kept = async (userId: string): Promise<number> => (await core.events.after(userId, 0, 10_000)).length;

  it('removes what is older than its time, and nothing else', async () => {
    expiry.close();
    expiry = createEventExpiry({
      ...core,
      turns: createTurns(),
      keepMs: 30 * DAY,
      everyMs: DAY,
      onError: (error) => failures.push(error),
    });
    // More than one write removes.
    await events('boris', 900);
    await events('anna', 3);
    core.pass(29 * DAY);
    await events('anna', 2);
    expect(await expiry.sweep()).toBe(0);
    core.pass(DAY + 1);
    expect(await expiry.sweep()).toBe(903);
    expect([await kept('boris'), await kept('anna')]).toEqual([0, 2]);
    // Whoever comes back is told to read everything anew.
    expect(await core.log.after('boris', 3, core.viewsFor('boris'))).toBeNull();
    expect(await core.log.current('boris')).toBe(900);
    await events('boris', 1);
    expect(await core.log.current('boris')).toBe(901);
  });

  it('is done by itself from time to time, until it is closed', async () => {
    await events('boris', 5);
    core.pass(31 * DAY);
    await vi.waitFor(async () => expect(await kept('boris')).toBe(0), { timeout: 5000 });
    expiry.close();
    await events('boris', 5);
    core.pass(31 * DAY);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await kept('boris')).toBe(5);
    expect([failures, START]).toEqual([[], START]);
  });

  it('that breaks off is reported, and begun again', async () => {
    await events('boris', 5);
    core.pass(31 * DAY);
    await core.database.fill(true);
    await vi.waitFor(() => expect(failures.length).toBeGreaterThan(1), { timeout: 5000 });
    await core.database.fill(false);
    await vi.waitFor(async () => expect(await kept('boris')).toBe(0), { timeout: 5000 });
  });
});
