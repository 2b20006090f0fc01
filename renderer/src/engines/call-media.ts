/** Microphone, camera, screen and loudspeakers of a call: every failure by name, and no store inside. */

import { deviceProblem, type DeviceProblem } from './device-problem.ts';

/** Why there is no track. `cancelled`: the user chose no screen. */
export type MediaProblem = DeviceProblem | 'unplugged' | 'cancelled';

export type MediaAnswer = { ok: true; stream: MediaStream } | { ok: false; problem: MediaProblem };

export interface MediaDevice {
  readonly id: string;
  /** Empty until the user has allowed one. */
  readonly label: string;
}

export interface MediaDevices {
  readonly microphones: readonly MediaDevice[];
  readonly cameras: readonly MediaDevice[];
  readonly speakers: readonly MediaDevice[];
}

async function asked(request: Promise<MediaStream>): Promise<MediaAnswer> {
  try {
    return { ok: true, stream: await request };
  } catch (error) {
    return { ok: false, problem: deviceProblem(error) };
  }
}

const chosen = (deviceId: string): MediaTrackConstraints => (deviceId === '' ? {} : { deviceId: { exact: deviceId } });

/** Asks for a device, and for the system's own choice when the wanted one is gone. */
async function withDefault(open: (deviceId: string) => Promise<MediaStream>, deviceId: string): Promise<MediaAnswer> {
  const answer = await asked(open(deviceId));
  if (answer.ok || deviceId === '' || answer.problem !== 'none') return answer;
  return asked(open(''));
}

/** Opens the microphone; an empty id is the system's choice. */
export function openMicrophone(deviceId: string): Promise<MediaAnswer> {
  return withDefault(
    (id) =>
      navigator.mediaDevices.getUserMedia({
        audio: { ...chosen(id), echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      }),
    deviceId,
  );
}

/** Opens the camera; an empty id is the system's choice. */
export function openCamera(deviceId: string): Promise<MediaAnswer> {
  return withDefault(
    (id) =>
      navigator.mediaDevices.getUserMedia({
        video: { ...chosen(id), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
      }),
    deviceId,
  );
}

/** What matters in a shared picture: sharp letters, or smooth movement. */
export type ShareFocus = 'text' | 'motion';

/** Asks for a screen. Our own sound is left out, otherwise the other side would hear itself. */
export async function openScreen(focus: ShareFocus, sound: boolean): Promise<MediaAnswer> {
  const audio: MediaTrackConstraints & { restrictOwnAudio: boolean } = { restrictOwnAudio: true };
  const answer = await asked(
    navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: { ideal: focus === 'motion' ? 30 : 10, max: 30 } },
      audio: sound ? audio : false,
    }),
  );
  if (!answer.ok) return answer.problem === 'denied' ? { ok: false, problem: 'cancelled' } : answer;
  for (const track of answer.stream.getVideoTracks()) track.contentHint = focus === 'text' ? 'text' : 'motion';
  return answer;
}

/** The devices there are. The system's "default" entries are left out: an empty id stands for them. */
export async function listDevices(): Promise<MediaDevices> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind): MediaDevice[] =>
    all
      .filter(
        (one) =>
          one.kind === kind && one.deviceId !== '' && one.deviceId !== 'default' && one.deviceId !== 'communications',
      )
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') };
}

export type KnownDevice = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'groupId' | 'label'>;

/**
 * The id of the microphone that the system has chosen, where that is no part of the device with this group; null where it
 * is, or where nobody can tell. Its own id and not "default", which some systems move by themselves.
 */
export function anotherDefault(devices: readonly KnownDevice[], groupId: string): string | null {
  const inputs = devices.filter(({ kind }) => kind === 'audioinput');
  const system = inputs.find(({ deviceId }) => deviceId === 'default');
  if (!system || system.groupId === '' || groupId === '' || system.groupId === groupId) return null;
  const parts = inputs.filter(
    ({ deviceId, groupId: group }) =>
      deviceId !== 'default' && deviceId !== 'communications' && group === system.groupId,
  );
  // "Default - Desk microphone"; some systems say "Default" alone.
  const named = parts.find(({ label }) => label !== '' && system.label.endsWith(label));
  return (named ?? (parts.length === 1 ? parts[0] : undefined))?.deviceId ?? null;
}

/** The same for an open microphone, now. */
export async function anotherMicrophone(open: MediaStreamTrack): Promise<string | null> {
  return anotherDefault(await navigator.mediaDevices.enumerateDevices(), open.getSettings().groupId ?? '');
}

/** Calls back when a device was plugged in or out. Returns a disposer. */
export function watchDevices(changed: () => void): () => void {
  navigator.mediaDevices.addEventListener('devicechange', changed);
  return () => navigator.mediaDevices.removeEventListener('devicechange', changed);
}

/** Releases the devices behind a stream: their lights go out. */
export function release(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

export interface Loudspeaker {
  play(stream: MediaStream | null): void;
  /** 0 to 1. */
  volume(value: number): void;
  /** An empty id is the system's choice. */
  device(deviceId: string): Promise<void>;
  close(): void;
}

/** Plays a stream whatever screen is shown. */
export function createLoudspeaker(): Loudspeaker {
  const audio = new Audio();
  audio.autoplay = true;
  return {
    play(stream) {
      audio.srcObject = stream;
    },
    volume(value) {
      audio.volume = Math.min(1, Math.max(0, value));
    },
    device: (deviceId) => audio.setSinkId(deviceId),
    close() {
      audio.pause();
      audio.srcObject = null;
    },
  };
}

/** A tone of a second on a loudspeaker, to try it. Resolves when it is over. */
export async function testSpeaker(deviceId: string): Promise<void> {
  const context = new AudioContext();
  try {
    const out = context.createMediaStreamDestination();
    const tone = new OscillatorNode(context, { frequency: 523 });
    const gain = new GainNode(context, { gain: 0.2 });
    tone.connect(gain).connect(out);
    const speaker = createLoudspeaker();
    await speaker.device(deviceId);
    speaker.play(out.stream);
    tone.start();
    tone.stop(context.currentTime + 1);
    await new Promise((resolve) => tone.addEventListener('ended', resolve));
    speaker.close();
  } finally {
    await context.close();
  }
}
