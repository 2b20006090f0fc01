/** What the picker remembers on this device: recent emojis and the skin tone. */

const RECENT_KEY = 'relay.emoji.recent';
const TONE_KEY = 'relay.emoji.tone';
/** Three rows. */
const MAX_RECENT = 27;

/** The part of the browser's storage that is used. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>;

/** Recent emojis, newest first. Unreadable data counts as empty. */
export function readRecent(memory: Memory): string[] {
  try {
    const value: unknown = JSON.parse(memory.getItem(RECENT_KEY) ?? '[]');
    if (!Array.isArray(value)) return [];
    return value.filter((one): one is string => typeof one === 'string' && one.length < 32).slice(0, MAX_RECENT);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Moves an emoji to the front; returns the new list. */
export function rememberEmoji(memory: Memory, emoji: string): string[] {
  const recent = [emoji, ...readRecent(memory).filter((one) => one !== emoji)].slice(0, MAX_RECENT);
  memory.setItem(RECENT_KEY, JSON.stringify(recent));
  return recent;
}

/** The skin tone: 0 for none, 1 light to 5 dark. */
export function readTone(memory: Memory): number {
  const tone = Number(memory.getItem(TONE_KEY));
  return Number.isInteger(tone) && tone >= 0 && tone <= 5 ? tone : 0;
}

/** Saves the skin tone. */
export function rememberTone(memory: Memory, tone: number): void {
  memory.setItem(TONE_KEY, String(tone));
}
