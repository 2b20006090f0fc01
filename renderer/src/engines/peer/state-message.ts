/** What one side tells the other over the data channel. Untrusted: parsed field by field. Pure. */

/** What a side sends at this moment, for the other side's screen. */
export interface SideState {
  readonly muted: boolean;
  readonly camera: boolean;
  readonly sharing: boolean;
}

/** The longest message that is looked at, in UTF-16 units. */
const LONGEST = 4_096;

export function stateMessage({ muted, camera, sharing }: SideState): string {
  return JSON.stringify({ kind: 'state', muted, camera, sharing });
}

/** The state that a message carries; null for any other message. */
export function parseState(data: unknown): SideState | null {
  if (typeof data !== 'string' || data.length > LONGEST) return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Not JSON: a message of a newer version, or nonsense. Nothing is lost by ignoring it.
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { kind, muted, camera, sharing } = value as Record<string, unknown>;
  if (kind !== 'state' || typeof muted !== 'boolean' || typeof camera !== 'boolean' || typeof sharing !== 'boolean')
    return null;
  return { muted, camera, sharing };
}
