/** The service of updates with a source that does what it likes, and a clock that the test moves. */
import { describe, expect, it } from 'vitest';
import type { UpdateView } from '../../../../contract/ipc/update-views.ts';
import { ok } from '../../../../contract/model/errors.ts';
import { nextCheckMs } from '../../../../electron/main/services/updates/update-policy.ts';
import { UpdatesService } from '../../../../electron/main/services/updates/updates-service.ts';
import type { UpdateOutcome, UpdateSource } from '../../../../electron/main/services/ports.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const feed = (version: string) => ({
  version,
  files: [{ url: 'Relay.AppImage', sha512: `${'A'.repeat(86)}==`, size: 100 }],
});

function world(over: Partial<UpdateSource> = {}, stored: Record<string, unknown> = {}) {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const did: string[] = [];
  const views: UpdateView[] = [];
  const now = { autoUpdate: true, battery: false, call: false, version: '1.1.0' };
  const source: UpdateSource = {
    off: async () => null,
    check: async () => (did.push('check'), { ok: true, value: { feed: feed(now.version), offered: true } }),
    download: async (heard) => {
      did.push('download');
      heard(50, 100);
      return { ok: true, value: null };
    },
    quit: () => void did.push('quit'),
    install: (restart) => void did.push(restart ? 'install and start' : 'install'),
    ...over,
  };
  const service = new UpdatesService({
    ...{ clock, logger, source, current: '1.0.0', random: () => 0 },
    memory: { read: () => stored, write: (value) => ((stored = value), ok(null)) },
    settings: { view: () => ({ autoUpdate: now.autoUpdate }) },
    onBattery: () => now.battery,
    inCall: () => now.call,
    changed: (view) => views.push(view),
  });
  /** Moves the time on, and lets what fell due come to its end. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settled();
  };
  return {
    stored: () => stored,
    clock,
    logger,
    did,
    views,
    now,
    service,
    pass,
    phases: () => views.map(({ phase }) => phase),
  };
}

/** Everything that is already decided has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('by itself', () => {
  it('asks minutes after the start, fetches, and waits for the quit', async () => {
    const { service, pass, did, views, clock } = world();
    service.start();
    await pass(5 * MINUTE - 1);
    expect(did).toEqual([]);
    await pass(1);
    expect(did).toEqual(['check', 'download']);
    expect(views).toEqual([
      { phase: 'checking' },
      { phase: 'downloading', version: '1.1.0', percent: 0 },
      { phase: 'downloading', version: '1.1.0', percent: 50 },
      { phase: 'ready', version: '1.1.0' },
    ]);
    // Nothing more is asked for, however long it runs.
    expect(clock.pending).toBe(0);
    await pass(100 * HOUR);
    expect(did).toEqual(['check', 'download']);
    service.close();
    service.install();
    expect(did.at(-1)).toBe('install');
  });

  it('says that nothing is newer, and asks again hours later', async () => {
    const { service, pass, did, now, clock } = world();
    now.version = '1.0.0';
    service.start();
    await pass(5 * MINUTE);
    expect(await service.view()).toEqual({ phase: 'idle', checkedAt: clock.now() });
    await pass(nextCheckMs(0) - 1);
    expect(did).toEqual(['check']);
    await pass(1);
    expect(did).toEqual(['check', 'check']);
  });

  it.each(['0.9.0', '1.0.0', '1.1.0-rc.1'])('never fetches %s, although the source offers it', async (version) => {
    const { service, pass, did, now } = world();
    now.version = version;
    service.start();
    await pass(5 * MINUTE);
    expect(did).toEqual(['check']);
  });

  it('fetches nothing that is not meant for this computer', async () => {
    const { service, pass, did } = world({
      check: async () => ({ ok: true, value: { feed: feed('1.1.0'), offered: false } }),
    });
    service.start();
    await pass(5 * MINUTE);
    expect(did).toEqual([]);
    expect(await service.view()).toMatchObject({ phase: 'idle' });
  });

  it('waits on battery, and does not when it is asked', async () => {
    const { service, pass, did, now } = world();
    now.battery = true;
    service.start();
    await pass(5 * MINUTE);
    await pass(30 * MINUTE);
    expect(did).toEqual([]);
    now.battery = false;
    await pass(30 * MINUTE);
    expect(did).toEqual(['check', 'download']);
    const other = world();
    other.now.battery = true;
    await other.service.check();
    await settled();
    expect(other.did).toEqual(['check', 'download']);
  });

  it('does nothing when it is switched off, until somebody asks', async () => {
    const { service, pass, did, now } = world();
    now.autoUpdate = false;
    service.start();
    await pass(50 * HOUR);
    expect(did).toEqual([]);
    await service.check();
    await settled();
    expect(did).toEqual(['check', 'download']);
  });

  it('asks nothing and installs nothing where updates are off', async () => {
    const { service, pass, did, clock } = world({ off: async () => 'no_feed' });
    service.start();
    await pass(50 * HOUR);
    expect(await service.check()).toEqual({ ok: true, value: { phase: 'off', why: 'no_feed' } });
    await settled();
    service.install();
    expect(did).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('is off where nobody can say whether it is', async () => {
    const { service, logger } = world({ off: async () => Promise.reject(new Error('no disk')) });
    expect(await service.view()).toEqual({ phase: 'off', why: 'broken_feed' });
    expect(logger.of('update.unknown')).toHaveLength(1);
  });
});

describe('a failure', () => {
  it('has a name, installs nothing, and is tried again at the next check only', async () => {
    let attempts = 0;
    const { service, pass, did, clock } = world({
      download: async () => (++attempts === 1 ? { ok: false, problem: 'bad_checksum' } : { ok: true, value: null }),
    });
    service.start();
    await pass(5 * MINUTE);
    expect(await service.view()).toEqual({ phase: 'failed', why: 'bad_checksum', at: clock.now() });
    service.install();
    await pass(nextCheckMs(0) - 1);
    expect([attempts, did]).toEqual([1, ['check']]);
    await pass(1);
    expect(attempts).toBe(2);
    expect(await service.view()).toMatchObject({ phase: 'ready' });
  });

  it.each<[string, Partial<UpdateSource>, string]>([
    ['of the question', { check: async () => ({ ok: false, problem: 'server_error' }) }, 'server_error'],
    ['of a source that throws', { check: async () => Promise.reject(new Error('x')) }, 'failed'],
    ['of a feed', { check: async () => ({ ok: true, value: { feed: 'hello', offered: true } }) }, 'bad_feed'],
    ['of a download that throws', { download: async () => Promise.reject(new Error('x')) }, 'failed'],
  ])('%s', async (_name, over, why) => {
    const { service } = world(over);
    await service.check();
    await settled();
    expect(await service.view()).toMatchObject({ phase: 'failed', why });
  });

  it.each<[string, Partial<UpdateSource>, number]>([
    ['question', { check: () => new Promise(() => undefined) }, 2 * MINUTE],
    ['download', { download: () => new Promise(() => undefined) }, 3 * HOUR],
  ])('ends a %s without an answer, and what comes later is not heard', async (_name, over, longest) => {
    const { service, pass } = world(over);
    await service.check();
    await settled();
    await pass(longest - 1);
    expect(await service.view()).not.toMatchObject({ phase: 'failed' });
    await pass(1);
    expect(await service.view()).toMatchObject({ phase: 'failed', why: 'no_answer' });
  });
});

describe('a call', () => {
  it('keeps a check from beginning, also one that is asked for', async () => {
    const { service, pass, did, now } = world();
    now.call = true;
    service.start();
    await pass(5 * MINUTE);
    expect(await service.check()).toMatchObject({ ok: false, error: { code: 'call_busy' } });
    expect(did).toEqual([]);
    now.call = false;
    await pass(30 * MINUTE);
    expect(did).toEqual(['check', 'download']);
  });

  it('ends a download that runs, which begins anew after it, also when only the user had asked', async () => {
    let heardOf: AbortSignal | null = null;
    let fetched = 0;
    const { service, pass, now } = world({
      download: (_heard, signal) => {
        heardOf = signal;
        fetched += 1;
        return fetched === 1
          ? new Promise<UpdateOutcome<null>>(() => undefined)
          : Promise.resolve({ ok: true, value: null });
      },
    });
    now.autoUpdate = false;
    await service.check();
    await settled();
    expect(await service.view()).toMatchObject({ phase: 'downloading' });
    now.call = true;
    service.callChanged(true);
    await settled();
    expect((heardOf as AbortSignal | null)?.aborted).toBe(true);
    expect(await service.view()).toEqual({ phase: 'idle', checkedAt: null });
    await pass(30 * MINUTE);
    expect(fetched).toBe(1);
    now.call = false;
    service.callChanged(false);
    await pass(30 * MINUTE);
    expect(await service.view()).toMatchObject({ phase: 'ready' });
  });

  it('is not ended for a restart, and a quit in one installs nothing', async () => {
    const { service, did, now } = world();
    await service.check();
    await settled();
    now.call = true;
    expect(await service.restart()).toMatchObject({ ok: false, error: { code: 'call_busy' } });
    service.close();
    // The quit ends the call before anything could be installed.
    now.call = false;
    service.install();
    expect(did).toEqual(['check', 'download']);
  });
});

describe('a restart', () => {
  it('quits, installs and starts again', async () => {
    const { service, did } = world();
    await service.check();
    await settled();
    expect(await service.restart()).toEqual({ ok: true, value: null });
    service.close();
    service.install();
    expect(did).toEqual(['check', 'download', 'quit', 'install and start']);
  });

  it('is refused while nothing is ready', async () => {
    const { service, did } = world();
    expect(await service.restart()).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    expect(did).toEqual([]);
  });

  it('ends the program also when the installation throws', async () => {
    const { service, logger } = world({
      install: () => {
        throw new Error('no disk');
      },
    });
    await service.check();
    await settled();
    service.close();
    expect(() => service.install()).not.toThrow();
    expect(logger.of('update.not_installed')).toHaveLength(1);
  });
});

describe('the start after an installation', () => {
  it('that came to nothing says so, once, and tries again at the next check', async () => {
    const before = world();
    await before.service.check();
    await settled();
    before.service.close();
    before.service.install();
    expect(before.stored()).toEqual({ version: '1.1.0', at: before.clock.now() });
    const { service, pass, stored } = world({}, before.stored());
    expect(await service.view()).toEqual({ phase: 'failed', why: 'not_installed', at: before.clock.now() });
    expect(stored()).toEqual({});
    service.start();
    await pass(5 * MINUTE);
    expect(await service.view()).toMatchObject({ phase: 'ready' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['that worked', { version: '1.0.0', at: 5 }],
    ['of an older version', { version: '0.9.0', at: 5 }],
    ['of nothing', {}],
    ['of nonsense', { version: 7, at: 'x' }],
  ])('%s has nothing to say', async (_name, stored) => {
    expect(await world({}, stored).service.view()).toEqual({ phase: 'idle', checkedAt: null });
  });
});

it('asked twice, it asks once; and closed, it tells nothing more', async () => {
  const given = Promise.withResolvers<UpdateOutcome<{ feed: unknown; offered: boolean }>>();
  let asked = 0;
  const { service, views, clock } = world({ check: () => (++asked, given.promise) });
  await service.check();
  expect(await service.check()).toEqual({ ok: true, value: { phase: 'checking' } });
  expect(asked).toBe(1);
  service.close();
  const told = views.length;
  given.resolve({ ok: true, value: { feed: feed('1.1.0'), offered: true } });
  await settled();
  expect(views).toHaveLength(told);
  expect(clock.pending).toBe(0);
});
