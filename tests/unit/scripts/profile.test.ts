import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openProfile, profileFolder, profileName } from '../../../scripts/lib/profile.ts';

describe('the name of a profile', () => {
  it.each([
    ['work', 'work'],
    ['Work', 'work'],
    ['2nd_person-b', '2nd_person-b'],
  ])('%s', (given, name) => expect(profileName(given)).toBe(name));

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'C:', 'a b', '-x', 'x'.repeat(33), 'con', 'NUL', 'lpt1', 'Анна'])(
    'cannot be %j',
    (given) => expect(() => profileName(given)).toThrow('--profile'),
  );
});

describe('the folder of a profile', () => {
  it('is one for each name and each host, below what is kept for this person', () => {
    const home = resolve('/home/x/.local/share');
    const folders = (['electron', 'browser', 'print'] as const).map((kind) => profileFolder('work', kind, home));
    const place = join(home, 'relay-desktop', 'profiles');
    // The stand-in has one key store, whoever opens its windows.
    expect(folders).toEqual(['electron', 'stand-in', 'stand-in'].map((host) => join(place, host, 'work')));
  });

  it('is absolute, or the application would take its usual one', () => {
    expect(profileFolder('work', 'print', 'somewhere')).toBe(
      resolve('somewhere', 'relay-desktop', 'profiles', 'stand-in', 'work'),
    );
  });

  it.skipIf(process.platform !== 'linux')('is made for its owner alone, and the application is told', () => {
    const home = mkdtempSync(join(tmpdir(), 'relay-profile-'));
    vi.stubEnv('XDG_DATA_HOME', home);
    try {
      const { RELAY_USER_DATA: folder = '' } = openProfile('work', 'print');
      expect(folder).toBe(profileFolder('work', 'print', home));
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    } finally {
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true });
    }
  });

  it('is the usual one without a profile', () => expect(openProfile(null, 'print')).toEqual({}));
});
