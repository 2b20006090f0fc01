import { describe, expect, it } from 'vitest';
import { createFirstScreenGate } from '../../../../electron/main/lib/first-screen.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

function gate() {
  const clock = new ManualClock();
  const made = createFirstScreenGate(clock);
  const state = { open: false };
  void made.shown.then(() => (state.open = true));
  return { clock, made, state };
}

describe('the gate of the first screen', () => {
  it('opens when the page has painted, and leaves no timer', async () => {
    const { clock, made, state } = gate();
    await Promise.resolve();
    expect(state.open).toBe(false);
    made.open();
    await made.shown;
    expect(clock.pending).toBe(0);
  });

  it('opens by itself for a page that never paints', async () => {
    const { clock, made, state } = gate();
    clock.advance(1_999);
    await Promise.resolve();
    expect(state.open).toBe(false);
    clock.advance(1);
    await made.shown;
  });
});
