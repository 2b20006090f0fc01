/** Whether a text is nothing but a few emojis. Pure. */
import { ONE_EMOJI } from './emoji-form.ts';

/** How many stand alone at most. */
const MOST = 3;

const ONLY_EMOJI = new RegExp(`^(?:${ONE_EMOJI}[ \\n]*){1,${MOST}}$`, 'u');

/** True for one to three emojis, with spaces between them and after them. */
export function isOnlyEmoji(text: string): boolean {
  return text.length < 64 && ONLY_EMOJI.test(text);
}
