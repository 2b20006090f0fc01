/** Which microphone the system has chosen, when it is another one than the open one. */
import { expect, test } from 'vitest';
import { anotherDefault, type KnownDevice } from '../../../../renderer/src/engines/call-media.ts';

const input = (deviceId: string, groupId: string, label: string): KnownDevice => ({
  ...{ kind: 'audioinput', deviceId, groupId, label },
});
const DESK = input('desk', 'one', 'Desk microphone');
const CAMERA = input('cam', 'two', 'Microphone of a camera');
const [LINE_IN, FRONT] = [input('line', 'three', 'Line in'), input('front', 'three', 'Front')];
const ALL = [DESK, CAMERA, LINE_IN, FRONT];

test.each<[string, KnownDevice[], string, string | null]>([
  ['it is the open one', [input('default', 'one', 'Default - Desk microphone'), ...ALL], 'one', null],
  ['it is another one, by name', [input('default', 'two', 'Default - Microphone of a camera'), ...ALL], 'one', 'cam'],
  ['it is another one, without a name', [input('default', 'two', 'Default'), ...ALL], 'one', 'cam'],
  ['it is one of two of a device', [input('default', 'three', 'Default - Front'), ...ALL], 'one', 'front'],
  ['it is one of two, and nobody says which', [input('default', 'three', 'Default'), ...ALL], 'one', null],
  [
    'Windows has one for calls as well',
    [input('default', 'two', 'Default - X'), input('communications', 'two', 'Communications - X'), ...ALL],
    'one',
    'cam',
  ],
  ['the system names none', ALL, 'one', null],
  ['there is none', [], 'one', null],
  ['the open one does not say what it is', [input('default', 'two', 'Default'), ...ALL], '', null],
  ['groups are not told before a permission', [input('default', '', ''), input('', '', '')], 'one', null],
  [
    'a loudspeaker of the device is no microphone',
    [input('default', 'four', 'Default'), { kind: 'audiooutput', deviceId: 'out', groupId: 'four', label: 'Out' }],
    'one',
    null,
  ],
])('%s', (_what, devices, open, expected) => {
  expect(anotherDefault(devices, open)).toBe(expected);
});
