import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, until } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';
import { lastOf, outboxOver, write } from './outbox-world.ts';

describe('a request under way when the token ends', () => {
  let store: OpenStore;
  beforeEach(() => {
    store = openStore();
    knowChat(store.context);
  });
  afterEach(() => store.close());

  const state = () => lastOf(store, CHAT)?.state;

  it.each([
    ['was certainly not stored', 'not_stored', 'server_unreachable'],
    ['brought no answer', 'unknown', 'server_timeout'],
  ] as const)('%s: it waits for the sign-in like the others', async (_what, effect, code) => {
    const { outbox, line, sent } = outboxOver(store, new ManualClock(NOW));
    await outbox.connect(line);
    write(store, CHAT, 'l1', NOW);
    outbox.wake();
    await until('the request left', () => sent.length === 1);
    await outbox.disconnect();
    expect(state()).toBe('sending');
    sent[0]?.refuse({ error: { code, message: '' }, effect });
    await until('it waits', () => state() === 'waiting_auth');
    await outbox.connect(line);
    await until('it left again', () => sent.length === 2);
    const stopped = outbox.stop();
    sent[1]?.refuse({ error: { code, message: '' }, effect });
    await stopped;
  });
});
