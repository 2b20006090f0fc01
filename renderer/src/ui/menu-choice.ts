/** What was chosen in a menu happens once the menu has gone and has given the focus back: so that it can take the focus itself. */
import { nextTick, onBeforeUnmount } from 'vue';

export interface MenuChoice {
  /** An entry was chosen; the menu is about to close. */
  chosen(id: string): void;
  /** The menu has closed. */
  closed(): void;
}

/** `run` hears each choice once. A menu that is taken away with its surroundings still tells what was chosen. */
export function useMenuChoice(run: (id: string) => void): MenuChoice {
  let waiting: string | null = null;

  function tell(): void {
    const id = waiting;
    waiting = null;
    if (id !== null) run(id);
  }

  onBeforeUnmount(tell);
  return {
    chosen: (id) => void (waiting = id),
    // The focus goes back in a task that is queued right after this event: this one is queued behind it.
    closed: () => void nextTick(() => setTimeout(tell)),
  };
}
