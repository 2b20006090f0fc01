/** When the page may open peer connections: only what main says counts. */
import { expect, test } from 'vitest';
import type { CallView } from '../../../contract/ipc/call-views.ts';
import type { PushBatch } from '../../../contract/ipc/push.ts';
import { ok, fail } from '../../../contract/model/errors.ts';
import { createCallDoor, type CallDoor } from '../../../electron/preload/call-door.ts';
import { accountSnapshot, snapshotView } from '../renderer/bridge-double.ts';
import { callView } from '../renderer/calls/doubles.ts';

const pushed = (...calls: CallView[]): PushBatch => ({
  seq: 1,
  events: calls.map((call) => ({ accountId: 'me', event: { kind: 'call', call } })),
});

test.each<[string, (door: CallDoor) => void, boolean]>([
  ['nothing was said', () => undefined, false],
  ['a call rings', (door) => door.pushed(pushed(callView('a', { incoming: true }))), true],
  ['a call is over', (door) => door.pushed(pushed(callView('a'), callView('a', { state: 'ended' }))), false],
  [
    'one of two is over',
    (door) => door.pushed(pushed(callView('a'), callView('b'), callView('a', { state: 'ended' }))),
    true,
  ],
  [
    'something else was pushed',
    (door) => door.pushed({ seq: 1, events: [{ kind: 'unread', unread: { messages: 1, chats: 1 } }] }),
    false,
  ],
  ['a call was made', (door) => door.answered('calls.start', ok(callView('a'))), true],
  ['a call was not made', (door) => door.answered('calls.start', fail('call_busy', 'busy')), false],
  ['a call was accepted', (door) => door.answered('calls.accept', ok(callView('a', { state: 'active' }))), true],
  ['another answer looks like a call', (door) => door.answered('chats.create', ok(callView('a'))), false],
  [
    'a call runs in the snapshot',
    (door) =>
      door.answered('app.ready', ok(snapshotView({ states: [accountSnapshot('me', { call: callView('a') })] }))),
    true,
  ],
  ['the snapshot failed', (door) => door.answered('app.ready', fail('internal', 'no')), false],
])('%s', (_name, happens, open) => {
  const door = createCallDoor();
  happens(door);
  expect(door.isOpen()).toBe(open);
});

test('an answer that comes after the end opens nothing, and a snapshot without the call closes', () => {
  const door = createCallDoor();
  door.pushed(pushed(callView('a', { state: 'ended' })));
  door.answered('calls.start', ok(callView('a')));
  expect(door.isOpen()).toBe(false);
  door.pushed(pushed(callView('b')));
  door.answered('app.ready', ok(snapshotView()));
  expect(door.isOpen()).toBe(false);
});
