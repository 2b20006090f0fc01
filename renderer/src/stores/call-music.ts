/**
 * What the music does while a call rings and runs. The player puts its hook here; without one nothing happens. Calls know
 * nothing else of the player.
 */
export interface MusicHook {
  /** A call begins or stops ringing here. */
  onRing(ringing: boolean): void;
  /** A call begins or ends. */
  onCall(running: boolean): void;
}

let hook: MusicHook | null = null;
let [wasRinging, wasRunning] = [false, false];

/** Registers the player; it hears of what is going on at this moment. */
export function hookMusic(next: MusicHook): void {
  hook = next;
  if (wasRinging) hook.onRing(true);
  if (wasRunning) hook.onCall(true);
}

/** Tells the player, once per change. */
export function tellMusic(ringing: boolean, running: boolean): void {
  if (ringing !== wasRinging) hook?.onRing(ringing);
  if (running !== wasRunning) hook?.onCall(running);
  [wasRinging, wasRunning] = [ringing, running];
}
