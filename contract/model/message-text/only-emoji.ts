/** Whether a text consists of just a few emojis. Pure. */
import { ONE_EMOJI } from './emoji-form.ts';

/** At most this many. */
const MOST = 3;

const ONLY_EMOJI = new RegExp(`^(?:${ONE_EMOJI}[ \\n]*){1,${MOST}}$`, 'u');

/** True for one to three emojis, with spaces between them and after them. */
export function isOnlyEmoji(text: string): boolean {
  return text.length < 64 && ONLY_EMOJI.test(text);
}
