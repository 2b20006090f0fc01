/** What a browser gives a call, as far as a store needs it: tracks that remember whether they were stopped. */
import type { CallView } from '#contract/ipc/call-views.ts';
import type { MediaAnswer, MediaDevices, MediaProblem } from '../../../../renderer/src/engines/call-media.ts';
import type { Peer, PeerEvent, PeerOptions } from '../../../../renderer/src/engines/peer/peer.ts';

export class FakeTrack extends EventTarget {
  enabled = true;
  live = true;
  contentHint = '';
  readonly kind: 'audio' | 'video';
  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
  }
  stop(): void {
    this.live = false;
  }
  /** The device is pulled out. */
  unplug(): void {
    this.live = false;
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[]) {
    this.tracks = tracks;
  }
  getTracks = (): FakeTrack[] => this.tracks;
  getAudioTracks = (): FakeTrack[] => this.tracks.filter(({ kind }) => kind === 'audio');
  getVideoTracks = (): FakeTrack[] => this.tracks.filter(({ kind }) => kind === 'video');
}

export interface FakePeer extends Peer {
  options: PeerOptions;
  hear(event: PeerEvent): void;
  calls: string[];
  received: unknown[];
  sent: Map<string, FakeTrack | null>;
  /** What was sent over the data channel. */
  texts: string[];
}

/** The devices of the test, and what was made of them. */
export const world = {
  peers: [] as FakePeer[],
  tracks: [] as FakeTrack[],
  problems: {} as Partial<Record<'microphone' | 'camera' | 'screen', MediaProblem>>,
  asked: [] as string[],
  rings: [] as (string | null)[],
  /** What the small window was given to show. */
  small: [] as unknown[],
  devices: { microphones: [], cameras: [], speakers: [] } as MediaDevices,
  /** The microphone that the system has chosen, where it is another one than the open one. */
  another: null as string | null,
  /** A device is plugged in or out, or the system chooses another one. */
  plugged: (): void => undefined,
  answer(kind: 'microphone' | 'camera' | 'screen', deviceId = ''): Promise<MediaAnswer> {
    world.asked.push(deviceId === '' ? kind : `${kind} ${deviceId}`);
    const problem = world.problems[kind];
    if (problem) return Promise.resolve({ ok: false, problem });
    const track = new FakeTrack(kind === 'microphone' ? 'audio' : 'video');
    world.tracks.push(track);
    return Promise.resolve({ ok: true, stream: new FakeStream([track]) as unknown as MediaStream });
  },
  live: (): number => world.tracks.filter(({ live }) => live).length,
  reset(): void {
    Object.assign(world, { peers: [], tracks: [], problems: {}, asked: [], rings: [], small: [] });
    world.devices = { microphones: [], cameras: [], speakers: [] };
    world.another = null;
  },
};

export function fakePeer(options: PeerOptions, hear: (event: PeerEvent) => void): FakePeer {
  const calls: string[] = [];
  const peer: FakePeer = {
    ...{ options, hear, calls, received: [], sent: new Map(), texts: [] },
    receive: (signal) => void peer.received.push(signal),
    accepted: () => void calls.push('accepted'),
    network: () => void calls.push('network'),
    setTrack: (slot, track) => void peer.sent.set(slot, track as unknown as FakeTrack | null),
    tell: (state) => void calls.push(`tell ${JSON.stringify(state)}`),
    send: (text) => void peer.texts.push(text),
    close: () => void calls.push('close'),
  };
  world.peers.push(peer);
  return peer;
}

export function callView(key: string, more: Partial<CallView> = {}): CallView {
  return {
    key,
    id: `id-${key}`,
    chatId: 'chat',
    peer: { id: 'lena', name: 'Lena Marsh', avatarUrl: null },
    type: 'audio',
    incoming: false,
    state: 'ringing',
    ringingSince: 1,
    activeSince: null,
    polite: false,
    end: null,
    duration: null,
    withVideo: false,
    ...more,
  };
}
