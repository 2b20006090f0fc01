/** What Chromium may open just now because of a call. Asked by the permissions, which exist before the services do. */
export interface CallGate {
  /** A call rings or runs. */
  isOpen: boolean;
  /** A call was accepted: a screen may be shared. */
  isActive: boolean;
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
  };
}
