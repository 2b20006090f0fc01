// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PushEvent } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { createDispatcher, type Dispatcher } from '../../../renderer/src/stores/dispatcher.ts';
import { chatView, deferred, installBridge, snapshotView } from './bridge-double.ts';

const SNAPSHOT_KINDS = ['settings', 'session', 'connection', 'unread', 'chats:reset'];
const notice: PushEvent = { kind: 'notice', notice: 'outbox_rescued', code: null };
let dispatcher: Dispatcher | undefined;
afterEach(() => dispatcher?.stop());

function listen() {
  const heard: PushEvent[] = [];
  return { heard, kinds: () => heard.map((event) => event.kind), apply: (event: PushEvent) => void heard.push(event) };
}

describe('the dispatcher', () => {
  test('hands out the snapshot as events, then what came meanwhile, then what follows', async () => {
    const answer = deferred<Result<Snapshot>>();
    const bridge = installBridge({ app: { ready: () => answer.promise } }, 7);
    const store = listen();
    const prepared: number[] = [];
    dispatcher = createDispatcher([store], (snapshot) => void prepared.push(snapshot.seq));
    const started = dispatcher.start();
    bridge.push(notice);
    expect(store.heard).toEqual([]);
    answer.resolve(ok(snapshotView({ seq: 7, chats: [chatView('a')] })));
    expect((await started).ok).toBe(true);
    expect(prepared).toEqual([7]);
    expect(store.kinds()).toEqual([...SNAPSHOT_KINDS, 'notice']);
    bridge.push({ kind: 'unread', unread: { messages: 2, chats: 1 } });
    expect(store.kinds().at(-1)).toBe('unread');
  });

  test('asks once more after a hole, however many batches come behind it', async () => {
    const answers = [deferred<Result<Snapshot>>(), deferred<Result<Snapshot>>()];
    const ready = vi.fn(() => (answers[ready.mock.calls.length - 1] ?? deferred<Result<Snapshot>>()).promise);
    const bridge = installBridge({ app: { ready } });
    const store = listen();
    dispatcher = createDispatcher([store], () => undefined);
    const started = dispatcher.start();
    answers[0]?.resolve(ok(snapshotView({ seq: 1 })));
    await started;
    store.heard.length = 0;
    bridge.batch({ seq: 4, events: [notice] });
    bridge.batch({ seq: 5, events: [notice] });
    expect(ready).toHaveBeenCalledTimes(2);
    expect(store.heard).toEqual([]);
    answers[1]?.resolve(ok(snapshotView({ seq: 4 })));
    await dispatcher.start();
    expect(store.kinds()).toEqual([...SNAPSHOT_KINDS, 'notice']);
  });

  test('a refusal is an answer, and a later try succeeds', async () => {
    const results: Result<Snapshot>[] = [fail('storage_failed', 'disk full'), ok(snapshotView())];
    installBridge({ app: { ready: () => Promise.resolve(results.shift() ?? fail('internal', 'none left')) } });
    const store = listen();
    dispatcher = createDispatcher([store], () => undefined);
    expect(await dispatcher.start()).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    expect(store.heard).toEqual([]);
    expect((await dispatcher.start()).ok).toBe(true);
    expect(store.kinds()).toEqual(SNAPSHOT_KINDS);
  });

  test('a bridge that breaks is an answer too', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    installBridge({ app: { ready: () => Promise.reject(new Error('gone')) } });
    dispatcher = createDispatcher([], () => undefined);
    expect(await dispatcher.start()).toMatchObject({ ok: false, error: { code: 'internal' } });
    error.mockRestore();
  });

  test('one store that stumbles does not silence the next', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    installBridge({ app: { ready: () => Promise.resolve(ok(snapshotView())) } });
    const store = listen();
    const broken = {
      apply: () => {
        throw new Error('broken');
      },
    };
    dispatcher = createDispatcher([broken, store], () => undefined);
    await dispatcher.start();
    expect(store.kinds()).toEqual(SNAPSHOT_KINDS);
    expect(error).toHaveBeenCalledTimes(SNAPSHOT_KINDS.length);
    error.mockRestore();
  });

  test('stop ends the subscription', () => {
    const bridge = installBridge({});
    const one = createDispatcher([], () => undefined);
    expect(bridge.listeners()).toBe(1);
    one.stop();
    expect(bridge.listeners()).toBe(0);
  });
});
