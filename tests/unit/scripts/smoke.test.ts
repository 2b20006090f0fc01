import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logLine } from '../../../electron/main/lib/log-line.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { mustHaveIndex, mustHaveTray } from '../../../scripts/lib/smoke/log-lines.ts';
import { SmokeReport } from '../../../scripts/lib/smoke/report.ts';
import { SmokeSkip } from '../../helpers/smoke-steps.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-smoke-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('npm run smoke:electron', () => {
  it('says in one line that it did not run where there is no runtime, and ends well', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/smoke-electron.ts')], {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: folder },
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^not run: Electron's runtime is not here [^\n]*\n$/);
    expect(status).toBe(0);
  });
});

describe('its report', () => {
  it('has a line for each step, goes on after one that fails, and counts', async () => {
    const lines: string[] = [];
    const report = new SmokeReport((line) => lines.push(line), 50);
    expect(await report.step('good', async () => undefined)).toBe(true);
    expect(await report.step('with a word', async () => 'kwallet6')).toBe(true);
    expect(
      await report.step('not here', async () => {
        throw new SmokeSkip('only elsewhere');
      }),
    ).toBe(true);
    expect(
      await report.step('bad', async () => {
        throw new Error('\n\u001b[31mno window\u001b[39m\nat line 5');
      }),
    ).toBe(false);
    expect(await report.step('without an end', () => new Promise(() => undefined))).toBe(false);
    expect(lines.map((line) => line.replace(/\d+\.\d s/, 'T'))).toEqual([
      'ok    good (T)',
      'ok    with a word (T): kwallet6',
      'skip  not here: only elsewhere',
      'FAIL  bad (T): no window',
      'FAIL  without an end (T): no end after 0.1 s',
    ]);
    expect(report.summary()).toBe('2 passed, 2 failed, 1 skipped');
  });
});

describe('what it reads in the log', () => {
  function write(...events: [string, string][]): void {
    mkdirSync(join(folder, 'logs'));
    const lines = events.map(([level, event]) => `${logLine(new Date(0), level, event)}\n`);
    writeFileSync(join(folder, 'logs/main.log'), lines.join(''));
  }

  it('takes a store that said nothing wrong', async () => {
    write(['info', 'sign_in.opened'], ['warn', 'store.caught_up']);
    await mustHaveIndex(folder);
    await mustHaveTray(folder);
  });

  it.each([
    ['no index', 'warn', 'store.search_without_index'],
    ['a thread that does not start', 'error', 'store.thread_failed'],
  ])('finds %s', async (_name, level, event) => {
    write(['info', 'sign_in.opened'], [level, event]);
    await expect(mustHaveIndex(folder)).rejects.toThrow(event);
  });

  it('finds that nothing was opened, that there is no log, and a tray that is missing', async () => {
    await expect(mustHaveIndex(folder)).rejects.toThrow('ENOENT');
    write(['warn', 'tray.missing']);
    await expect(mustHaveIndex(folder)).rejects.toThrow('no account');
    await expect(mustHaveTray(folder)).rejects.toThrow('tray.missing');
  });
});
