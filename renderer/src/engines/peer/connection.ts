/**
 * One RTCPeerConnection with its four places for media, negotiated perfectly. The caller lays out the places; the other
 * side takes them as they come. After that tracks are exchanged in their places, so that nothing is negotiated again.
 */
import { fits, judge, partsOf, sessionOf, withOpus, withStartBitrate, type Description } from './negotiation.ts';
import type { CameraLimits } from './quality.ts';
import { parseState, stateMessage, type SideState } from './state-message.ts';

/** Where media goes: the voice, the camera, the shared screen, and the shared screen's sound. */
export const SLOTS = ['voice', 'camera', 'share', 'sound'] as const;
export type Slot = (typeof SLOTS)[number];

export type PeerSignal =
  | { kind: 'offer'; description: Description }
  | { kind: 'answer'; description: Description }
  | { kind: 'candidate'; candidate: RTCIceCandidateInit | null };

export type ConnectionEvent =
  | { kind: 'signal'; signal: PeerSignal }
  | { kind: 'state'; state: RTCPeerConnectionState }
  /** The other side's track of a place; silent or black until something is sent. */
  | { kind: 'track'; slot: Slot; track: MediaStreamTrack }
  | { kind: 'remote'; state: SideState }
  /** The data channel is open: to the same page as before, or to another one. */
  | { kind: 'channel' }
  /** Anything else that the other side has sent over it; untrusted. */
  | { kind: 'message'; data: unknown }
  | { kind: 'described'; local: string; remote: string };

export interface ConnectionOptions {
  readonly configuration: RTCConfiguration;
  readonly polite: boolean;
  /** Makes the first offer; the other side waits for it. */
  readonly offers: boolean;
  /** What is sent in each place now. */
  readonly tracks: ReadonlyMap<Slot, MediaStreamTrack>;
  readonly retired: ReadonlySet<string>;
  /** What the camera may use now. */
  readonly cameraLimits: () => CameraLimits;
}

export interface Connection {
  readonly pc: RTCPeerConnection;
  /** The other side's session; null before one of its descriptions was applied. */
  session(): string | null;
  /** `superseded`: the other side has a new connection, so there must be a new one here: for its offer, or with one. */
  receive(signal: PeerSignal): Promise<'done' | 'superseded'>;
  setTrack(slot: Slot, track: MediaStreamTrack | null): Promise<void>;
  /** Applies what the camera may use now. */
  limitCamera(): Promise<void>;
  receiver(slot: Slot): RTCRtpReceiver | null;
  tell(state: SideState): void;
  /** Sends a text over the data channel; it is lost while there is none. */
  send(text: string): void;
  close(): void;
}

const KINDS: Readonly<Record<Slot, 'audio' | 'video'>> = {
  voice: 'audio',
  camera: 'video',
  share: 'video',
  sound: 'audio',
};
/** Kilobits a second that a camera begins with: enough for a clear first picture, and soon corrected on a bad line. */
const START_KILOBITS = 800;
/** Candidates that wait for their description; a hostile side must not fill the memory. */
const MOST_WAITING = 256;

/** Opens a connection. It throws when the configuration is not one, such as an address that is no ICE server's. */
export function openConnection(options: ConnectionOptions, hear: (event: ConnectionEvent) => void): Connection {
  const pc = new RTCPeerConnection(options.configuration);
  const places = new Map<Slot, RTCRtpTransceiver>();
  let waiting: RTCIceCandidateInit[] = [];
  /** This side's candidates while it makes an answer; null: they are told at once. */
  let held: RTCIceCandidateInit[] | null = null;
  let channel: RTCDataChannel | null = null;
  let lastState: SideState | null = null;
  let [makingOffer, settingAnswer, started, closed] = [false, false, options.offers, false];
  let session: string | null = null;

  function openChannel(): void {
    channel = pc.createDataChannel('state', { negotiated: true, id: 0 });
    channel.addEventListener('open', () => {
      if (closed) return;
      if (lastState) channel?.send(stateMessage(lastState));
      hear({ kind: 'channel' });
    });
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (closed) return;
      const state = parseState(data);
      hear(state ? { kind: 'remote', state } : { kind: 'message', data });
    });
  }

  function take(slot: Slot, transceiver: RTCRtpTransceiver): void {
    places.set(slot, transceiver);
    hear({ kind: 'track', slot, track: transceiver.receiver.track });
  }

  function layOut(): void {
    for (const slot of SLOTS) {
      const track = options.tracks.get(slot);
      const sendEncodings = slot === 'camera' ? [{ ...options.cameraLimits() }] : [];
      take(slot, pc.addTransceiver(track ?? KINDS[slot], { direction: 'sendrecv', sendEncodings }));
    }
    openChannel();
  }

  async function limitCamera(): Promise<void> {
    const sender = places.get('camera')?.sender;
    const parameters = sender?.getParameters();
    const encoding = parameters?.encodings[0];
    if (!sender || !parameters || !encoding) return;
    Object.assign(encoding, options.cameraLimits());
    try {
      await sender.setParameters(parameters);
    } catch (error) {
      // The picture goes on as it was: nothing else of a call may depend on it.
      if (!closed) console.warn('what the camera may use was not changed', error);
    }
  }

  /** Takes the places of the other side's offer, in order. */
  async function takePlaces(sdp: string): Promise<void> {
    // Laid out by an offer that gave way: the other side's places are others.
    for (const [slot, place] of places) {
      if (place.mid !== null) continue;
      places.delete(slot);
      place.stop();
    }
    const free = pc
      .getTransceivers()
      .filter((one) => one.currentDirection !== 'stopped' && ![...places.values()].includes(one));
    for (const slot of SLOTS) {
      if (places.has(slot)) continue;
      const next = free.findIndex((one) => one.receiver.track.kind === KINDS[slot]);
      const transceiver = next < 0 ? undefined : free.splice(next, 1)[0];
      if (!transceiver) continue;
      transceiver.direction = 'sendrecv';
      take(slot, transceiver);
      if (slot === 'camera') await limitCamera();
      await transceiver.sender.replaceTrack(options.tracks.get(slot) ?? null);
    }
    if (!channel && partsOf(sdp).includes('application')) openChannel();
  }

  function described(): void {
    const [local, remote] = [pc.currentLocalDescription?.sdp, pc.currentRemoteDescription?.sdp];
    if (local !== undefined && remote !== undefined) hear({ kind: 'described', local, remote });
  }

  async function describe(): Promise<void> {
    await pc.setLocalDescription();
    const description = pc.localDescription;
    if (!description || closed) return;
    const { type, sdp } = description;
    if (type === 'offer' || type === 'answer')
      hear({ kind: 'signal', signal: { kind: type, description: { type, sdp } } });
  }

  /**
   * Takes the candidates that were gathered ahead: Chromium throws them away with an answer, and gathers anew, but a
   * provisional answer, which nobody is told, takes them. They are told after the answer, which they belong to.
   */
  async function takeGathered(): Promise<void> {
    if (pc.localDescription || (pc.getConfiguration().iceCandidatePoolSize ?? 0) === 0) return;
    try {
      const { sdp } = await pc.createAnswer();
      if (!closed) await pc.setLocalDescription({ type: 'pranswer', ...(sdp === undefined ? {} : { sdp }) });
    } catch (error) {
      // The call is only slower without it.
      if (!closed) console.warn('what was gathered ahead was not taken', error);
    }
  }

  async function answer(): Promise<void> {
    held = [];
    try {
      await takeGathered();
      if (!closed) await describe();
    } finally {
      const ready = held;
      held = null;
      for (const candidate of ready) hear({ kind: 'signal', signal: { kind: 'candidate', candidate } });
    }
  }

  async function addCandidates(): Promise<void> {
    const sdp = pc.remoteDescription?.sdp ?? null;
    const ready = waiting.filter(({ usernameFragment }) => fits(usernameFragment, sdp));
    waiting = waiting.filter((candidate) => !ready.includes(candidate));
    for (const candidate of ready) {
      try {
        await pc.addIceCandidate(candidate);
      } catch (error) {
        // One bad candidate does not end a call: there are others, or the clock says that there is no route.
        console.warn('a candidate was not taken', error);
      }
    }
  }

  async function onDescription(description: Description): Promise<'done' | 'superseded'> {
    const verdict = judge(description, {
      ...{ polite: options.polite, makingOffer, settingAnswer, session, retired: options.retired },
      signaling: pc.signalingState,
    });
    if (verdict === 'rebuild') return 'superseded';
    if (verdict !== 'apply' || description.sdp === undefined) return 'done';
    settingAnswer = description.type === 'answer';
    try {
      const sdp = withStartBitrate(withOpus(description.sdp), START_KILOBITS);
      await pc.setRemoteDescription({ type: description.type, sdp });
    } finally {
      settingAnswer = false;
    }
    session = sessionOf(description.sdp);
    if (description.type === 'offer') {
      await takePlaces(description.sdp);
      started = true;
      await answer();
    }
    await addCandidates();
    described();
    return 'done';
  }

  pc.addEventListener('negotiationneeded', () => {
    // Who is called has nothing to offer before the caller has.
    if (!started || closed) return;
    makingOffer = true;
    describe()
      .catch((error: unknown) => {
        if (!closed) console.warn('an offer could not be made', error);
      })
      .finally(() => (makingOffer = false));
  });
  pc.addEventListener('icecandidate', ({ candidate }) => {
    if (!candidate || candidate.candidate === '' || closed) return;
    if (held) held.push(candidate.toJSON());
    else hear({ kind: 'signal', signal: { kind: 'candidate', candidate: candidate.toJSON() } });
  });
  pc.addEventListener('connectionstatechange', () => {
    if (!closed) hear({ kind: 'state', state: pc.connectionState });
  });
  if (options.offers) layOut();

  return {
    pc,
    session: () => session,
    async receive(signal) {
      if (closed) return 'done';
      if (signal.kind !== 'candidate') return onDescription(signal.description);
      if (signal.candidate && waiting.length < MOST_WAITING) {
        waiting.push(signal.candidate);
        await addCandidates();
      }
      return 'done';
    },
    async setTrack(slot, track) {
      const place = places.get(slot);
      if (place) await place.sender.replaceTrack(track);
      // The other side offered no such place: it is negotiated now.
      else if (track && started) take(slot, pc.addTransceiver(track, { direction: 'sendrecv' }));
    },
    limitCamera,
    receiver: (slot) => places.get(slot)?.receiver ?? null,
    tell(state) {
      lastState = state;
      if (channel?.readyState === 'open') channel.send(stateMessage(state));
    },
    send(text) {
      if (channel?.readyState === 'open') channel.send(text);
    },
    close() {
      closed = true;
      pc.close();
    },
  };
}
