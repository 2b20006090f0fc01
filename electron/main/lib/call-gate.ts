/** What Chromium may open just now because of a call. Asked by the permissions, which exist before the services do. */
export interface CallGate {
  /** A call rings or runs. */
  isOpen: boolean;
  /** A call was accepted: a screen may be shared. */
  isActive: boolean;
  /** A video call is being prepared: its user looks at the camera's picture. */
  isLobby: boolean;
}

/**
 * Whether a permission may be granted now: the camera in a call, or in its lobby to a user who looks at the window; a
 * display in a call that was accepted.
 */
export function isTimeFor(name: string, gate: Readonly<CallGate>, isLookedAt: () => boolean): boolean {
  if (name === 'camera') return gate.isOpen || (gate.isLobby && isLookedAt());
  return name !== 'display-capture' || gate.isActive;
}

/** Closed until a call opens it. `changed` hears when a call begins and ends. */
export function createCallGate(changed: (isOpen: boolean) => void = () => undefined): CallGate {
  let open = false;
  return {
    get isOpen() {
      return open;
    },
    set isOpen(next) {
      if (next === open) return;
      open = next;
      changed(next);
    },
    isActive: false,
    isLobby: false,
  };
}
