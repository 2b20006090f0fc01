import { beforeEach, describe, expect, it } from 'vitest';
import { StoreError } from '../../../../../electron/main/lib/store-problem.ts';
import type { StoreProblem } from '../../../../../electron/main/lib/store-problem.ts';
import { StoreLife } from '../../../../../electron/main/services/store/recovery/store-life.ts';
import { ManualClock, recordingLogger } from '../../../../helpers/main-parts.ts';

interface Threads {
  name: string;
  close(): Promise<void>;
}

let clock: ManualClock;
let logger: ReturnType<typeof recordingLogger>;
/** What was done, in its order. */
let done: string[];
/** What keeps the next starts from succeeding; empty: nothing. */
let problems: (StoreProblem | Error)[];
let life: StoreLife<Threads>;
beforeEach(() => {
  clock = new ManualClock();
  logger = recordingLogger();
  done = [];
  problems = [];
});

function begin(...expected: (StoreProblem | Error)[]): StoreLife<Threads> {
  problems = expected;
  let n = 0;
  life = new StoreLife<Threads>({
    clock,
    logger,
    start: async (quarantine) => {
      done.push(quarantine ? 'start, set aside' : 'start');
      const problem = problems.shift();
      if (problem instanceof Error) throw problem;
      if (problem !== undefined) throw new StoreError(problem, 'test');
      n += 1;
      const name = `threads ${n}`;
      return {
        name,
        close: async () => {
          done.push(`close ${name}`);
        },
      };
    },
    onReopened: (threads) => void done.push(`reopened ${threads.name}`),
  });
  return life;
}

/** How a call ends now: with the threads that it would go to, or with a problem. */
const now = (): Promise<string> =>
  life.current.then(
    ({ name }) => name,
    (error: unknown) => (error instanceof StoreError ? error.problem : 'no StoreError'),
  );
const isOpened = (): Promise<string> =>
  Promise.race([
    life.opened.then(
      ({ name }) => name,
      (error: unknown) => (error instanceof StoreError ? error.problem : 'no StoreError'),
    ),
    // Behind everything that has been settled already.
    now().then(() => 'waits'),
  ]);

describe('a start that succeeds', () => {
  it('is told once, and is nothing to be told anew', async () => {
    begin();
    expect([await now(), await isOpened(), done, clock.pending]).toEqual(['threads 1', 'threads 1', ['start'], 0]);
  });
});

describe('a start that fails', () => {
  it('fails every call with its reason, and is tried again by itself until it succeeds', async () => {
    begin('full', 'read_only');
    expect([await now(), await now(), await isOpened()]).toEqual(['full', 'full', 'waits']);
    clock.advance(999);
    expect([await now(), done]).toEqual(['full', ['start']]);
    clock.advance(1);
    expect([await now(), await isOpened()]).toEqual(['read_only', 'waits']);
    clock.advance(2000);
    expect([await now(), await isOpened(), clock.pending]).toEqual(['threads 1', 'threads 1', 0]);
    expect(done).toEqual(['start', 'start', 'start']);
    expect(logger.of('store.open_failed').map(({ fields }) => fields)).toEqual([
      { problem: 'full', tries: 1, wait: 1000 },
      { problem: 'read_only', tries: 2, wait: 2000 },
    ]);
  });

  it('is tried less and less often, but at least once a minute', async () => {
    begin(...Array<StoreProblem>(12).fill('full'));
    const waits: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      expect(await now()).toBe('full');
      const { wait } = logger.of('store.open_failed')[n]?.fields ?? {};
      waits.push(Number(wait));
      clock.advance(Number(wait) - 1);
      expect(done).toHaveLength(n + 1);
      clock.advance(1);
      expect(done).toHaveLength(n + 2);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('lets calls that come during a try wait for its end', async () => {
    begin('full');
    expect(await now()).toBe('full');
    clock.advance(1000);
    const asked = now();
    expect(await asked).toBe('threads 1');
  });

  it('says “failed” where nobody knows why', async () => {
    begin(new TypeError('no such worker'));
    expect(await now()).toBe('failed');
    expect(logger.of('store.open_failed')[0]?.fields).toMatchObject({ problem: 'failed' });
  });
});

describe('damage in use', () => {
  const damage = async (): Promise<void> => {
    const asked = life.current;
    life.damaged(asked, await asked);
  };

  it('leads to other threads, once, after the old ones have ended', async () => {
    begin();
    const asked = life.current;
    const threads = await asked;
    life.damaged(asked, threads);
    life.damaged(asked, threads);
    expect(await now()).toBe('threads 2');
    expect(done).toEqual(['start', 'close threads 1', 'start, set aside', 'reopened threads 2']);
    life.damaged(asked, threads);
    expect(await now()).toBe('threads 2');
  });

  it('that cannot be mended is tried again as damage, and told when it is mended', async () => {
    begin();
    await now();
    problems = ['full', 'full'];
    await damage();
    expect(await now()).toBe('full');
    clock.advance(1000);
    expect(await now()).toBe('full');
    clock.advance(2000);
    expect(await now()).toBe('threads 2');
    expect(done).toEqual([
      'start',
      'close threads 1',
      'start, set aside',
      'start, set aside',
      'start, set aside',
      'reopened threads 2',
    ]);
    expect(logger.of('store.rebuild_failed')).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('does not follow an ordinary start: the next one is ordinary again', async () => {
    begin();
    await now();
    await damage();
    await now();
    clock.advance(60_000);
    await damage();
    await now();
    expect(done.filter((one) => one.startsWith('start'))).toEqual(['start', 'start, set aside', 'start, set aside']);
  });

  it('again and again is mended less and less often', async () => {
    begin();
    await now();
    await damage();
    expect(await now()).toBe('threads 2');
    await damage();
    expect(await now()).toBe('damaged');
    clock.advance(2000);
    expect(await now()).toBe('threads 3');
    await damage();
    expect(await now()).toBe('damaged');
    clock.advance(7999);
    expect(await now()).toBe('damaged');
    clock.advance(1);
    expect(await now()).toBe('threads 4');
    // A minute of peace, and it begins anew.
    clock.advance(60_000);
    await damage();
    expect(await now()).toBe('threads 5');
    expect(done.filter((one) => one.startsWith('close'))).toHaveLength(4);
  });
});

describe('the end', () => {
  it('closes what is open', async () => {
    begin();
    await now();
    await life.close();
    expect([done, await now(), life.isClosed]).toEqual([['start', 'close threads 1'], 'closed', true]);
  });

  it('closes what is being opened, and tells nobody of it', async () => {
    begin();
    await life.close();
    expect(done).toEqual(['start', 'close threads 1']);
    expect(await life.opened.catch((error: unknown) => (error as StoreError).problem)).toBe('closed');
  });

  it('ends the tries', async () => {
    begin('full', 'full');
    await now();
    await life.close();
    clock.advance(600_000);
    expect([done, clock.pending, await now(), await isOpened()]).toEqual([['start'], 0, 'closed', 'closed']);
  });

  it('in the middle of a try that fails begins no other', async () => {
    begin('full', 'full');
    await now();
    clock.advance(1000);
    await life.close();
    clock.advance(600_000);
    expect([done, clock.pending]).toEqual([['start', 'start'], 0]);
  });

  it('while the old threads end begins no others', async () => {
    begin();
    const asked = life.current;
    life.damaged(asked, await asked);
    await life.close();
    expect([done, await now()]).toEqual([['start', 'close threads 1'], 'closed']);
  });

  it('does not mend what is damaged', async () => {
    begin();
    const asked = life.current;
    const threads = await asked;
    const closing = life.close();
    life.damaged(asked, threads);
    await closing;
    expect(done).toEqual(['start', 'close threads 1']);
  });
});
