/** How the tokens are kept, as the screens are told it, over starts, changes of the key store and slow answers. */
import { describe, expect, it } from 'vitest';
import { ok } from '../../../../contract/model/errors.ts';
import { secretStore } from '../../../helpers/main-parts.ts';
import { BEN, SERVER, settle, signInOver, type SignInWorld } from './sign-in-world.ts';

interface Stored {
  token: string | null;
  weak: boolean;
}
const kept = (world: SignInWorld) => world.stored['accounts'] as Stored[];
const login = (world: SignInWorld) => world.signIn.login({ server: SERVER, username: 'ada', password: 'secret' });

async function signedIn(...users: SignInWorld['server']['user'][]): Promise<SignInWorld> {
  const world = signInOver();
  await world.signIn.start();
  await login(world);
  for (const user of users) {
    world.server.user = user;
    await login(world);
  }
  return world;
}
/** The next start, in which the key store is `strength`. */
async function restarted(before: SignInWorld, strength: 'strong' | 'weak' | 'unavailable'): Promise<SignInWorld> {
  before.signIn.close();
  before.secrets.mood = strength;
  const world = signInOver(before.stored, before.secrets);
  await world.signIn.start();
  await settle();
  return world;
}

describe('the storage that is shown', () => {
  it('is weak when one of several tokens is kept weakly, whatever the key store is now', async () => {
    const before = await signedIn(BEN);
    expect(kept(before).map(({ weak }) => weak)).toEqual([false, false]);
    Object.assign(kept(before)[1] as Stored, { weak: true });
    expect((await restarted(before, 'strong')).signIn.view().secretStorage).toBe('weak_kept');
  });

  it('is weak when a token is kept, and the key store has become weak', async () => {
    const world = await restarted(await signedIn(), 'weak');
    expect(world.signIn.view()).toMatchObject({ secretStorage: 'weak_kept', tellWeakStorage: false });
  });

  it('is the key store’s own when nothing is kept', async () => {
    const before = await signedIn();
    await before.signIn.logoutAll({ forget: false });
    expect((await restarted(before, 'weak')).signIn.view().secretStorage).toBe('weak_memory');
    expect((await restarted(before, 'strong')).signIn.view().secretStorage).toBe('strong');
  });
});

describe('a token', () => {
  it('is kept without a key store in memory only, and on the disk once there is one; both is told', async () => {
    const world = signInOver({}, secretStore('unavailable'));
    await world.signIn.start();
    await login(world);
    expect(kept(world)).toMatchObject([{ token: null, weak: false }]);
    expect(world.signIn.view().secretStorage).toBe('unavailable');
    world.secrets.mood = 'strong';
    world.clock.advance(5_000);
    await settle();
    expect(kept(world)[0]?.token).not.toBeNull();
    expect(world.views.at(-1)?.secretStorage).toBe('strong');
  });

  it('is sealed anew when it is asked for, each of them', async () => {
    const world = await signedIn(BEN);
    const before = kept(world).map(({ token }) => token);
    const encrypt = world.secrets.encrypt.bind(world.secrets);
    world.secrets.encrypt = async (secret) => {
      const sealed = await encrypt(secret);
      return sealed.ok ? ok(`anew ${sealed.value}`) : sealed;
    };
    await world.signIn.keepAgain();
    expect(kept(world).map(({ token }) => token)).toEqual(before.map((token) => `anew ${token ?? ''}`));
  });

  it('that is sealed anew in vain stays as it was, and the next try is the only one', async () => {
    const world = await signedIn();
    const [before] = kept(world);
    world.secrets.mood = 'unavailable';
    await world.signIn.keepAgain();
    await world.signIn.keepAgain();
    expect(kept(world)).toEqual([before]);
    expect(world.signIn.view().secretStorage).toBe('strong');
    world.secrets.mood = 'strong';
    const { encrypt } = world.secrets.asked;
    world.clock.advance(5_000);
    await settle();
    expect(world.secrets.asked.encrypt).toBe(encrypt + 1);
  });

  it('that a weak key store keeps is given up at once when the person takes back their word', async () => {
    const world = signInOver({}, secretStore('weak'));
    await world.signIn.start();
    await login(world);
    await world.signIn.keepWeakly({ keep: true });
    expect(kept(world)).toMatchObject([{ weak: true }]);
    // Also when the key store has nothing to say any more.
    world.secrets.asking = new Promise(() => undefined);
    const done = world.signIn.keepWeakly({ keep: false });
    await settle();
    world.clock.advance(1_000);
    expect(await done).toEqual({ ok: true, value: null });
    expect(kept(world)).toMatchObject([{ token: null, weak: false }]);
  });
});

describe('the word on a weak key store', () => {
  it('is told at once, also to a strong one', async () => {
    const world = await signedIn();
    const before = world.views.length;
    await world.signIn.keepWeakly({ keep: false });
    expect(world.views.length).toBe(before + 1);
    await world.signIn.keepWeakly({ keep: true });
    expect(kept(world)[0]?.token).not.toBeNull();
  });
});
