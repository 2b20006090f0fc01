/** The player's and the storage's commands over the whole of main, at a real relay: as a page calls them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlayerMemory } from '../../../contract/ipc/music-views.ts';
import { startMain, type TestMain } from '../../helpers/main-assembly.ts';
import { must } from '../../helpers/data-world.ts';
import { ownFolder, secretStore, until } from '../../helpers/main-parts.ts';
import { song } from '../../helpers/music-samples.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { upload } from '../../helpers/relay-files.ts';

const MB = 1_000_000;
const QUERY = { q: '', sort: 'title' as const, descending: false, within: null, limit: 10, offset: 0 };

let relay: TestRelay;
let own: Awaited<ReturnType<typeof ownFolder>>;
let main: TestMain;
let anna: TestUser;
let accountId: string;

beforeEach(async () => {
  [relay, own] = [await startTestRelay(), await ownFolder()];
  anna = await relay.register('anna');
  const { id } = await upload(anna, await song({ title: 'Song' }, false, 500), 'song.mp3');
  await anna.api.post('/music/metadata', { fileId: id });
  main = await startMain(own.folder, secretStore('strong'), relay.url);
  await main.call('app.ready', {});
  await main.call('app.shown', {});
  must(await main.call('accounts.login', { server: relay.url, username: 'anna', password: anna.password }));
  accountId = `${relay.url}/${anna.user.id}`;
  await until('the library came', () => main.pushed.some((push) => 'event' in push && push.event.kind === 'music'));
});
afterEach(async () => {
  await main.close();
  await relay.close();
  await own.remove();
});

async function track() {
  const [found] = must(await main.call('music.tracks', { accountId, ...QUERY })).tracks;
  if (!found) throw new Error('no track');
  return found;
}

describe('the next track', () => {
  it('is fetched ahead, so that it plays without a connection; it counts and can be cleared', async () => {
    const { id, size } = await track();
    expect(must(await main.call('storage.read', {}))).toEqual({
      used: 0,
      limit: 1000 * MB,
      least: 64 * MB,
      most: 256_000 * MB,
    });
    must(await main.call('player.prefetch', { accountId, id }));
    await until('it is told', () =>
      main.pushed.some(
        (push) => 'event' in push && push.event.kind === 'music' && push.event.ids?.includes(id) === true,
      ),
    );
    expect(await track()).toMatchObject({ state: 'cached' });
    expect(must(await main.call('storage.read', {})).used).toBe(size);
    expect(must(await main.call('storage.clear', {})).used).toBe(0);
    await until(
      'it is gone',
      () => main.pushed.filter((push) => 'event' in push && push.event.kind === 'music').length >= 3,
    );
    expect(await track()).toMatchObject({ state: 'remote' });
  });

  it('of an account that is not open, or that is none, is refused or nothing', async () => {
    const elsewhere = `${relay.url}/nobody`;
    expect(await main.call('player.prefetch', { accountId: elsewhere, id: 'x' })).toMatchObject({
      error: { code: 'not_signed_in' },
    });
    expect(await main.call('player.prefetch', { accountId, id: 'nothing' })).toEqual({ ok: true, value: null });
  });
});

describe('the most that is kept', () => {
  it('is chosen within bounds and holds after a restart', async () => {
    expect(must(await main.call('storage.setLimit', { limit: 1 })).limit).toBe(64 * MB);
    expect(must(await main.call('storage.setLimit', { limit: 500 * MB })).limit).toBe(500 * MB);
    must(await main.call('settings.update', { theme: 'dark' }));
    await main.close();
    main = await startMain(own.folder, secretStore('strong'), relay.url);
    expect(must(await main.call('storage.read', {})).limit).toBe(500 * MB);
  });
});

describe('the player', () => {
  const memoryOf = (accounts: string[]): PlayerMemory => ({
    queue: accounts.map((account, n) => ({
      key: `k${n}`,
      item: {
        accountId: account,
        fileId: 'f',
        source: 'library',
        title: 'Song',
        artist: null,
        album: null,
        albumKey: null,
        trackNumber: 1,
        duration: 3,
        mimeType: 'audio/mpeg',
        url: '/media/f1',
        coverUrl: null,
        gain: -3,
        from: null,
      },
    })),
    order: null,
    current: 'k0',
    position: 1,
    repeat: 'one',
    volume: 0.5,
    muted: true,
    speed: 1.5,
    musicSpeed: 1.25,
    party: null,
    crossfade: 3,
    levelling: false,
  });

  it('is found as it was left, without what belongs to closed accounts', async () => {
    expect(must(await main.call('player.recall', {}))).toBeNull();
    must(await main.call('player.keep', { memory: memoryOf([accountId, `${relay.url}/other`]) }));
    must(await main.call('player.keepPlace', { current: 'k0', position: 2 }));
    await main.close();
    main = await startMain(own.folder, secretStore('strong'), relay.url);
    await main.call('app.ready', {});
    expect(must(await main.call('player.recall', {}))).toEqual({ ...memoryOf([accountId]), position: 2 });
  });

  it('tells the tray, which asks it back', async () => {
    const now = { title: 'Song', artist: null, playing: true };
    must(await main.call('player.tell', { now }));
    must(await main.call('player.tell', { now: null }));
    expect(main.playing).toEqual([now, null]);
    main.assembly.playerCommand('next');
    await until('it is asked', () => main.pushed.some((push) => 'kind' in push && push.kind === 'player:command'));
    expect(main.pushed.at(-1)).toEqual({ kind: 'player:command', command: 'next' });
  });
});
