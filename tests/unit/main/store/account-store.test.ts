/** An account's store on its own threads, while something keeps its database from being made anew. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accountFolder,
  openAccountStore,
  type AccountStore,
} from '../../../../electron/main/services/store/account-store.ts';
import { StoreError } from '../../../../electron/main/lib/store-problem.ts';
import type { StoreOpened } from '../../../../electron/main/services/store/protocol.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';
import { SECOND_CHAT, UNSENT, WAITING } from './account-files.ts';
import { afterUncleanEnd, overwriteRoot } from './recovery/damage.ts';
import { LAST_STEP, OBSTACLES, type Obstacle } from './recovery/obstacles.ts';
import { CHAT, ME, NOW } from './open-store.ts';
import { copiesOf } from './recovery/own-files.ts';

const WORKER_URL = new URL('../../../../electron/main/services/store/worker.ts', import.meta.url);

/** Damaged where the messages are, after a clean end: a start does not find out. */
const own = copiesOf(() => {
  const files = afterUncleanEnd();
  files.sql((db) => db.exec("UPDATE meta SET value = '1' WHERE name = 'clean'"));
  overwriteRoot(files.database, 'messages');
  return files;
});
const foundAtTheStart = (): void => own.files.sql((db) => db.exec("UPDATE meta SET value = '0' WHERE name = 'clean'"));

let userDataDir: string;
let folder: string;
let clock: ManualClock;
let logger: ReturnType<typeof recordingLogger>;
let rebuilt: StoreOpened[];
const stores: AccountStore[] = [];
beforeEach(() => {
  userDataDir = mkdtempSync(join(tmpdir(), 'relay-user-'));
  folder = accountFolder(userDataDir, 'account');
  clock = new ManualClock(NOW);
  logger = recordingLogger();
  rebuilt = [];
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(userDataDir, { recursive: true, force: true });
});

function open(): AccountStore {
  const store = openAccountStore({
    userDataDir,
    account: 'account',
    me: ME,
    workerUrl: WORKER_URL,
    clock,
    logger,
    onRebuilt: (opened) => void rebuilt.push(opened),
  });
  stores.push(store);
  return store;
}

/** Lays the files where the store looks for them. */
function lay(): void {
  cpSync(own.files.folder, folder, { recursive: true });
}

/** How a call ends. */
const ends = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof StoreError ? error.problem : 'no StoreError'),
  );
const page = (store: AccountStore): Promise<unknown> =>
  store.writer.page({ chatId: CHAT, anchor: { at: 'latest' }, limit: 50 });
const enqueue = (store: AccountStore): Promise<unknown> =>
  store.writer.enqueue({
    localId: 'meanwhile',
    chatId: CHAT,
    text: 'meanwhile',
    replyTo: null,
    files: [],
    state: 'queued',
    now: NOW,
  });
const find = (store: AccountStore): Promise<unknown> =>
  store.reader.search({
    query: { phrases: [], prefix: null, from: [], in: [], has: ['link'], before: null, after: null, problems: [] },
    chatId: null,
    limit: 10,
    offset: 0,
  });

/** Local ids of what waits, in every chat, and the drafts. */
async function kept(store: AccountStore): Promise<{ waiting: string[]; drafts: string[] }> {
  const waiting: string[] = [];
  const drafts: string[] = [];
  for (const chatId of [CHAT, SECOND_CHAT]) {
    const found = await store.writer.page({ chatId, anchor: { at: 'latest' }, limit: 50 });
    waiting.push(
      ...(found?.items ?? []).flatMap(({ id, localId }) => (id === null && localId !== null ? [localId] : [])),
    );
    drafts.push((await store.writer.chat({ chatId, now: NOW }))?.draft ?? '');
  }
  return { waiting, drafts };
}
const ALL = { waiting: WAITING.map(({ localId }) => localId), drafts: ['half a thou', 'черновик'] };
const TOLD = { rebuilt: true, rescued: UNSENT.length, indexed: true };

describe.each(OBSTACLES)('damage in use that cannot be mended: $name', ({ problem, put, take }: Obstacle) => {
  it('fails every call with a reason, and is mended by itself when nothing stands in the way any more', async () => {
    lay();
    const store = open();
    expect(await store.opened).toMatchObject({ rebuilt: false });
    put(folder);
    expect(await ends(page(store))).toBe(problem);
    expect(await Promise.all([page(store), enqueue(store), find(store)].map(ends))).toEqual([
      problem,
      problem,
      problem,
    ]);
    expect(rebuilt).toEqual([]);
    clock.advance(1000);
    expect(await ends(page(store))).toBe(problem);
    take(folder);
    // Not before its time: the next try is two seconds after the last one.
    clock.advance(1999);
    expect(await ends(enqueue(store))).toBe(problem);
    clock.advance(1);
    expect(await kept(store)).toEqual(ALL);
    expect(rebuilt).toEqual([TOLD]);
    expect(await Promise.all([enqueue(store), find(store)].map(ends))).toEqual(['answered', 'answered']);
    expect(clock.pending).toBe(0);
    expect(logger.of('store.rebuild_failed')).toHaveLength(2);
  });
});

describe('damage that is found at the start and cannot be mended', () => {
  it.each(OBSTACLES)('is mended by itself, and told as what happened at opening: $name', async (one) => {
    foundAtTheStart();
    lay();
    one.put(folder);
    const store = open();
    expect(await Promise.all([page(store), find(store)].map(ends))).toEqual([one.problem, one.problem]);
    one.take(folder);
    clock.advance(1000);
    expect(await store.opened).toEqual(TOLD);
    expect(await kept(store)).toEqual(ALL);
    expect(rebuilt).toEqual([]);
  });
});

describe('the program’s end while the store waits', () => {
  it('leaves all of it to the next run', async () => {
    lay();
    const store = open();
    await store.opened;
    LAST_STEP.put(folder);
    expect(await ends(page(store))).toBe(LAST_STEP.problem);
    await store.close();
    expect([await ends(page(store)), clock.pending]).toEqual(['closed', 0]);
    LAST_STEP.take(folder);
    const next = open();
    expect(await next.opened).toEqual(TOLD);
    expect(await kept(next)).toEqual(ALL);
  });

  it('before it was ever open is told to whoever waits for that', async () => {
    foundAtTheStart();
    lay();
    LAST_STEP.put(folder);
    const store = open();
    expect(await ends(page(store))).toBe(LAST_STEP.problem);
    const waits = ends(store.opened);
    await store.close();
    expect([await waits, clock.pending]).toEqual(['closed', 0]);
  });
});
