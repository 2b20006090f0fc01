/**
 * Whether a call rings or runs, by what main says: only then the page may open peer connections. It is read from the
 * pushes and answers that pass through the preload, which the page can neither forge nor hold back.
 */
import type { Bridge } from '#contract/ipc/channels.ts';

type PushBatch = Parameters<Parameters<Bridge['onPush']>[0]>[0];
type Snapshot = Awaited<ReturnType<Bridge['app']['ready']>>;
type Started = Awaited<ReturnType<Bridge['calls']['start']>>;
type CallView = Extract<Started, { ok: true }>['value'];

export interface CallDoor {
  isOpen(): boolean;
  /** What main pushes. */
  pushed(batch: PushBatch): void;
  /** What main answered to a command. */
  answered(channel: string, answer: unknown): void;
}

/** Closed until main speaks of a call. */
export function createCallDoor(): CallDoor {
  const running = new Set<string>();
  const over = new Set<string>();

  function note({ key, state }: CallView): void {
    if (state === 'ended') {
      over.add(key);
      running.delete(key);
    } else if (!over.has(key)) running.add(key);
  }

  return {
    isOpen: () => running.size > 0,
    pushed({ events }) {
      for (const push of events) if ('accountId' in push && push.event.kind === 'call') note(push.event.call);
    },
    answered(channel, answer) {
      if (channel === 'app.ready') {
        const snapshot = answer as Snapshot;
        if (!snapshot.ok) return;
        running.clear();
        for (const { call } of snapshot.value.states) if (call) note(call);
      } else if (channel === 'calls.start' || channel === 'calls.accept') {
        const call = answer as Started;
        if (call.ok) note(call.value);
      }
    },
  };
}
