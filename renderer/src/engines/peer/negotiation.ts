/**
 * Decisions of perfect negotiation, and what is read from descriptions. Pure.
 *
 * A side that builds its connection anew has a new session id in the `o=` line of its descriptions; the other side then
 * builds anew as well, since a DTLS association cannot continue on another connection.
 */

/** A description as it travels. */
export interface Description {
  readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback';
  readonly sdp?: string | undefined;
}

export interface NegotiationState {
  readonly polite: boolean;
  /** This side is making an offer at this moment. */
  readonly makingOffer: boolean;
  /** An answer is being applied: the state is as good as stable. */
  readonly settingAnswer: boolean;
  readonly signaling: RTCSignalingState;
  /** The other side's session, once one of its descriptions was applied. */
  readonly session: string | null;
  /** Sessions of connections that the other side has given up. */
  readonly retired: ReadonlySet<string>;
}

/**
 * `apply`: as it is. `rebuild`: on a new connection. `ignore`: an offer that met this side's own, which wins. `drop`: it
 * belongs to nothing here.
 */
export type Verdict = 'apply' | 'rebuild' | 'ignore' | 'drop';

/** What to do with a description of the other side. */
export function judge(description: Description, state: NegotiationState): Verdict {
  const { type, sdp } = description;
  if ((type !== 'offer' && type !== 'answer') || !sdp) return 'drop';
  const session = sessionOf(sdp);
  if (session === null || state.retired.has(session)) return 'drop';
  const renewed = state.session !== null && session !== state.session;
  if (type === 'answer') {
    if (state.signaling !== 'have-local-offer') return 'drop';
    return renewed ? 'rebuild' : 'apply';
  }
  const ready = !state.makingOffer && (state.signaling === 'stable' || state.settingAnswer);
  if (!ready && !state.polite) return 'ignore';
  return renewed ? 'rebuild' : 'apply';
}

/** The session id of a description; null when it has none. */
export function sessionOf(sdp: string): string | null {
  return /^o=\S+ (\d+) /m.exec(sdp)?.[1] ?? null;
}

/** The user name fragments of a description: one per generation of candidates, or per part. */
export function fragmentsOf(sdp: string): Set<string> {
  return new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].flatMap((match) => match[1] ?? []));
}

/** Whether a candidate belongs to the description that is applied; one that names no fragment fits any. */
export function fits(fragment: string | null | undefined, sdp: string | null): boolean {
  if (sdp === null) return false;
  return fragment === null || fragment === undefined || fragment === '' || fragmentsOf(sdp).has(fragment);
}

/**
 * A description of the other side that makes this side's encoder use Opus with forward error correction, and send
 * next to nothing during silence. Changed on the remote side, since a local description is set without an argument.
 */
export function withOpus(sdp: string): string {
  const payload = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payload === undefined) return sdp;
  const line = new RegExp(`^a=fmtp:${payload} ([^\\r\\n]*)`, 'm');
  const found = line.exec(sdp);
  const wanted = { useinbandfec: '1', usedtx: '1' };
  if (!found) {
    const values = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
    return sdp.replace(
      new RegExp(`^(a=rtpmap:${payload} [^\\r\\n]*)(\\r?\\n)`, 'm'),
      `$1$2a=fmtp:${payload} ${values.join(';')}$2`,
    );
  }
  const given = (found[1] ?? '').split(';').map((part) => part.trim());
  const kept = given.filter((part) => part !== '' && !Object.keys(wanted).includes(part.split('=')[0] ?? ''));
  const all = [...kept, ...Object.entries(wanted).map(([name, value]) => `${name}=${value}`)];
  return sdp.replace(line, `a=fmtp:${payload} ${all.join(';')}`);
}

const VIDEO = /^a=rtpmap:(\d+) (?:VP8|VP9|H264|H265|AV1)\/90000/i;

/**
 * A description of the other side that makes this side's pictures begin with this many kilobits a second. By itself
 * Chromium begins with 300, for which it drops the first frames of a camera and shrinks the others to a quarter. What
 * the line can carry is measured from there.
 */
export function withStartBitrate(sdp: string, kilobits: number): string {
  const wanted = `x-google-start-bitrate=${String(kilobits)}`;
  // A payload type means the same within one part only.
  const parts = sdp.split(/^(?=m=)/m).map((part) => {
    const end = part.includes('\r\n') ? '\r\n' : '\n';
    const lines = part.split(end);
    const told = new Set(lines.flatMap((line) => /^a=fmtp:(\d+) /.exec(line)?.[1] ?? []));
    const types = new Set(lines.flatMap((line) => VIDEO.exec(line)?.[1] ?? []));
    return lines
      .flatMap((line) => {
        const silent = VIDEO.exec(line)?.[1];
        if (silent !== undefined && !told.has(silent)) return [line, `a=fmtp:${silent} ${wanted}`];
        const type = /^a=fmtp:(\d+) /.exec(line)?.[1];
        const isOpen = type !== undefined && types.has(type) && !line.includes('x-google-start-bitrate');
        return [isOpen ? `${line};${wanted}` : line];
      })
      .join(end);
  });
  return parts.join('');
}

/** The kinds of a description's media parts, in order, such as `['audio', 'video', 'application']`. */
export function partsOf(sdp: string): string[] {
  return [...sdp.matchAll(/^m=(\S+) /gm)].flatMap((match) => match[1] ?? []);
}
