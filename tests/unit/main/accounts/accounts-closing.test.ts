/** Accounts that are being closed: their files are left alone until that has ended, and go only when that is wanted. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accountFolder } from '../../../../electron/main/services/store/account-store.ts';
import { until } from '../../../helpers/main-parts.ts';
import { accountsWorld, ANNA, BORIS } from './accounts-world.ts';
import { opened } from './store-in-thread.ts';

vi.mock('../../../../electron/main/services/store/account-store.ts', async (original) => {
  const { inThread } = await import('./store-in-thread.ts');
  return inThread(await original());
});

let world: Awaited<ReturnType<typeof accountsWorld>>;
beforeEach(async () => void (world = await accountsWorld()));
afterEach(() => world.end());

/** An open account whose closing takes as long as the test wants. */
async function closingSlowly(accountId: string) {
  const { account } = await world.open(accountId);
  const gate = Promise.withResolvers<void>();
  const close = account.close.bind(account);
  vi.spyOn(account, 'close').mockImplementation(async () => {
    await gate.promise;
    await close();
  });
  return gate;
}
const isDone = async (work: Promise<unknown> | undefined) => {
  let done = false;
  void work?.then(() => (done = true));
  await new Promise(setImmediate);
  return done;
};
const after = (accountId: string) => opened.get(accountId)?.at(-1)?.after;
/** A file beside the store. */
function mark(accountId: string): string {
  const path = join(accountFolder(world.folder, accountId), 'mark');
  writeFileSync(path, '');
  return path;
}

describe('an account that is being closed', () => {
  test('is not open any more, and its next opening waits for the end; another account does not', async () => {
    const gate = await closingSlowly(ANNA);
    expect(await isDone(after(ANNA))).toBe(true);
    world.signIn.closed.emit(ANNA, false);
    expect(world.accounts.get(ANNA)).toBeNull();
    const { context } = world.contextOf(ANNA);
    world.signIn.opened.emit(context, true);
    await world.open(BORIS);
    expect(world.counts.map(([id]) => id)).toEqual([ANNA, BORIS]);
    expect(await isDone(after(ANNA))).toBe(false);
    gate.resolve();
    await until('it is open', () => world.counts.length === 3);
  });

  test('and forgotten meanwhile loses its files after the end, not before', async () => {
    const gate = await closingSlowly(ANNA);
    const file = mark(ANNA);
    world.signIn.closed.emit(ANNA, false);
    world.signIn.closed.emit(ANNA, true);
    await new Promise(setImmediate);
    expect(existsSync(file)).toBe(true);
    gate.resolve();
    await until('its files are gone', () => !existsSync(accountFolder(world.folder, ANNA)));
  });

  test('keeps every file of it when it is not forgotten', async () => {
    await world.open(ANNA);
    const file = mark(ANNA);
    world.signIn.closed.emit(ANNA, false);
    await world.accounts.close();
    expect(existsSync(file)).toBe(true);
  });

  test('is waited for when the program ends', async () => {
    const gate = await closingSlowly(ANNA);
    world.signIn.closed.emit(ANNA, false);
    const ended = world.accounts.close();
    expect(await isDone(ended)).toBe(false);
    gate.resolve();
    await ended;
  });
});
