/** Runs a menu's action after the menu has closed and returned the focus, so that the action can move the focus. */
import { nextTick, onBeforeUnmount } from 'vue';

export interface MenuChoice {
  /** An entry was chosen; the menu is about to close. */
  chosen(id: string): void;
  /** The menu has closed. */
  closed(): void;
}

/** `run` is called once per choice, even if the menu is unmounted with its surroundings. */
export function useMenuChoice(run: (id: string) => void): MenuChoice {
  let waiting: string | null = null;

  function flush(): void {
    const id = waiting;
    waiting = null;
    if (id !== null) run(id);
  }

  onBeforeUnmount(flush);
  return {
    chosen: (id) => void (waiting = id),
    // The focus returns in a task queued right after this event: queue ours behind it.
    closed: () => void nextTick(() => setTimeout(flush)),
  };
}
