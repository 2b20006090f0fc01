import { describe, expect, it } from 'vitest';
import { Chat } from '#contract/api/chat.ts';
import { Message } from '#contract/api/message.ts';
import { Writer } from '../../bench/lib/texts.ts';
import { spread, World } from '../../bench/lib/world.ts';

const plan = { seed: 7, sizes: spread(20, 1000), until: Date.UTC(2026, 0, 15) };

describe('World', () => {
  const world = new World(plan);

  it('makes what the contract allows', () => {
    for (let chat = 0; chat < world.chatCount; chat += 1) {
      expect(Chat.safeParse(world.chat(chat)).success).toBe(true);
      for (let index = 0; index < world.size(chat); index += 1) {
        expect(Message.safeParse(world.message(chat, index)).error).toBeUndefined();
      }
    }
  });

  it('is the same for the same seed and another for another', () => {
    expect(new World(plan).message(3, 4)).toEqual(world.message(3, 4));
    expect(new World({ ...plan, seed: 8 }).message(3, 4).content).not.toBe(world.message(3, 4).content);
  });

  it('lets time grow with the index, and the first chat be the newest', () => {
    const time = (chat: number, index: number): number => Date.parse(world.message(chat, index).createdAt);
    expect(time(0, 1)).toBeGreaterThan(time(0, 0));
    expect(time(0, world.size(0) - 1)).toBe(plan.until);
    expect(time(1, world.size(1) - 1)).toBeLessThan(plan.until);
  });
});

describe('spread', () => {
  it.each([
    [1, 100_000],
    [20, 1000],
    [1000, 100_000],
    [1000, 1000],
  ])('gives %d chats %d messages in all, none empty, the largest first', (chats, messages) => {
    const sizes = spread(chats, messages);
    expect(sizes).toHaveLength(chats);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(messages);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...sizes)).toBe(sizes[0]);
  });
});

describe('Writer', () => {
  it('uses few words often and most words rarely', () => {
    const writer = new Writer(7);
    const counts = new Map<string, number>();
    for (let n = 0; n < 20_000; n += 1) {
      for (const word of new Set(writer.text(0, n).split(' '))) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    expect(counts.get(writer.word(0)) ?? 0).toBeGreaterThan(5000);
    const rare = [...counts.values()].filter((count) => count <= 5).length;
    expect(rare).toBeGreaterThan(counts.size / 2);
  });
});
