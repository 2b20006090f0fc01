/**
 * The emojis this computer can draw, group by group: a group appears once all its emojis were tested, from the first
 * group to the last, so that nothing on the screen moves.
 */
import { computed, onScopeDispose, ref, shallowRef, triggerRef, watch, type Ref } from 'vue';
import { drawnEmojis } from '../../composables/emoji/canvas.ts';
import type { DrawnEmojis } from '../../composables/emoji/drawn.ts';
import { GROUPS, loadEmojis, type EmojiEntry, type EmojiGroup } from './emoji-data.ts';

/** `tone`: 0 for none, 1 light to 5 dark. `first`: emojis shown before all groups. */
export function useEmojis(tone: Ref<number>, first: readonly string[]) {
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const all = shallowRef<EmojiEntry[]>([]);
  const ready = shallowRef<EmojiGroup[]>([]);
  const drawn = shallowRef<DrawnEmojis | null>(null);
  let trial = new AbortController();

  const entries = computed(() => {
    const groups: readonly number[] = ready.value;
    return all.value.filter(({ group, emoji }) => groups.includes(group) && drawn.value?.get(emoji) === true);
  });
  /** All groups are ready. */
  const complete = computed(() => ready.value.length === GROUPS.length);
  const byEmoji = computed(() => new Map(all.value.map((entry) => [entry.emoji, entry])));

  /** The entry of a drawable emoji, whether or not its group is ready. */
  function find(emoji: string): EmojiEntry | undefined {
    return drawn.value?.get(emoji) === true ? byEmoji.value.get(emoji) : undefined;
  }

  const skinOf = (entry: EmojiEntry): string | undefined => (tone.value > 0 ? entry.skins[tone.value - 1] : undefined);

  /** The emoji in the selected tone, if the font has it. */
  function shown(entry: EmojiEntry): string {
    const skin = skinOf(entry);
    return skin !== undefined && drawn.value?.get(skin) === true ? skin : entry.emoji;
  }

  const withSkin = (entry: EmojiEntry): string[] => [entry.emoji, skinOf(entry) ?? entry.emoji];

  async function tryAll(): Promise<void> {
    trial.abort();
    const { signal } = (trial = new AbortController());
    const used = all.value.filter(({ emoji }) => first.includes(emoji));
    await drawn.value?.prove(used.flatMap(withSkin), signal);
    for (const group of GROUPS) {
      await drawn.value?.prove(all.value.filter((entry) => entry.group === group).flatMap(withSkin), signal);
      if (signal.aborted) return;
      if (!ready.value.includes(group)) ready.value = [...ready.value, group];
      state.value = 'ready';
    }
    triggerRef(drawn);
  }

  function fail(error: unknown): void {
    console.error('the emojis could not be loaded', error);
    state.value = 'failed';
  }

  async function load(): Promise<void> {
    state.value = 'loading';
    try {
      [all.value, drawn.value] = await Promise.all([loadEmojis(), drawnEmojis()]);
      await tryAll();
    } catch (error) {
      fail(error);
    }
  }

  watch(tone, () => void tryAll().catch(fail));
  onScopeDispose(() => trial.abort());
  return { state, entries, complete, find, shown, load };
}
