/** The queue over a real store, on a clock that the test moves, with attempts that end by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountEventOf } from '../../../../contract/ipc/push.ts';
import type { AppError } from '../../../../contract/model/errors.ts';
import { UploadQueue, type UploadConnection } from '../../../../electron/main/services/files/upload-queue.ts';
import type { SendOptions, SendOutcome } from '../../../../electron/main/services/files/send-file.ts';
import { UploadSlots } from '../../../../electron/main/services/files/slots.ts';
import { WRITER_OPERATIONS as ops } from '../../../../electron/main/services/store/operations.ts';
import { fail } from '../../../../contract/model/errors.ts';
import { ManualClock, NO_TRANSFERS, recordingLogger } from '../../../helpers/main-parts.ts';
import { settle } from '../outbox/outbox-world.ts';
import { CHAT, knowChat, NOW, openStore, type OpenStore } from '../store/open-store.ts';
import { fileOf, uploadsIn } from '../store/ops/upload-world.ts';

interface Attempt extends Omit<SendOptions, 'api' | 'canResume'> {
  end(outcome: SendOutcome): Promise<void>;
}

let store: OpenStore;
let clock: ManualClock;
let world: ReturnType<typeof uploadsIn>;
let attempts: Attempt[];
let told: AccountEventOf<'uploads'>[];
let gone: string[];
let refusedTokens: number;
/** Attempts that are aborted end by what the server has answered. */
let isAnswerOnItsWay: boolean;
let queue: UploadQueue;

const line: UploadConnection = {
  api: { ...NO_TRANSFERS, call: async () => ({ ...fail('internal', 'no calls here'), effect: 'not_stored' }) },
  has: () => false,
  tokenRefused: () => void (refusedTokens += 1),
};

function queueOver(own: OpenStore, slots = new UploadSlots(3)): UploadQueue {
  return new UploadQueue({
    store: {
      uploads: async (input) => ops.uploads(own.context, input),
      moveUpload: async (input) => ops.moveUpload(own.context, input),
      uploadStored: async (input) => ops.uploadStored(own.context, input),
      setUploadSession: async (input) => ops.setUploadSession(own.context, input),
    },
    send: (_connection, options) =>
      new Promise((resolve) => {
        const end = async (outcome: SendOutcome): Promise<void> => {
          resolve(outcome);
          await settle();
        };
        options.signal.addEventListener('abort', () => {
          if (!isAnswerOnItsWay) resolve({ ok: false, error: { code: 'cancelled', message: '' } });
        });
        attempts.push({ ...options, end });
      }),
    clock,
    random: () => 1,
    logger: recordingLogger(),
    push: { emit: (event) => void (event.kind === 'uploads' && told.push(event)) },
    publish: () => undefined,
    slots,
    tag: '0'.repeat(16),
    onGone: (rows) => gone.push(...rows.map(({ id }) => id)),
  });
}

beforeEach(() => {
  store = openStore();
  knowChat(store.context);
  world = uploadsIn(store);
  clock = new ManualClock();
  attempts = [];
  told = [];
  gone = [];
  refusedTokens = 0;
  isAnswerOnItsWay = false;
  queue = queueOver(store);
});
afterEach(async () => {
  await queue.stop();
  store.close();
});

async function start(...ids: string[]): Promise<void> {
  for (const id of ids) world.add(id);
  await queue.load();
  queue.connect(line);
  await settle();
}

const failed = (code: AppError['code'], retryAfterMs?: number): SendOutcome => ({
  ok: false,
  error: { code, message: '', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
});
const states = () => queue.list(CHAT).uploads.map(({ id, state }) => `${id} ${state}`);
const underWay = () => attempts.map(({ upload }) => upload.id);
const attempt = (n: number): Attempt => {
  const found = attempts[n];
  if (!found) throw new Error(`no attempt ${String(n)}`);
  return found;
};

describe('the queue', () => {
  it('sends three at once in their order, and those of messages first', async () => {
    for (const [n, id] of ['a', 'b', 'c', 'd', 'e'].entries()) world.add(id, {}, null, NOW + n);
    world.send('l1', ['e']);
    await queue.load();
    expect(attempts).toEqual([]);
    expect(queue.list(CHAT).uploads[0]).toMatchObject({ state: 'waiting', problem: 'unauthenticated' });
    queue.connect(line);
    expect(underWay()).toEqual(['e', 'a', 'b']);
    expect(states()).toEqual(['a sending', 'b sending', 'c waiting', 'd waiting', 'e sending']);
    await attempt(1).end({ ok: true, file: fileOf('f1') });
    expect(underWay()).toEqual(['e', 'a', 'b', 'c']);
    expect(queue.view('a')).toMatchObject({ state: 'ready', sent: 1000 });
    expect(world.find('a')).toMatchObject({ state: 'ready', fileId: 'f1' });
  });

  it('counts its readings, so that an older list can be told from an answer with a new upload', async () => {
    await start('a');
    const before = queue.list(CHAT).revision;
    world.add('b');
    await queue.load();
    expect(queue.view('b')?.revision).toBeGreaterThan(before);
    expect(queue.list(CHAT).revision).toBe(queue.view('b')?.revision);
    // An account that is opened again goes on from there.
    const last = queue.list(CHAT).revision;
    await queue.stop();
    queue = queueOver(store);
    await queue.load();
    expect(queue.list(CHAT).revision).toBeGreaterThan(last);
  });

  it('shows how far one is, at most ten times a second, and that the answer is awaited', async () => {
    await start('a');
    const before = told.length;
    for (let ms = 0; ms < 1000; ms += 10) {
      attempt(0).onProgress(ms);
      clock.advance(10);
    }
    expect(told.length - before).toBeLessThanOrEqual(11);
    expect(told.at(-1)?.uploads).toMatchObject([{ state: 'sending' }]);
    attempt(0).onAllSent();
    clock.advance(100);
    expect(told.at(-1)?.uploads).toMatchObject([{ state: 'finishing', sent: 1000 }]);
    await attempt(0).end({ ok: true, file: fileOf('f1') });
    clock.advance(100);
    expect(told.at(-1)?.uploads).toMatchObject([{ state: 'ready' }]);
  });

  it('tries again after waits that grow, says why and when, and at once when it is told to', async () => {
    await start('a');
    await attempt(0).end(failed('server_unreachable'));
    expect(queue.view('a')).toMatchObject({
      state: 'waiting',
      problem: 'server_unreachable',
      retryAt: clock.now() + 500,
    });
    clock.advance(499);
    expect(attempts).toHaveLength(1);
    clock.advance(1);
    expect(attempts).toHaveLength(2);
    await attempt(1).end(failed('server_timeout'));
    clock.advance(999);
    expect(attempts).toHaveLength(2);
    queue.retryNow();
    expect(attempts).toHaveLength(3);
    // It counts from the beginning.
    await attempt(2).end(failed('server_timeout'));
    clock.advance(500);
    expect(attempts).toHaveLength(4);
  });

  it('lets all of them wait when the server asks for quiet', async () => {
    await start('a', 'b');
    await attempt(0).end(failed('rate_limited', 5000));
    await attempt(1).end({ ok: true, file: fileOf('f2') });
    world.add('c');
    await queue.load();
    clock.advance(4999);
    expect(attempts).toHaveLength(2);
    clock.advance(1);
    expect(underWay()).toEqual(['a', 'b', 'a', 'c']);
  });

  it('leaves what is refused to the user, who may try again', async () => {
    await start('a');
    await attempt(0).end(failed('too_large'));
    expect(queue.view('a')).toMatchObject({ state: 'failed', problem: 'too_large', retryAt: null });
    clock.advance(3_600_000);
    expect(attempts).toHaveLength(1);
    expect(await queue.move('a', 'retry')).toMatchObject({ done: true });
    expect(attempts).toHaveLength(2);
    expect(queue.view('a')).toMatchObject({ state: 'sending', problem: null });
  });

  it('waits for a sign-in without counting it', async () => {
    await start('a');
    await attempt(0).end(failed('unauthenticated'));
    expect(refusedTokens).toBe(1);
    queue.disconnect();
    clock.advance(60_000);
    expect(attempts).toHaveLength(1);
    expect(queue.view('a')).toMatchObject({ state: 'waiting', problem: 'unauthenticated', retryAt: null });
    queue.connect(line);
    expect(attempts).toHaveLength(2);
  });

  it('goes on where the last attempt had come to', async () => {
    await start('a');
    await attempt(0).onSession('s1');
    attempt(0).onProgress(600);
    await attempt(0).end(failed('server_unreachable'));
    expect(world.find('a')?.session).toBe('s1');
    expect(queue.view('a')).toMatchObject({ state: 'waiting', sent: 600 });
    clock.advance(500);
    expect(attempt(1).upload.session).toBe('s1');
    expect(queue.view('a')).toMatchObject({ state: 'sending', sent: 600 });
    // Other bytes, from the beginning.
    ops.keepUploadTags(store.context, { id: 'a', keep: true, size: 2000, now: NOW });
    queue.void('a');
    await attempt(1).onSession('s2');
    await queue.load();
    await settle();
    expect(attempt(2).upload).toMatchObject({ session: null, size: 2000 });
    expect(queue.view('a')).toMatchObject({ state: 'sending', sent: 0 });
  });

  it('pauses at once and goes on; an answer that was on its way still counts', async () => {
    await start('a');
    await queue.move('a', 'pause');
    expect(attempt(0).signal.aborted).toBe(true);
    await settle();
    expect(states()).toEqual(['a paused']);
    await queue.move('a', 'resume');
    expect(attempts).toHaveLength(2);
    attempt(1).onAllSent();
    await queue.move('a', 'pause');
    expect(attempt(1).signal.aborted).toBe(false);
    expect(states()).toEqual(['a finishing']);
    await attempt(1).end({ ok: true, file: fileOf('f1') });
    expect(states()).toEqual(['a ready']);
  });

  it('ends what is taken back, and never takes its answer for another one’s', async () => {
    isAnswerOnItsWay = true;
    await start('a', 'b');
    ops.removeUpload(store.context, { id: 'a', now: NOW });
    await queue.load();
    expect(attempt(0).signal.aborted).toBe(true);
    expect(gone).toEqual(['a']);
    await queue.move('b', 'prepare');
    expect(attempt(1).signal.aborted).toBe(true);
    await attempt(0).end({ ok: true, file: fileOf('f1') });
    await attempt(1).end({ ok: true, file: fileOf('f2') });
    expect(states()).toEqual(['b staging']);
    expect(world.find('b')).toMatchObject({ state: 'staging', fileId: null });
  });

  it('does not keep what other bytes were answered with', async () => {
    isAnswerOnItsWay = true;
    await start('a');
    ops.keepUploadTags(store.context, { id: 'a', keep: true, size: 2000, now: NOW });
    queue.void('a');
    await attempt(0).end({ ok: true, file: fileOf('f1') });
    isAnswerOnItsWay = false;
    // Nothing begins with what is known to be wrong.
    expect(attempts).toHaveLength(1);
    await queue.load();
    expect(attempt(1).upload.size).toBe(2000);
    expect(world.find('a')).toMatchObject({ state: 'waiting', fileId: null });
  });

  it('shares its connections with the other accounts', async () => {
    const slots = new UploadSlots(1);
    const other = openStore();
    knowChat(other.context);
    uploadsIn(other).add('theirs');
    queue = queueOver(store, slots);
    const second = queueOver(other, slots);
    await second.load();
    second.connect(line);
    await start('mine', 'more');
    expect(underWay()).toEqual(['theirs']);
    await attempt(0).end({ ok: true, file: fileOf('f1') });
    expect(underWay()).toEqual(['theirs', 'mine']);
    // A queue that ends gives its place back and asks for none.
    await queue.stop();
    uploadsIn(other).add('again');
    await second.load();
    expect(underWay()).toEqual(['theirs', 'mine', 'again']);
    await second.stop();
    other.close();
  });

  it('survives a store that fails', async () => {
    await start('a');
    store.context.sql.db.exec('ALTER TABLE uploads RENAME TO away');
    await attempt(0).end({ ok: true, file: fileOf('f1') });
    store.context.sql.db.exec('ALTER TABLE away RENAME TO uploads');
    expect(queue.view('a')).toMatchObject({ state: 'waiting', problem: 'storage_failed' });
    clock.advance(5000);
    expect(attempts).toHaveLength(2);
  });

  it('says that the disk is full, and goes on once there is room', async () => {
    await start('a');
    const { db } = store.context.sql;
    db.exec('PRAGMA max_page_count = 1'); // as low as it goes: no further page than there are
    await attempt(0).end({ ok: true, file: { ...fileOf('f1'), name: 'n'.repeat(1_000_000) } });
    expect(queue.view('a')).toMatchObject({ state: 'waiting', problem: 'disk_full' });
    db.exec('PRAGMA max_page_count = 1000000');
    clock.advance(5000);
    await attempt(1).end({ ok: true, file: fileOf('f1') });
    expect(queue.view('a')).toMatchObject({ state: 'ready', problem: null });
  });

  it('says that the server is full, and waits for the user to start it again', async () => {
    await start('a');
    await attempt(0).end(failed('server_full'));
    expect(queue.view('a')).toMatchObject({ state: 'failed', problem: 'server_full', retryAt: null });
    clock.advance(3_600_000);
    expect(attempts).toHaveLength(1);
  });

  it('tells when one has come to an end, or does not', async () => {
    await start('a', 'b', 'c');
    const ends = ['a', 'b', 'c'].map((id) => queue.settled(id));
    await attempt(0).end({ ok: true, file: fileOf('f1') });
    await attempt(1).end(failed('offline'));
    ops.removeUpload(store.context, { id: 'c', now: NOW });
    await queue.load();
    expect(await Promise.all(ends)).toEqual([{ fileId: 'f1' }, { problem: 'offline' }, { problem: 'cancelled' }]);
    expect(await queue.settled('nobody')).toEqual({ problem: 'cancelled' });
  });

  it('gives up after a week of trying', async () => {
    await start('a');
    for (let n = 0; world.find('a')?.state === 'waiting' && n < 25_000; n += 1) {
      await attempt(n).end(failed('server_unreachable'));
      clock.advance(30_000);
    }
    expect(queue.view('a')).toMatchObject({ state: 'failed', problem: 'server_unreachable' });
    expect(clock.monotonic()).toBeGreaterThan(7 * 24 * 3_600_000);
  }, 60_000);
});
