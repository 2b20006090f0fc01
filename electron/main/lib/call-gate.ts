/** What Chromium may open just now because of a call. Asked by the permissions, which exist before the services do. */
export interface CallGate {
  /** A call rings or runs. */
  isOpen: boolean;
  /** A call was accepted: a screen may be shared. */
  isActive: boolean;
}

/** Closed until a call opens it. */
export function createCallGate(): CallGate {
  return { isOpen: false, isActive: false };
}
