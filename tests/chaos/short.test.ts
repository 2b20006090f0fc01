/**
 * The short set: every promise once, on seeds that change with each run. A failing seed stands in the message and is
 * replayed by `node scripts/chaos.ts --seed N`.
 */
import { describe, expect, it } from 'vitest';
import { FAULTS } from './fault-proxy.ts';
import { runFaults } from './faults.ts';
import { KILL_STEPS, runDrops, runKills } from './kills.ts';

const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1_000_000));

describe(`chaos, seed ${seed}`, () => {
  it.each([
    { what: 'in two programs', messages: 170, oneProgram: false },
    { what: 'as two accounts of one program', messages: 120, oneProgram: true },
  ])(
    'loses nothing, doubles nothing and keeps the order on a server with keys, $what',
    async ({ messages, oneProgram }) => {
      const result = await runFaults({
        seed,
        messages,
        oneProgram,
        withKeys: true,
        chance: 0.04,
        killEveryMs: 1_500,
        limitMs: 150_000,
      });
      expect(result, `seed ${seed}`).toMatchObject({
        lost: 0,
        doubles: 0,
        disordered: 0,
        undecided: 0,
        storesEqual: true,
      });
      for (const fault of FAULTS) expect(result.faults[fault], `sends that met ${fault}`).toBeGreaterThan(0);
    },
  );

  it('loses nothing on a server without keys, and marks what was stored twice', async () => {
    const result = await runFaults({
      seed,
      messages: 60,
      withKeys: false,
      chance: 0.04,
      killEveryMs: 0,
      limitMs: 150_000,
    });
    expect(result, `seed ${seed}`).toMatchObject({ lost: 0, unmarked: 0, disordered: 0, storesEqual: true });
  });

  it('comes back from a kill at every step', async () => {
    const results = [];
    // Two at a time: the machine has two cores.
    for (let n = 0; n < KILL_STEPS.length; n += 2) {
      results.push(...(await Promise.all(KILL_STEPS.slice(n, n + 2).map((step) => runKills(step, 1, seed + n)))));
    }
    for (const result of results) {
      expect(result, `seed ${seed}`).toMatchObject({ killed: 1, stuck: 0, lost: 0, doubles: 0, disordered: 0 });
    }
  });

  it.each([true, false])('fills every gap that a dropped socket leaves (keys: %s)', async (withKeys) => {
    const result = await runDrops({ drops: 12, perSecond: 20, seed, withKeys });
    expect(result, `seed ${seed}`).toMatchObject({ equal: 12 });
  });
});
