/** The lobby of a video call: while it is open the page may look at the camera before anyone is called. */
import { ok, type Result } from '#contract/model/errors.ts';
import type { Clock, Disposer } from '../ports.ts';

/** Milliseconds after which a lobby that was not closed counts as left: its page may have gone. */
const LOBBY_MS = 10 * 60_000;

export interface Lobby {
  readonly lobby: (input: { open: boolean }) => Result<null>;
}

/** @param show opens what may be opened in a lobby, or closes it. */
export function createLobby(clock: Clock, show: (open: boolean) => void): Lobby {
  let cancel: Disposer = () => undefined;
  return {
    lobby({ open }) {
      cancel();
      show(open);
      cancel = open ? clock.after(LOBBY_MS, () => show(false)) : () => undefined;
      return ok(null);
    },
  };
}
