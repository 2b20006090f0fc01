/** What leaves, in which order, and how many at once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../helpers/main-parts.ts';
import { CHAT, knowChat, NOW, OTHER, openStore, type OpenStore } from '../store/open-store.ts';
import {
  AWAY,
  outboxOver,
  settle,
  shown,
  takeBack,
  write,
  type OutboxWorld,
  type WorldOptions,
} from './outbox-world.ts';

const CHATS = [CHAT, 'chat2', 'chat3', 'chat4', 'chat5', 'chat6'];
let store: OpenStore;
let clock: ManualClock;
let world: OutboxWorld;

beforeEach(() => {
  store = openStore();
  for (const id of CHATS) knowChat(store.context, { id });
  clock = new ManualClock(NOW);
});
afterEach(async () => {
  const stopped = world.outbox.stop();
  for (const one of world.sent) one.refuse(AWAY);
  await stopped;
  store.close();
});

async function connect(options: WorldOptions = {}): Promise<void> {
  world = outboxOver(store, clock, options);
  await world.outbox.connect(world.line);
  await settle();
}
async function wake(): Promise<void> {
  world.outbox.wake();
  await settle();
}
const texts = () => world.sent.map(({ body }) => body['content']);

describe('a request', () => {
  it.each([
    ['plain words', {}, {}],
    ['an answer', { replyTo: 'm1' }, { replyToId: 'm1' }],
    ['files', { files: ['f1', 'f2'] }, { attachments: ['f1', 'f2'] }],
  ])('with %s carries them, and its key where the server knows keys', async (_what, more, body) => {
    await connect();
    write(store, CHAT, 'l1', NOW, { text: 'hello', ...more });
    await wake();
    expect(world.sent.map(({ route }) => route)).toEqual(['sendMessage']);
    expect(world.sent[0]?.body).toEqual({ chatId: CHAT, content: 'hello', clientId: 'l1', ...body });
    expect(world.sent[0]?.options.timeoutMs).toBe(20_000);
    expect(world.sent[0]?.options.signal?.aborted).toBe(false);
  });

  it('has no key where the server knows none', async () => {
    await connect({ hasKeys: false });
    write(store, CHAT, 'l1', NOW);
    await wake();
    expect(world.sent[0]?.body).toEqual({ chatId: CHAT, content: 'l1' });
  });

  it('leaves after its message was shown as on its way, and its answer is shown before anything else is done', async () => {
    await connect({
      onFailpoint: (step) => {
        const state = shown(store, CHAT, 'l1')?.state;
        const told = world.published
          .flatMap(({ messages }) => messages.flatMap(({ upserts }) => upserts))
          .at(-1)?.state;
        moments.push([step, state, told, world.sent.length]);
      },
    });
    const moments: unknown[] = [];
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.accept();
    await settle();
    expect(moments).toEqual([
      ['attempt-committed', 'sending', 'sending', 0],
      ['request-sent', 'sending', 'sending', 1],
      ['answer-received', 'sending', 'sending', 1],
      ['answer-committed', 'sent', 'sent', 1],
    ]);
    expect(shown(store, CHAT, 'l1')?.problem).toBeNull();
  });

  it('does not leave when its message was taken back at the last moment', async () => {
    await connect();
    write(store, CHAT, 'l1', NOW);
    write(store, CHAT, 'l2', NOW);
    world.outbox.wake();
    takeBack(store, 'l1', NOW);
    await settle();
    expect(texts()).toEqual(['l2']);
    expect(world.logger.of('outbox.step_failed')).toEqual([]);
  });
});

describe('the order', () => {
  it('of a chat is that of writing: the next one leaves when the one before has its answer', async () => {
    await connect();
    for (const id of ['l1', 'l2', 'l3']) write(store, CHAT, id, NOW);
    await wake();
    await wake();
    expect(texts()).toEqual(['l1']);
    world.sent[0]?.accept();
    await settle();
    expect(texts()).toEqual(['l1', 'l2']);
    world.sent[1]?.accept();
    await settle();
    expect(texts()).toEqual(['l1', 'l2', 'l3']);
    world.sent[2]?.accept();
    await settle();
    expect(world.logger.entries.filter(({ level }) => level !== 'info')).toEqual([]);
    // Nothing waits: nothing is looked at again.
    expect(clock.pending).toBe(0);
  });

  it('goes on past a message that was refused for good, and waits behind one that is tried again', async () => {
    await connect();
    for (const id of ['l1', 'l2', 'l3']) write(store, CHAT, id, NOW);
    await wake();
    world.sent[0]?.refuse({ error: { code: 'too_large', message: '' }, effect: 'not_stored' });
    await settle();
    expect(texts()).toEqual(['l1', 'l2']);
    world.sent[1]?.refuse(AWAY);
    await settle();
    expect(texts()).toEqual(['l1', 'l2']);
    clock.advance(250);
    await settle();
    expect(texts()).toEqual(['l1', 'l2', 'l2']);
  });
});

describe('requests at once', () => {
  it('are four over all chats; each answer makes room for one', async () => {
    await connect();
    for (const id of CHATS) write(store, id, `to ${id}`, NOW);
    await wake();
    await wake();
    expect(world.sent).toHaveLength(4);
    world.sent[2]?.accept();
    await settle();
    expect(world.sent).toHaveLength(5);
    world.sent[0]?.accept();
    await settle();
    expect(world.sent.map(({ chatId }) => chatId).sort()).toEqual([...CHATS].sort());
  });
});

describe('the request under way in a chat', () => {
  it('is known from its leaving to its end, and only in its chat', async () => {
    await connect();
    expect(world.outbox.inFlight(CHAT)).toBeNull();
    write(store, CHAT, 'l1', NOW);
    await wake();
    expect(world.outbox.inFlight('chat2')).toBeNull();
    let isDone = false;
    void world.outbox.inFlight(CHAT)?.then(() => (isDone = true));
    await settle();
    expect(isDone).toBe(false);
    world.sent[0]?.accept();
    await settle();
    expect(isDone).toBe(true);
    expect(world.outbox.inFlight(CHAT)).toBeNull();
  });

  it('is none while an unanswered message is looked for', async () => {
    const history = Promise.withResolvers<boolean>();
    await connect({ hasKeys: false, readHistory: () => history.promise });
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.refuse({ error: { code: 'server_timeout', message: '' }, effect: 'unknown' });
    await settle();
    clock.advance(20_000);
    await settle();
    expect(world.reads).toHaveLength(1);
    expect(world.outbox.inFlight(CHAT)).toBeNull();
    // And it is looked for once, however often something new is written.
    await wake();
    expect(world.reads).toHaveLength(1);
    history.resolve(false);
  });
});

describe('waiting', () => {
  it('takes one timer, for the message that is due first', async () => {
    await connect();
    write(store, CHAT, 'l1', NOW);
    write(store, 'chat2', 'l2', NOW);
    await wake();
    world.sent[0]?.refuse({
      error: { code: 'server_closing', message: '', retryAfterMs: 9_000 },
      effect: 'not_stored',
    });
    await settle();
    world.sent[1]?.refuse(AWAY);
    await settle();
    for (let n = 0; n < 5; n += 1) await wake();
    expect(clock.pending).toBe(1);
    clock.advance(9_000);
    await settle();
    expect(world.sent).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });
});

describe('an answer that is not ours', () => {
  it('is none: on a server without keys the message is looked for', async () => {
    await connect({ hasKeys: false });
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.accept({ senderId: OTHER });
    await settle();
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'unknown', problem: 'bad_answer' });
    clock.advance(20_000);
    await settle();
    expect(world.reads).toHaveLength(1);
  });

  it.each([
    ['of another chat', { chatId: 'chat2' }],
    ['of another sender', { senderId: OTHER }],
  ])('%s counts as none: the message goes again after a wait, with its key', async (_what, more) => {
    await connect();
    write(store, CHAT, 'l1', NOW);
    await wake();
    world.sent[0]?.accept(more);
    await settle();
    expect(world.logger.of('outbox.answer_not_ours')).toHaveLength(1);
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'queued', problem: 'bad_answer' });
    clock.advance(249);
    await settle();
    expect(world.sent).toHaveLength(1);
    clock.advance(1);
    await settle();
    expect(world.sent.map(({ body }) => body['clientId'])).toEqual(['l1', 'l1']);
    world.sent[1]?.accept();
    await settle();
    expect(shown(store, CHAT, 'l1')).toMatchObject({ state: 'sent', problem: null });
  });
});
