/** What a call's media look like to the screens, and what they need of the rest of the page. See call-session.ts. */
import type { CallVolumes } from '#contract/ipc/call-settings.ts';
import type { CallMediaView, CallSignalView, CallView, IceServer } from '#contract/ipc/call-views.ts';
import type { CallDevices } from '#contract/ipc/views.ts';
import type { MediaDevices, MediaProblem, ShareFocus } from '../engines/call-media.ts';
import type { Quality } from '../engines/peer/quality.ts';
import type { SideState } from '../engines/peer/state-message.ts';
import type { CallLog } from './call-log.ts';
import type { DeviceChoice } from './kept-devices.ts';
import type { Together } from './together/together.ts';

/** What the screens show. */
export interface CallMedia {
  link: 'waiting' | 'connecting' | 'connected' | 'reconnecting';
  /** No route between the two sides was found yet. */
  noRoute: boolean;
  /** Relays alone are used. */
  readonly relayOnly: boolean;
  muted: boolean;
  /** The camera is on. */
  camera: boolean;
  /** What is shared, or null. */
  sharing: ShareFocus | null;
  /** Why there is no microphone, no camera, no screen. */
  problems: Record<'microphone' | 'camera' | 'screen', MediaProblem | null>;
  /** What the other side says of itself; null while unknown. */
  remote: SideState | null;
  /** The other side's voice was heard a moment ago. */
  speaking: boolean;
  quality: Quality | null;
  safety: string | null;
  own: { camera: MediaStream | null; screen: MediaStream | null };
  theirs: { camera: MediaStream | null; screen: MediaStream | null };
  devices: MediaDevices;
  choice: DeviceChoice;
  /** 0 to 1. */
  volumes: Record<VolumeKind, number>;
}

/** What is heard in a call, each as loud as the user wants it. */
export type VolumeKind = 'voice' | 'share' | 'music';

export interface SessionParts {
  signal(signal: CallSignalView): void;
  iceServers(): Promise<IceServer[]>;
  /** Whose call it is: its library is heard together. */
  accountId: string;
  /** The devices chosen last, and how another choice is kept. */
  kept(): CallDevices;
  keep(devices: CallDevices): void;
  /** How loud it was last, and how another loudness is kept. */
  volumes: CallVolumes;
  keepVolumes(volumes: CallVolumes): void;
  /** The way goes through the server's relays only. */
  relayOnly: boolean;
  /** What main wants to know of the devices and the connection. */
  media(state: CallMediaView): void;
  /** The other side's picture for the small window; resolves when it was taken. */
  smallPicture(jpeg: Uint8Array<ArrayBuffer> | null): Promise<unknown>;
  /** The connection could not be kept: the call should be ended. */
  gaveUp(): void;
}

export interface CallSession {
  readonly media: CallMedia;
  readonly together: Together;
  /** What its recap is made of; there also after the end. */
  readonly log: CallLog;
  /** The call's state as main knows it. */
  follow(call: CallView): void;
  /** Opens the devices, once: the user has accepted. It happens by itself with a call that runs. */
  begin(withVideo: boolean): void;
  receive(signal: CallSignalView): void;
  network(): void;
  mute(muted: boolean): void;
  setCamera(on: boolean): Promise<void>;
  /** Shares a screen; null ends sharing. */
  share(want: { focus: ShareFocus; sound: boolean } | null): Promise<void>;
  choose(kind: keyof DeviceChoice, id: string): Promise<void>;
  setVolume(kind: VolumeKind, value: number): void;
  /** The small window is open and shows what the other side shows, or not any more. */
  showSmall(open: boolean): void;
  /** Stops everything at once. */
  close(): void;
}
