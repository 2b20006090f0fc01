// @vitest-environment happy-dom
/** The lobby of a video call: main is told before the camera is asked for, and when it is left. */
import { flushPromises } from '@vue/test-utils';
import { beforeEach, expect, test, vi } from 'vitest';
import type { CallDevices } from '#contract/ipc/views.ts';
import { ok } from '#contract/model/errors.ts';
import { createLobby } from '../../../../renderer/src/stores/call-lobby.ts';
import { installBridge } from '../bridge-double.ts';
import { world } from './doubles.ts';

vi.mock('../../../../renderer/src/engines/call-media.ts', async (original) => ({
  ...(await original<object>()),
  openMicrophone: (id: string) => world.answer('microphone', id),
  openCamera: (id: string) => world.answer('camera', id),
  listDevices: () => Promise.resolve(world.devices),
  watchDevices: () => () => undefined,
}));
vi.mock('../../../../renderer/src/engines/recorder.ts', () => ({
  BROWSER_RECORDER: { meter: () => ({ level: () => 0, close: () => undefined }) },
}));

let kept: CallDevices;
const parts = { kept: () => kept, keep: (next: CallDevices) => void (kept = next) };

beforeEach(() => {
  world.reset();
  world.devices = { microphones: [], cameras: [{ id: 'c2', label: 'Desk camera' }], speakers: [] };
  kept = { microphone: null, camera: { id: 'c1', label: 'Desk camera' }, speaker: null };
  installBridge({
    calls: {
      lobby({ open }) {
        world.asked.push(open ? 'open' : 'left');
        return Promise.resolve(ok(null));
      },
    },
  });
});

test('opens with the devices used last, found by their names, after main was told', async () => {
  const lobby = createLobby(parts);
  await flushPromises();
  expect(world.asked).toEqual(['open', 'camera c2', 'microphone']);
  await lobby.choose('camera', '');
  expect(kept.camera).toBeNull();
  lobby.close();
  lobby.close();
  await flushPromises();
  expect(world.asked).toEqual(['open', 'camera c2', 'microphone', 'camera', 'left']);
  expect(world.live()).toBe(0);
});

test('left before main has answered: no device is opened', async () => {
  createLobby(parts).close();
  await flushPromises();
  expect(world.asked).toEqual(['open', 'left']);
});
