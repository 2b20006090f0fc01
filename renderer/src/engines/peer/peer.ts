/**
 * The peer connection of one call: it is mended while it can be, built anew if that does not help, and given up after a
 * minute. No store and no screen inside: commands in, events out.
 */
import {
  openConnection,
  type Connection,
  type ConnectionEvent,
  type PeerSignal,
  type Slot,
  SLOTS,
} from './connection.ts';
import type { FallbackTracks } from './fallback-tracks.ts';
import {
  cameraLimits,
  type CameraLimits,
  qualityOf,
  readingOf,
  SMALL_MS,
  smallAtFirst,
  type Quality,
  type Reading,
} from './quality.ts';
import { NEW_CLOCK, stepClock, type RestartAct, type RestartEvent } from './restart-clock.ts';
import { safetyCode } from './safety-code.ts';
import type { SideState } from './state-message.ts';

export type PeerEvent =
  | { kind: 'signal'; signal: PeerSignal }
  | { kind: 'link'; link: 'connecting' | 'connected' | 'reconnecting' }
  | { kind: 'track'; slot: Slot; track: MediaStreamTrack }
  | { kind: 'remote'; state: SideState }
  /** The data channel is open, maybe to another page than before; and what came over it, untrusted. */
  | { kind: 'channel' }
  | { kind: 'message'; data: unknown }
  | { kind: 'quality'; quality: Quality }
  | { kind: 'safety'; code: string }
  /** The loudness of the other side's voice, 0 to 1, four times a second. */
  | { kind: 'level'; level: number }
  /** No pair of candidates works; it is tried further. */
  | { kind: 'no_route' }
  /** A minute without a connection: nothing more follows. */
  | { kind: 'gave_up' };

export interface PeerOptions {
  readonly polite: boolean;
  /** Makes the first offer: this side calls, or comes back into a running call. */
  readonly caller: boolean;
  /** Without a camera a black picture is sent from the start. */
  readonly video: boolean;
  /** Relays alone are used, so that the other side does not learn this side's address. */
  readonly relayOnly: boolean;
}

/** What the surroundings provide. */
export interface PeerParts {
  /** Fresh for each call and each restart; an empty list is possible. */
  iceServers(): Promise<RTCIceServer[]>;
  fallback: FallbackTracks;
  /** A monotonic clock in milliseconds. */
  now(): number;
}

export interface Peer {
  /** Applies a signal of the other side; they are applied one after the other. */
  receive(signal: PeerSignal): void;
  /** The call was accepted: from now on it must connect. */
  accepted(): void;
  /** The network changed, or the computer woke. */
  network(): void;
  /** Sends this track in a place; null: silence, a black picture, or nothing. */
  setTrack(slot: Slot, track: MediaStreamTrack | null): void;
  /** Tells the other side what is sent. */
  tell(state: SideState): void;
  /** Sends a text over the data channel; it is lost while there is none. */
  send(text: string): void;
  /** Ends at once. The tracks that were given belong to the caller, who stops them. */
  close(): void;
}

const KEYS: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };
const TICK_MS = 500;
const STATS_MS = 2_000;
const LEVEL_MS = 250;

/**
 * Starts the connection of a call. The side that is called may do so while it rings: it asks its servers for a way then,
 * and the other side learns nothing before its offer is answered.
 */
export function createPeer(options: PeerOptions, parts: PeerParts, hear: (event: PeerEvent) => void): Peer {
  const tracks = new Map<Slot, MediaStreamTrack>();
  const retired = new Set<string>();
  const timers: ReturnType<typeof setInterval>[] = [];
  let connection: Connection | null = null;
  let certificates: RTCCertificate[] = [];
  let clock = NEW_CLOCK;
  let closed = false;
  let lastState: SideState | null = null;
  let before: Reading | null = null;
  let quality: Quality = 'good';
  let cameraUsed = options.video;
  /** The camera's picture is small until this time; null: no longer. Monotonic, in milliseconds. */
  let smallUntil: number | null = Infinity;
  // Everything that touches descriptions, one after the other.
  let queue: Promise<void> = Promise.resolve();

  function enqueue(what: string, job: () => Promise<void>): void {
    queue = queue.then(async () => {
      if (closed) return;
      try {
        await job();
      } catch (error) {
        // A hostile or broken signal ends nothing by itself: the clock does when the call cannot connect.
        if (!closed) console.warn(`calls: ${what} failed`, error);
      }
    });
  }

  function fill(slot: Slot, track: MediaStreamTrack | null): void {
    if (slot === 'camera' && track) cameraUsed = true;
    const filler =
      slot === 'voice' ? parts.fallback.silence() : slot === 'camera' && cameraUsed ? parts.fallback.black() : null;
    const sent = track ?? filler;
    if (sent) tracks.set(slot, sent);
    else tracks.delete(slot);
  }

  /** `ahead`: candidates are gathered before there is anything to answer; none is told before that. */
  async function open(offers: boolean, ahead = false): Promise<Connection> {
    const iceServers = await parts.iceServers();
    // The same certificate after a rebuild, so that the safety code stays the same.
    if (certificates.length === 0) certificates = [await RTCPeerConnection.generateCertificate(KEYS)];
    const configuration: RTCConfiguration = {
      ...{ iceServers, certificates, bundlePolicy: 'max-bundle' },
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
      // One transport carries everything. Without servers there is nothing that takes time.
      iceCandidatePoolSize: ahead && iceServers.length > 0 ? 1 : 0,
    };
    smallUntil = Infinity;
    const given = { configuration, offers, polite: options.polite, tracks, retired, cameraLimits: limits };
    const made = openConnection(given, (event) => {
      // While it is being opened nothing else is.
      if (!closed && (connection === null || connection === made)) onEvent(event);
    });
    connection = made;
    before = null;
    if (closed) made.close();
    else if (lastState) made.tell(lastState);
    return made;
  }

  function leave(): void {
    const session = connection?.session() ?? null;
    if (session !== null) retired.add(session);
    connection?.close();
    connection = null;
  }

  function onEvent(event: ConnectionEvent): void {
    switch (event.kind) {
      case 'signal':
      case 'track':
      case 'remote':
      case 'channel':
      case 'message':
        return hear(event);
      case 'state':
        return onState(event.state);
      case 'described':
        void safetyCode(event.local, event.remote).then((code) => {
          if (code !== null && !closed) hear({ kind: 'safety', code });
        });
    }
  }

  function onState(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      step('connected');
      if (smallUntil === Infinity) smallUntil = parts.now() + SMALL_MS;
      hear({ kind: 'link', link: 'connected' });
    } else if (state === 'disconnected' || state === 'failed') {
      step(state);
      if (clock.phase === 'down') hear({ kind: 'link', link: 'reconnecting' });
    }
  }

  function step(event: RestartEvent): void {
    const [next, acts] = stepClock(clock, event, parts.now());
    clock = next;
    for (const act of acts) run(act);
  }

  function run(act: RestartAct): void {
    if (act === 'no_route') hear({ kind: 'no_route' });
    else if (act === 'end') hear({ kind: 'gave_up' });
    // One side builds anew, the other follows its offer.
    else if (act === 'rebuild' && !options.polite) enqueue('a rebuild', rebuild);
    else enqueue('an ICE restart', restart);
  }

  async function rebuild(): Promise<void> {
    leave();
    await open(true);
  }

  async function restart(): Promise<void> {
    const iceServers = await parts.iceServers();
    if (closed || !connection) return;
    const { pc } = connection;
    pc.setConfiguration({ ...pc.getConfiguration(), iceServers });
    pc.restartIce();
  }

  async function measure(): Promise<void> {
    const now = connection;
    if (!now || clock.phase !== 'up') return;
    const entries: Record<string, unknown>[] = [];
    const report = await now.pc.getStats();
    report.forEach((entry: Record<string, unknown>) => entries.push(entry));
    if (closed || connection !== now) return;
    const reading = readingOf(entries);
    if (before) {
      const next = qualityOf(before, reading);
      hear({ kind: 'quality', quality: next });
      if (next !== quality) {
        quality = next;
        await now.limitCamera();
      }
    }
    before = reading;
  }

  /** Fewer bits for the camera on a bad line, so that the voice gets through. */
  function limits(): CameraLimits {
    const usual = cameraLimits(quality);
    if (smallUntil === null) return usual;
    const { width, height } = tracks.get('camera')?.getSettings() ?? {};
    return smallAtFirst(usual, width && height ? Math.min(width, height) : null);
  }

  function grow(): void {
    if (smallUntil === null || parts.now() < smallUntil) return;
    smallUntil = null;
    enqueue('a larger picture', async () => connection?.limitCamera());
  }

  function listen(): void {
    if (clock.phase !== 'up') return;
    const [source] = connection?.receiver('voice')?.getSynchronizationSources() ?? [];
    hear({ kind: 'level', level: source?.audioLevel ?? 0 });
  }

  for (const slot of SLOTS) fill(slot, null);
  timers.push(
    setInterval(() => {
      step('tick');
      grow();
    }, TICK_MS),
    setInterval(listen, LEVEL_MS),
    setInterval(() => {
      measure().catch((error: unknown) => {
        if (!closed) console.warn('the quality of a call could not be measured', error);
      });
    }, STATS_MS),
  );
  enqueue('opening the connection', async () => void (await open(options.caller, !options.caller)));

  async function take(signal: PeerSignal): Promise<void> {
    if ((await connection?.receive(signal)) !== 'superseded') return;
    leave();
    const isOffer = signal.kind === 'offer';
    const next = await open(!isOffer);
    if (isOffer) await next.receive(signal);
  }

  return {
    receive: (signal) => enqueue('a signal', () => take(signal)),
    accepted() {
      if (clock.phase !== 'waiting') return;
      step('accepted');
      hear({ kind: 'link', link: 'connecting' });
    },
    network: () => step('network'),
    setTrack(slot, track) {
      fill(slot, track);
      enqueue('changing a track', async () => {
        // First, so that no picture of a new camera is larger than it may be.
        if (slot === 'camera' && track) await connection?.limitCamera();
        await connection?.setTrack(slot, tracks.get(slot) ?? null);
      });
    },
    tell(state) {
      lastState = state;
      connection?.tell(state);
    },
    send: (text) => connection?.send(text),
    close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      connection?.close();
      connection = null;
      parts.fallback.close();
    },
  };
}
