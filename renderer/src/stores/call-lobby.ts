/** What is tried before a video call: the camera's picture, the microphone's level, the loudspeaker. Loaded with the lobby. */
import { shallowReactive } from 'vue';
import {
  listDevices,
  openCamera,
  openMicrophone,
  release,
  testSpeaker,
  watchDevices,
  type MediaDevices,
  type MediaProblem,
} from '../engines/call-media.ts';
import { BROWSER_RECORDER } from '../engines/recorder.ts';
import type { CallDevices } from '#contract/ipc/views.ts';
import { ask } from './bridge-call.ts';
import { choiceOf, keptAfter, type DeviceChoice } from './kept-devices.ts';

export interface LobbyMedia {
  camera: MediaStream | null;
  problems: { microphone: MediaProblem | null; camera: MediaProblem | null };
  /** Loudness of the microphone, 0 to 1. */
  level: number;
  devices: MediaDevices;
  choice: DeviceChoice;
  speaker: 'idle' | 'testing' | 'failed';
}

export interface Lobby {
  readonly media: LobbyMedia;
  choose(kind: keyof DeviceChoice, id: string): Promise<void>;
  test(): Promise<void>;
  /** Releases the devices. */
  close(): void;
}

const LEVEL_MS = 80;

/** The devices used last, and how another choice is kept. */
export interface LobbyParts {
  kept(): CallDevices;
  keep(devices: CallDevices): void;
}

/** Tells main, which lends the camera to a lobby. It logs a failure; the camera is then refused. */
const tell = (open: boolean): Promise<unknown> => ask((bridge) => bridge.calls.lobby({ open }));

/** Opens the devices chosen last. */
export function createLobby(parts: LobbyParts): Lobby {
  const media: LobbyMedia = shallowReactive({
    camera: null,
    problems: { microphone: null, camera: null },
    level: 0,
    devices: { microphones: [], cameras: [], speakers: [] },
    choice: { microphone: '', camera: '', speaker: '' },
    speaker: 'idle',
  });
  let closed = false;
  let microphone: MediaStream | null = null;
  let meter: { level(): number; close(): void } | null = null;

  async function refresh(): Promise<void> {
    const devices = await listDevices();
    if (!closed) media.devices = devices;
  }

  async function camera(): Promise<void> {
    const answer = await openCamera(media.choice.camera);
    if (closed) {
      if (answer.ok) release(answer.stream);
      return;
    }
    release(media.camera);
    media.camera = answer.ok ? answer.stream : null;
    media.problems = { ...media.problems, camera: answer.ok ? null : answer.problem };
    await refresh();
  }

  async function listen(): Promise<void> {
    const answer = await openMicrophone(media.choice.microphone);
    if (closed) {
      if (answer.ok) release(answer.stream);
      return;
    }
    meter?.close();
    release(microphone);
    microphone = answer.ok ? answer.stream : null;
    meter = microphone ? BROWSER_RECORDER.meter(microphone) : null;
    media.problems = { ...media.problems, microphone: answer.ok ? null : answer.problem };
    await refresh();
  }

  const timer = setInterval(() => (media.level = meter?.level() ?? 0), LEVEL_MS);
  const unwatch = watchDevices(() => void refresh());
  async function begin(): Promise<void> {
    const listed = refresh().catch((error: unknown) => console.warn('the devices cannot be listed', error));
    await Promise.all([tell(true), listed]);
    if (closed) return;
    media.choice = choiceOf(parts.kept(), media.devices);
    await Promise.all([camera(), listen()]);
  }
  void begin();

  return {
    media,
    async choose(kind, id) {
      media.choice = { ...media.choice, [kind]: id };
      parts.keep(keptAfter(parts.kept(), media.devices, kind, id));
      if (kind === 'camera') await camera();
      else if (kind === 'microphone') await listen();
    },
    async test() {
      if (media.speaker === 'testing') return;
      media.speaker = 'testing';
      try {
        await testSpeaker(media.choice.speaker);
        media.speaker = 'idle';
      } catch (error) {
        console.warn('the speaker could not be tested', error);
        media.speaker = 'failed';
      }
    },
    close() {
      // For the call itself, and once more when the lobby is left.
      if (closed) return;
      closed = true;
      void tell(false);
      clearInterval(timer);
      unwatch();
      meter?.close();
      release(media.camera);
      release(microphone);
      media.camera = null;
    },
  };
}
