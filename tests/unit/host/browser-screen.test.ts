import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contents } from '../../../host/contents.ts';
import { BrowserScreen, type WindowPlace } from '../../../host/screens/browser.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-screen-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The arguments with which a browser is started for a window at this place. */
async function argumentsFor(place: WindowPlace): Promise<string[]> {
  const browser = join(folder, 'browser');
  const seen = join(folder, 'seen');
  writeFileSync(browser, `#!/bin/sh\nprintf '%s\\n' "$@" > '${seen}.part' && mv '${seen}.part' '${seen}'\n`);
  chmodSync(browser, 0o755);
  const screen = new BrowserScreen({
    browser,
    profile: () => join(folder, 'profile'),
    addressOf: () => 'http://127.0.0.1:1/open/ticket',
    placeOf: () => place,
    contentsOf: () => undefined,
    log: () => undefined,
  });
  screen.open({ id: 1 } as Contents);
  const lines = await vi.waitFor(() => readFileSync(seen, 'utf8').trim().split('\n'), { timeout: 5000 });
  await screen.end();
  return lines;
}

describe.skipIf(process.platform === 'win32')('a window of the browser', () => {
  it('stands where main has asked for it', async () => {
    const place = { width: 720, height: 780, position: { x: 720, y: 0 } };
    expect(await argumentsFor(place)).toEqual(
      expect.arrayContaining([
        '--window-size=720,780',
        '--window-position=720,0',
        '--app=http://127.0.0.1:1/open/ticket',
      ]),
    );
  });

  it('stands where the system wants it when main has not', async () => {
    const seen = await argumentsFor({ width: 1280, height: 800, position: null });
    expect(seen).toContain('--window-size=1280,800');
    expect(seen.some((argument) => argument.startsWith('--window-position'))).toBe(false);
  });
});
