/**
 * A code that two people compare by voice: when it differs, somebody sits between them. It is derived from the DTLS
 * fingerprints of both sides, so it is the same on both.
 *
 * Twenty digits, because somebody in the middle chooses two certificates and would search for two equal codes: about
 * 2^33 attempts for each call, while it is being set up.
 */

const GROUPS = 5;
const DIGITS = 4;

/** The fingerprint of a description, such as `sha-256 AB:CD…` in capitals; null when it has none. */
export function fingerprintOf(sdp: string | undefined): string | null {
  const found = /^a=fingerprint:(\S+) ([0-9A-F:]+)/im.exec(sdp ?? '');
  return found ? `${(found[1] ?? '').toLowerCase()} ${(found[2] ?? '').toUpperCase()}` : null;
}

/** The code in groups of digits; null while a description is missing. */
export async function safetyCode(local: string | undefined, remote: string | undefined): Promise<string | null> {
  const [one, other] = [fingerprintOf(local), fingerprintOf(remote)];
  if (one === null || other === null) return null;
  const text = new TextEncoder().encode([one, other].toSorted().join('\n'));
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  const group = (n: number): string => {
    // Four bytes for four digits: hardly any bias.
    const value = bytes.slice(n * 4, n * 4 + 4).reduce((all, byte) => all * 256 + byte, 0);
    return String(value % 10 ** DIGITS).padStart(DIGITS, '0');
  };
  return Array.from({ length: GROUPS }, (_, n) => group(n)).join(' ');
}
