/** Whether an installation can be updated, and from where, by real files. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feedOf, installationOff, readFeed } from '../../../../electron/main/platform/updater-feed.ts';
import { ownFolder, recordingLogger } from '../../../helpers/main-parts.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
beforeAll(async () => {
  own = await ownFolder();
});
afterAll(() => own.remove());

describe('the place of the updates', () => {
  it.each([
    ['provider: generic\nurl: https://updates.example/relay\n', null, false],
    ['provider: generic\nurl: http://127.0.0.1:8080/\n', null, true],
    ['provider: generic\nurl: http://updates.example/relay\n', 'insecure_feed', false],
    ['provider: generic\nurl: ftp://updates.example/relay\n', 'insecure_feed', false],
    ['provider: generic\n', 'broken_feed', false],
    ['provider: generic\nurl: ${UPDATES}\n', 'broken_feed', false],
    ['provider: github\nowner: someone\nrepo: relay\n', null, false],
    ['provider: s3\nbucket: relay\n', null, false],
    ['provider: custom\n', 'broken_feed', false],
    ['provider: __proto__\n', 'broken_feed', false],
    ['url: https://updates.example/relay\n', 'broken_feed', false],
    ['', 'broken_feed', false],
    ['- provider\n', 'broken_feed', false],
  ])('%s', async (text, off, isLocal) => expect(await readFeed(text)).toMatchObject({ off, isLocal }));

  it.each([
    ['relay-desktop-updater', 'relay-desktop-updater'],
    ['../relay', null],
    ['.', null],
    ['[]', null],
  ])('keeps what it fetched in %s', async (name, folder) => {
    const text = `provider: github\nupdaterCacheDirName: ${name}\n`;
    expect(await readFeed(text)).toMatchObject({ off: null, folder });
  });

  it('is none without the file, and unknown with a broken one, which is logged', async () => {
    const logger = recordingLogger();
    const resources = join(own.folder, 'feeds');
    mkdirSync(resources);
    expect(await feedOf(resources, logger)).toMatchObject({ off: 'no_feed' });
    expect(logger.entries).toEqual([]);
    writeFileSync(join(resources, 'app-update.yml'), 'provider: [\n');
    expect(await feedOf(resources, logger)).toMatchObject({ off: 'broken_feed' });
    expect(logger.of('updater.feed_unreadable')).toHaveLength(1);
  });
});

describe('an installation', () => {
  const linux = (name: string, env: NodeJS.ProcessEnv = {}, isPackaged = true) => {
    const resources = join(own.folder, name);
    mkdirSync(resources);
    return { isPackaged, platform: 'linux' as const, env, resources };
  };

  it('that runs from its sources, was unpacked by hand, or belongs to a package manager does not update itself', () => {
    expect(installationOff(linux('sources', {}, false))).toBe('unpackaged');
    expect(installationOff(linux('unpacked'))).toBe('not_appimage');
    expect(installationOff(linux('empty', { APPIMAGE: '' }))).toBe('not_appimage');
    expect(installationOff(linux('relative', { APPIMAGE: 'Relay.AppImage' }))).toBe('not_appimage');
    const deb = linux('deb', { APPIMAGE: '/x' });
    writeFileSync(join(deb.resources, 'package-type'), 'deb');
    expect(installationOff(deb)).toBe('package_manager');
  });

  it.each(['win32', 'darwin'] as const)('on %s updates itself', (platform) => {
    expect(installationOff({ isPackaged: true, platform, env: {}, resources: own.folder })).toBeNull();
  });

  it('as an AppImage updates itself if its file may be replaced', () => {
    const folder = join(own.folder, 'programs');
    mkdirSync(folder);
    const program = join(folder, 'Relay.AppImage');
    expect(installationOff(linux('gone', { APPIMAGE: program }))).toBe('read_only');
    writeFileSync(program, 'x');
    expect(installationOff(linux('there', { APPIMAGE: program }))).toBeNull();
    chmodSync(folder, 0o555);
    // Nothing is forbidden to root.
    expect(installationOff(linux('fixed', { APPIMAGE: program }))).toBe(process.getuid?.() === 0 ? null : 'read_only');
    chmodSync(folder, 0o755);
  });
});
