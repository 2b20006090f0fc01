import { describe, expect, test } from 'vitest';
import { isOnlyEmoji } from '#contract/model/message-text/only-emoji.ts';
import { loadEmojis } from '../../../../renderer/src/features/emoji/emoji-data.ts';

describe('a text of nothing but emojis', () => {
  test.each(['👍', '👍️', '👍🏽', '❤️', '☝🏽', '1️⃣', '#⃣', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩‍❤️‍👨', '👩🏽‍🚀', '🏳️‍🌈', '🎉🎉🎉', '🎉 🎉 \n🎉'])(
    '%s',
    (text) => {
      expect(isOnlyEmoji(text)).toBe(true);
    },
  );

  test.each(['', ' ', '1', '12', '#', '*', '❤', '©', 'a', '👍a', 'a👍', '👍👍👍👍', '👍.', ' 👍', '\u{1F3FD}a', '🇩'])(
    'not %j',
    (text) => {
      expect(isOnlyEmoji(text)).toBe(false);
    },
  );

  test('every emoji that the picker offers, with every skin, and three of each', async () => {
    const all = (await loadEmojis()).flatMap(({ emoji, skins }) => [emoji, ...skins]);
    expect(all.length).toBeGreaterThan(3000);
    expect(all.filter((emoji) => !isOnlyEmoji(emoji))).toEqual([]);
    expect(all.filter((emoji) => emoji.length < 21 && !isOnlyEmoji(`${emoji}${emoji} ${emoji}`))).toEqual([]);
    expect(all.filter((emoji) => isOnlyEmoji(`${emoji}!`))).toEqual([]);
  });

  test('every emoji that the engine knows by the standard', () => {
    const known = /^\p{RGI_Emoji}$/v;
    const candidates = Array.from({ length: 0x1fb00 - 0x2000 }, (_, at) => String.fromCodePoint(0x2000 + at)).flatMap(
      (one) => [one, `${one}\uFE0F`],
    );
    const missed = candidates.filter((text) => known.test(text) && !isOnlyEmoji(text));
    expect(candidates.filter((text) => known.test(text)).length).toBeGreaterThan(1300);
    expect(missed).toEqual([]);
  });
});
