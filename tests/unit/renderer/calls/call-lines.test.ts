// @vitest-environment happy-dom
/** The calls of a chat: the server's history, and what has ended since. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import type { CallRecordView } from '#contract/ipc/call-views.ts';
import { fail, ok } from '#contract/model/errors.ts';
import { useCallLinesStore } from '../../../../renderer/src/stores/account/call-lines.ts';
import { useConnectionStore } from '../../../../renderer/src/stores/account/connection.ts';
import { useCallsStore } from '../../../../renderer/src/stores/calls.ts';
import { ACCOUNT, installBridge } from '../bridge-double.ts';
import { callView } from './doubles.ts';

const record = (id: string, at: number, chatId = 'chat'): CallRecordView => ({
  ...{ id, chatId, at, peer: { id: 'lena', name: 'Lena Marsh', avatarUrl: null }, type: 'audio' },
  ...{ incoming: true, end: 'missed', duration: null },
});
let server: CallRecordView[] = [];
let asked: (number | null)[] = [];
let broken = false;

const lines = () => useCallLinesStore(ACCOUNT);
const ids = (chatId = 'chat') =>
  lines()
    .of(chatId)
    .map(({ id }) => id)
    .toSorted();
function online(is: boolean): void {
  const phase = is ? 'live' : 'offline';
  useConnectionStore(ACCOUNT).apply({ kind: 'connection', connection: { phase, retryAt: null, reason: null } });
}

beforeEach(() => {
  setActivePinia(createPinia());
  [server, asked, broken] = [[], [], false];
  installBridge({
    calls: {
      history({ before, limit }) {
        asked.push(before);
        if (broken) return Promise.resolve(fail('server_unreachable', 'away'));
        const older = server.filter(({ at }) => before === null || at < before);
        return Promise.resolve(ok({ calls: older.slice(0, limit), more: older.length > limit }));
      },
    },
  });
});

test('the history is read once somebody looks, and shared out among the chats', async () => {
  server = [record('b', 20), record('a', 10), record('c', 5, 'other')];
  online(true);
  expect(asked).toEqual([]);
  lines().want(0);
  lines().want(0);
  await flushPromises();
  expect(asked).toEqual([null]);
  expect([ids(), ids('other'), ids('none')]).toEqual([['a', 'b'], ['c'], []]);
});

test('it is read only as far back as messages are shown', async () => {
  server = Array.from({ length: 350 }, (_, n) => record(`r${String(n)}`, 1_000 - n));
  online(true);
  lines().want(950);
  await flushPromises();
  expect(asked).toEqual([null]);
  lines().want(750);
  await flushPromises();
  expect(asked).toEqual([null, 901, 801]);
});

test('without a connection it is read when there is one, and what was missed meanwhile is read anew', async () => {
  server = [record('a', 10)];
  online(false);
  lines().want(0);
  await flushPromises();
  expect(asked).toEqual([]);
  online(true);
  await flushPromises();
  expect(ids()).toEqual(['a']);
  online(false);
  await flushPromises();
  server = [record('b', 20), ...server];
  online(true);
  await flushPromises();
  expect(ids()).toEqual(['a', 'b']);
});

test('a server that does not answer loses nothing', async () => {
  broken = true;
  online(true);
  lines().want(0);
  await flushPromises();
  [broken, server] = [false, [record('a', 10)]];
  lines().want(-1);
  await flushPromises();
  expect(ids()).toEqual(['a']);
});

test('a call that ends is a line at once, once, and only of its own account', async () => {
  online(true);
  lines().want(0);
  await flushPromises();
  const calls = useCallsStore();
  const over = callView('k', { incoming: true, state: 'ended', end: 'missed', ringingSince: 30 });
  calls.applyOf('https://relay.example.org other')({ kind: 'call', call: { ...over, id: 'x', key: 'x' } });
  expect(ids()).toEqual([]);
  calls.applyOf(ACCOUNT)({ kind: 'call', call: over });
  expect(lines().of('chat')).toEqual([{ ...record('id-k', 30) }]);
  server = [record('id-k', 30)];
  online(false);
  await flushPromises();
  online(true);
  await flushPromises();
  expect(ids()).toEqual(['id-k']);
});

test.each(['elsewhere', 'unreachable'] as const)('a call that was not here (%s) waits for the history', (end) => {
  lines();
  const calls = useCallsStore();
  calls.applyOf(ACCOUNT)({ kind: 'call', call: callView('k', { state: 'ended', end }) });
  expect(ids()).toEqual([]);
});
