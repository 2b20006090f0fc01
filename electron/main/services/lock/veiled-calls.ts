/** What the system shows of calls: while the application is locked, that somebody calls and not who. */
import type { AppCall, CallSystem } from '../ports.ts';
import { veiledCall } from './behind-lock.ts';

export interface VeiledCallsOptions {
  isLocked: () => boolean;
  /** Hears of each call before the system does. */
  onShow: (call: AppCall | null) => void;
  /** Brings the app to the front. */
  raise: () => void;
}

/** What stands for a person behind the lock. */
const NAME = 'Relay';

/** The system's calls behind the lock; what is shown already stays as it is. */
export function veiledCalls(system: CallSystem, options: VeiledCallsOptions): Omit<CallSystem, 'mini'> {
  const { isLocked, onShow, raise } = options;
  return {
    show: (call) => {
      onShow(call);
      system.show(call && isLocked() ? { ...call, view: veiledCall(call.view, NAME) } : call);
    },
    keepAwake: (on) => system.keepAwake(on),
    ring: (view, account, answers) =>
      isLocked()
        ? // Nothing could speak or hear behind the lock.
          system.ring(veiledCall(view, NAME), null, { ...answers, accept: raise })
        : system.ring(view, account, answers),
    missed: (view, account, clicked) =>
      isLocked() ? system.missed(veiledCall(view, NAME), null, clicked) : system.missed(view, account, clicked),
    lobby: (open) => system.lobby(open),
  };
}
