import { describe, expect, test } from 'vitest';
import type { CallDevices } from '#contract/ipc/views.ts';
import type { MediaDevices } from '../../../../renderer/src/engines/call-media.ts';
import { choiceOf, keptAfter } from '../../../../renderer/src/stores/kept-devices.ts';

const NONE: CallDevices = { microphone: null, camera: null, speaker: null };
const devices: MediaDevices = {
  microphones: [
    { id: 'm1', label: 'Desk microphone' },
    { id: 'm2', label: 'Headset' },
  ],
  cameras: [{ id: 'c1', label: '' }],
  speakers: [],
};

describe('a kept device', () => {
  test.each<[string, CallDevices['microphone'], string]>([
    ['the system’s choice', null, ''],
    ['still there', { id: 'm2', label: 'Headset' }, 'm2'],
    ['another name for the same id', { id: 'm2', label: 'Old name' }, 'm2'],
    ['another id for the same name', { id: 'x', label: 'Headset' }, 'm2'],
    ['gone', { id: 'x', label: 'Studio' }, ''],
    ['gone, and it never had a name', { id: 'x', label: '' }, ''],
  ])('%s', (_what, microphone, id) => {
    expect(choiceOf({ ...NONE, microphone }, devices)).toEqual({ microphone: id, camera: '', speaker: '' });
  });

  test('a device without a name is not found by another nameless one', () => {
    expect(choiceOf({ ...NONE, camera: { id: 'x', label: '' } }, devices).camera).toBe('');
  });

  test('a choice is kept with its name, the others stay, and the system’s choice is kept as such', () => {
    const one = keptAfter(NONE, devices, 'microphone', 'm1');
    expect(one).toEqual({ ...NONE, microphone: { id: 'm1', label: 'Desk microphone' } });
    const two = keptAfter(one, devices, 'camera', 'c1');
    expect(two).toEqual({ ...one, camera: { id: 'c1', label: '' } });
    expect(keptAfter(two, devices, 'microphone', '')).toEqual({ ...NONE, camera: { id: 'c1', label: '' } });
  });
});
