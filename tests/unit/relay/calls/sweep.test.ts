/** Calls that nobody ends. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { START } from '../core-world.ts';
import { createCallsWorld, GONE_MS, RING_MS, type CallsWorld } from './world.ts';

let at: CallsWorld;
beforeEach(async () => {
  at = await createCallsWorld();
});
afterEach(() => at.close());

const running = { status: 'active', answeredAt: START, initiatorDevice: 'laptop', calleeDevice: 'phone' } as const;

describe('a call that rings', () => {
  it('is missed after its time, and both are told', async () => {
    const [laptop, phone] = [at.device('anna', 'laptop'), at.device('boris', 'phone')];
    const sweep = at.sweep();
    await at.placed({ id: 'one' });
    at.pass(RING_MS - 1);
    await sweep.sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'ringing' });
    at.pass(1);
    await sweep.sweep();
    await at.settle();
    expect(await at.stored('one')).toMatchObject({ status: 'missed', endedAt: START + RING_MS });
    expect([laptop.words(), phone.words()]).toEqual([['missed'], ['missed']]);
  });

  it('and was answered in the meantime goes on', async () => {
    await at.placed({ id: 'one', ...running });
    const found = await at.stored('one');
    if (!found) throw new Error('no call');
    const late = { ...at.reads.calls, ringing: async () => [{ ...found, status: 'ringing' as const }] };
    at.pass(RING_MS);
    at.device('anna', 'laptop');
    await at.sweep({ reads: { calls: late } }).sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'active' });
  });
});

describe('a call that runs', () => {
  it('goes on while one of its devices is there, which is noted now and then', async () => {
    const phone = at.device('boris', 'phone');
    const sweep = at.sweep();
    await at.placed({ id: 'one', ...running });
    at.pass(GONE_MS / 3 - 1);
    await sweep.sweep();
    expect(await at.stored('one')).toMatchObject({ seenAt: START });
    // Calls that run are looked at three times within the time after which they count as gone.
    at.pass(1);
    await sweep.sweep();
    expect(await at.stored('one')).toMatchObject({ seenAt: START });
    at.pass(GONE_MS / 3);
    await sweep.sweep();
    const seenAt = START + (GONE_MS * 2) / 3;
    expect(await at.stored('one')).toMatchObject({ status: 'active', seenAt });

    phone.leave();
    at.pass(GONE_MS - 1);
    await sweep.sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'active' });
    at.pass(GONE_MS / 3);
    await sweep.sweep();
    // It lasted as long as somebody was there.
    expect(await at.stored('one')).toMatchObject({ status: 'ended', endedAt: seenAt });
    expect(await at.calls.history('anna', {})).toMatchObject([{ duration: 20 }]);
  });

  it('ends once both have been gone for the time, and not a moment before', async () => {
    await at.placed({ id: 'one', ...running });
    at.pass(GONE_MS - 1);
    await at.sweep().sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'active' });
    at.pass(1);
    await at.sweep().sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'ended', endedAt: START });
  });

  it('is not held by another device of its people', async () => {
    at.device('anna', 'desktop');
    at.device('boris', 'tablet');
    await at.placed({ id: 'one', ...running });
    at.pass(GONE_MS);
    await at.sweep().sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'ended' });
  });

  it.each([
    ['caller', 'anna', { initiatorDevice: null }],
    ['callee', 'boris', { calleeDevice: null }],
  ])('is held by any device of a %s whose device is not known', async (_, userId, more) => {
    at.device(userId, 'any');
    await at.placed({ id: 'one', ...running, ...more });
    at.pass(GONE_MS);
    await at.sweep().sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'active', seenAt: START + GONE_MS });
  });

  it('is found among any number of them', async () => {
    for (let n = 0; n < 450; n += 1)
      await at.placed({ id: `call-${String(n)}`, ...running, createdAt: START + Math.floor(n / 3) });
    at.pass(GONE_MS);
    await at.sweep().sweep();
    expect(await at.reads.calls.active(0, 10)).toEqual([]);
  });

  it('that another node has seen since is left alone', async () => {
    await at.placed({ id: 'one', ...running, seenAt: START + 5 });
    const found = await at.stored('one');
    if (!found) throw new Error('no call');
    const late = { ...at.reads.calls, active: async () => [{ ...found, seenAt: START }] };
    at.pass(GONE_MS);
    await at.sweep({ reads: { calls: late } }).sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'active', seenAt: START + 5 });
  });
});

describe('after a start', () => {
  it('calls go on, and their devices have time to come back', async () => {
    await at.placed({ id: 'one', ...running });
    at.pass(GONE_MS * 100);
    const sweep = at.sweep();
    await sweep.resume(false);
    await sweep.sweep();
    expect(await at.stored('one')).toMatchObject({ status: 'active', seenAt: START + GONE_MS * 100 });
  });

  it('those that ring are missed where no other node can know of them', async () => {
    for (let n = 0; n < 230; n += 1) await at.placed({ id: `call-${String(n)}` });
    await at.sweep().resume(false);
    expect(await at.reads.calls.ringing(at.now(), 300)).toHaveLength(230);
    await at.sweep().resume(true);
    expect(await at.reads.calls.ringing(at.now(), 300)).toEqual([]);
    expect(await at.stored('call-0')).toMatchObject({ status: 'missed', endedAt: START });
  });
});

describe('of itself', () => {
  it('looks again and again, tells what went wrong, and stops when it is closed', async () => {
    let [looks, isBroken] = [0, true];
    const calls = {
      ...at.reads.calls,
      async ringing(before: number, limit: number) {
        looks += 1;
        if (isBroken) throw new Error('the disk');
        return at.reads.calls.ringing(before, limit);
      },
    };
    await at.placed({ id: 'one' });
    const sweep = at.sweep({ reads: { calls }, everyMs: 2 });
    await expect.poll(() => at.errors.length).toBeGreaterThan(1);
    expect(String(at.errors[0])).toBe('Error: the disk');
    isBroken = false;
    at.pass(RING_MS);
    await expect.poll(async () => (await at.stored('one'))?.status).toBe('missed');
    sweep.close();
    const before = looks;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(looks).toBe(before);
  });

  it('tells nothing of a look that breaks off because it was closed', async () => {
    let fail: (error: Error) => void = () => undefined;
    let begun = 0;
    const calls = {
      ...at.reads.calls,
      ringing: () =>
        new Promise<never>((_, reject) => {
          begun += 1;
          fail = reject;
        }),
    };
    const sweep = at.sweep({ reads: { calls }, everyMs: 2 });
    await expect.poll(() => begun).toBe(1);
    // One look at a time, however long it takes.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(begun).toBe(1);
    sweep.close();
    fail(new Error('closed'));
    await at.settle();
    expect(at.errors).toEqual([]);
  });
});
