/**
 * One emoji, as the source of a regular expression (flag `u`).
 *
 * Matches by the form that the Unicode standard gives emojis (UTS #51), not by the set of all of them, `\p{RGI_Emoji}`:
 * the browser compiles that into thousands of alternatives, which took half a second at the first message after a
 * start.
 */
const FLAG = String.raw`\p{Regional_Indicator}{2}`;
const KEYCAP = String.raw`[0-9#*]\uFE0F?\u20E3`;
/** Drawn as a picture: by default, by a variation selector, or because a skin tone follows. */
const PICTURE = String.raw`(?![0-9#*]|\p{Regional_Indicator})(?:\p{Emoji_Presentation}\uFE0F?|\p{Emoji}\uFE0F|\p{Emoji_Modifier_Base}(?=\p{Emoji_Modifier}))`;
/** A skin tone; the tags that spell a region's flag. */
const DRESS = String.raw`\p{Emoji_Modifier}?(?:[\u{E0020}-\u{E007E}]+\u{E007F})?`;
/** Pictures joined into one: a family, a profession, a flag with a sign. */
const JOINED = String.raw`(?:\u200D\p{Emoji}(?:\p{Emoji_Modifier}|\uFE0F)?)*`;

export const ONE_EMOJI = `(?:${FLAG}|${KEYCAP}|${PICTURE}${DRESS}${JOINED})`;
