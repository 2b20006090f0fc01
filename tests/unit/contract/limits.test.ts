/** Limits are part of the published contract: a server and its clients must agree on each of them. */
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_REACTIONS,
  LIMITS,
  LIST_WIDTH,
  MAX_FRAME_BYTES,
  MAX_JSON_BYTES,
  MOST,
} from '#contract/model/limits.ts';

describe('the limits', () => {
  it('are those that are published', () => {
    expect(LIMITS).toMatchObject({
      username: { min: 3, max: 20 },
      firstName: { min: 1, max: 50 },
      lastName: { min: 1, max: 50 },
      age: { min: 13, max: 120 },
      bio: { min: 0, max: 500 },
      password: { min: 6, max: 1024 },
      content: { min: 1, max: 4000 },
      searchQuery: { min: 1, max: 100 },
      messageQuery: { min: 0, max: 500 },
      draft: { min: 0, max: 100_000 },
      forwarded: { min: 1, max: 100 },
      forwardedTo: { min: 1, max: 20 },
      signInName: { min: 1, max: 100 },
      address: { min: 1, max: 2048 },
      attachments: { min: 0, max: 10 },
      page: { min: 1, max: 100, default: 50 },
      chatPage: { min: 1, max: 200, default: 100 },
      lastMessage: { min: 0, max: 300 },
      avatarUrl: { min: 0, max: 2048 },
      clientId: { min: 1, max: 64 },
    });
    expect([MAX_JSON_BYTES, MAX_FRAME_BYTES]).toEqual([65_536, 65_536]);
    expect(LIST_WIDTH).toEqual({ min: 264, max: 400 });
  });

  it('of numbers leave sums of them whole', () => {
    expect(MOST).toMatchObject({
      count: 1_000_000_000,
      seconds: 1_000_000_000,
      bytes: 1_125_899_906_842_624,
      pixels: 1_000_000,
      moment: 8.64e15,
    });
    expect(Number.isNaN(new Date(MOST.moment).getTime())).toBe(false);
    expect(Number.isNaN(new Date(MOST.moment + 1).getTime())).toBe(true);
  });

  it('name ten reactions, each one emoji', () => {
    expect(DEFAULT_REACTIONS.join(' ')).toBe('👍 ❤️ 😂 😮 😢 🙏 🔥 🎉 👏 👎');
  });
});
