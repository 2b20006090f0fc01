/** The devices of calls, kept over restarts: found again by their id, by their name when the id has changed. Pure. */
import type { CallDevices } from '#contract/ipc/views.ts';
import type { MediaDevice, MediaDevices } from '../engines/call-media.ts';

/** The devices to use; an empty id is the system's choice. */
export interface DeviceChoice {
  microphone: string;
  camera: string;
  speaker: string;
}

type Kind = keyof DeviceChoice;
const LISTS: Readonly<Record<Kind, keyof MediaDevices>> = {
  microphone: 'microphones',
  camera: 'cameras',
  speaker: 'speakers',
};

function found(kept: CallDevices[Kind], devices: readonly MediaDevice[]): string {
  if (kept === null) return '';
  if (devices.some(({ id }) => id === kept.id)) return kept.id;
  return (kept.label !== '' && devices.find(({ label }) => label === kept.label)?.id) || '';
}

/** What of the kept devices is there; the system's choice for the rest. */
export function choiceOf(kept: CallDevices, devices: MediaDevices): DeviceChoice {
  return {
    microphone: found(kept.microphone, devices.microphones),
    camera: found(kept.camera, devices.cameras),
    speaker: found(kept.speaker, devices.speakers),
  };
}

/** What is kept after a choice. An empty id is the system's choice, and is kept as such. */
export function keptAfter(kept: CallDevices, devices: MediaDevices, kind: Kind, id: string): CallDevices {
  const label = devices[LISTS[kind]].find((device) => device.id === id)?.label ?? '';
  return { ...kept, [kind]: id === '' ? null : { id, label } };
}
