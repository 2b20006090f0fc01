/**
 * When a peer connection is mended, and when it is given up. Pure: events and times in, what to do out.
 *
 * Waiting (nobody has accepted), then connecting, then up and down in turn. While it is down or connecting, every tick
 * decides: an ICE restart, a new connection, or the end. An ICE agent without a usable TURN server may stay at "new" for
 * ever, so nothing here relies on a "failed" from the browser.
 */

/** Milliseconds. */
export const RESTART = {
  /** A short interruption mends itself. */
  patience: 3_000,
  /** From one ICE restart to the next. */
  gap: 5_000,
  /** Without a first pair of candidates by then, there is no route. */
  route: 10_000,
  rebuild: 30_000,
  giveUp: 60_000,
} as const;

export interface RestartClock {
  readonly phase: 'waiting' | 'connecting' | 'up' | 'down' | 'over';
  /** Since when it has not been connected; null while waiting or connected. */
  readonly downSince: number | null;
  /** The browser says that it failed: no patience. */
  readonly failed: boolean;
  readonly restartedAt: number | null;
  readonly rebuiltAt: number | null;
  /** It was reported that there is no route. */
  readonly told: boolean;
}

export type RestartEvent =
  /** The call was accepted: from now on it should connect. */
  | 'accepted'
  | 'connected'
  | 'disconnected'
  | 'failed'
  /** The network came back or changed, or the computer woke. */
  | 'network'
  | 'tick';

/** `no_route`: reported once, and the attempts go on. `end`: nothing more follows. */
export type RestartAct = 'restart' | 'rebuild' | 'no_route' | 'end';

export const NEW_CLOCK: RestartClock = {
  phase: 'waiting',
  downSince: null,
  failed: false,
  restartedAt: null,
  rebuiltAt: null,
  told: false,
};

/** The next state, and what to do now, in this order. `now` is monotonic, in milliseconds. */
export function stepClock(clock: RestartClock, event: RestartEvent, now: number): [RestartClock, RestartAct[]] {
  const { phase } = clock;
  if (phase === 'over') return [clock, []];
  switch (event) {
    case 'accepted':
      return phase === 'waiting' ? [{ ...clock, phase: 'connecting', downSince: now }, []] : [clock, []];
    case 'connected':
      return [{ ...NEW_CLOCK, phase: 'up', restartedAt: clock.restartedAt }, []];
    case 'disconnected':
      return phase === 'up' ? [{ ...clock, phase: 'down', downSince: now }, []] : [clock, []];
    case 'failed': {
      // Before it was accepted the other side has no connection yet.
      if (phase === 'waiting') return [clock, []];
      const down = { ...clock, phase: phase === 'up' ? 'down' : phase, downSince: clock.downSince ?? now } as const;
      return decide({ ...down, failed: true }, now);
    }
    case 'network':
      return phase === 'waiting' || !mayRestart(clock, now) ? [clock, []] : [restarted(clock, now), ['restart']];
    case 'tick':
      return phase === 'connecting' || phase === 'down' ? decide(clock, now) : [clock, []];
  }
}

function mayRestart({ restartedAt }: RestartClock, now: number): boolean {
  return restartedAt === null || now - restartedAt >= RESTART.gap;
}

function restarted(clock: RestartClock, now: number): RestartClock {
  return { ...clock, restartedAt: now, failed: false };
}

function decide(clock: RestartClock, now: number): [RestartClock, RestartAct[]] {
  const down = now - (clock.downSince ?? now);
  if (down >= RESTART.giveUp) return [{ ...clock, phase: 'over' }, ['end']];
  const acts: RestartAct[] = [];
  let next = clock;
  if (clock.phase === 'connecting' && down >= RESTART.route && !clock.told) {
    next = { ...next, told: true };
    acts.push('no_route');
  }
  if (down >= RESTART.rebuild && clock.rebuiltAt === null) {
    // A new connection gathers everything again: it counts as a restart.
    return [{ ...restarted(next, now), rebuiltAt: now }, [...acts, 'rebuild']];
  }
  const due = clock.phase === 'connecting' ? down >= RESTART.route : clock.failed || down > RESTART.patience;
  if ((due || clock.failed) && mayRestart(clock, now)) return [restarted(next, now), [...acts, 'restart']];
  return [next, acts];
}
