import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../../relay/services/rate-limiter.ts';
import { createNewChats } from '../../../relay/services/new-chats.ts';
import { createCore, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  beforeEach(async () => {
    core = await createCore(adapter);
  });
  afterEach(() => core.close());

  const world = () => {
    const { chats, messaging } = core;
    return createNewChats({ chats, messaging, made: createRateLimiter(2, 86_400_000, core.now) });
  };
  const limited = { code: 'rate_limited', retryAfterMs: 86_400_000 };

  it('new chats are so many a day; those that are there are opened as often as one likes', async () => {
    const chats = world();
    for (const name of ['dora', 'emil', 'fred']) await core.person(name);
    expect([(await chats.open(core.anna, 'clara')).created, (await chats.open(core.anna, 'dora')).created]).toEqual([
      true,
      true,
    ]);
    await expect(chats.open(core.anna, 'emil')).rejects.toMatchObject(limited);
    expect((await chats.open(core.anna, 'clara')).created).toBe(false);
    expect((await chats.open(core.boris, 'emil')).created).toBe(true);
    core.pass(86_400_000);
    expect((await chats.open(core.anna, 'emil')).created).toBe(true);
  });

  it('a chat that was not made costs nothing: nobody was there, or the other one was quicker', async () => {
    const chats = world();
    for (let n = 0; n < 5; n += 1)
      await expect(chats.open(core.anna, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    await core.person('dora');
    const both = await Promise.all([chats.open(core.clara, 'anna'), chats.open(core.anna, 'clara')]);
    // On a server either may be the quicker one.
    expect(both.filter(({ created }) => created)).toHaveLength(1);
    const slower = both[0].created ? core.anna : core.clara;
    await core.person('emil');
    await chats.open(slower, 'dora');
    expect((await chats.open(slower, 'emil')).created).toBe(true);
  });
});
