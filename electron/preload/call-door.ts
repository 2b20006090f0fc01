/**
 * Whether a call rings or runs, by what main says: only then the page may open peer connections. It is read from the
 * pushes and answers that pass through the preload, which the page can neither forge nor hold back.
 */
import type { ChannelOutput } from '#contract/ipc/channels.ts';
import type { CallView } from '#contract/ipc/call-views.ts';
import type { PushBatch } from '#contract/ipc/push.ts';
import type { Result } from '#contract/model/errors.ts';

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
        const snapshot = answer as Result<ChannelOutput<'app.ready'>>;
        if (!snapshot.ok) return;
        running.clear();
        for (const { call } of snapshot.value.states) if (call) note(call);
      } else if (channel === 'calls.start' || channel === 'calls.accept') {
        const call = answer as Result<CallView>;
        if (call.ok) note(call.value);
      }
    },
  };
}
