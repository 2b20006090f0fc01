/** Restores the focus when a screen change removes the focused element. */
import { nextTick, onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import { useRoute } from 'vue-router';
import { painted } from '../../stores/painted.ts';

/**
 * Where to move the focus, in order of preference: the section's open part, its list, its suggestion, anything else.
 */
const HOMES = [
  '[aria-current]',
  '[data-row][tabindex="0"]',
  '[data-home]',
  'button:not([tabindex="-1"]), a[href]:not([tabindex="-1"]), input:not([tabindex="-1"])',
];

/** Milliseconds to wait for a list that is loading. */
const FILLING_MS = 3000;

/** Resolves when nothing in `root` is loading any more and the result is rendered. */
async function filled(root: HTMLElement): Promise<void> {
  const end = performance.now() + FILLING_MS;
  for (let waited = false; ; waited = true) {
    const isFilling = root.querySelector('[aria-busy="true"]') !== null;
    if (!isFilling && !waited) return;
    await painted();
    if (!isFilling || performance.now() > end) return;
  }
}

/** The first matching element that is visible. */
function drawn(root: HTMLElement, selector: string): HTMLElement | null {
  return (
    [...root.querySelectorAll<HTMLElement>(selector)].find((element) => element.getClientRects().length > 0) ?? null
  );
}

/** `section` contains the screens. A focus that exists is left alone, as is one in a dialog. */
export function useFocusHome(section: Readonly<Ref<HTMLElement | null>>): void {
  const route = useRoute();
  let stopKeeping = (): void => undefined;

  async function settle(chatLeft: string | null): Promise<void> {
    // At startup the focus is not urgent, and searching for a target would force a second layout.
    await (navigator.userActivation.hasBeenActive ? nextTick() : painted());
    const root = section.value;
    if (root) await filled(root);
    if (!root?.isConnected || document.activeElement !== document.body || document.querySelector('[role="dialog"]'))
      return;
    const left = chatLeft === null ? null : drawn(root, `[data-chat="${CSS.escape(chatLeft)}"]`);
    const home = left ?? HOMES.reduce<HTMLElement | null>((found, selector) => found ?? drawn(root, selector), null);
    if (!home) return;
    home.focus({ preventScroll: true });
    keep(home, root);
  }

  /** The target may be replaced before the user has moved on: for example, when a list loads. */
  function keep(home: HTMLElement, root: HTMLElement): void {
    stopKeeping();
    const observer = new MutationObserver(() => {
      if (home.isConnected) return;
      stopKeeping();
      void settle(null);
    });
    observer.observe(root, { childList: true, subtree: true });
    // A removed element may or may not fire blur; in that case the observer takes over.
    const left = (): void => void (home.isConnected && stopKeeping());
    home.addEventListener('blur', left);
    stopKeeping = () => {
      observer.disconnect();
      home.removeEventListener('blur', left);
    };
  }

  onBeforeUnmount(() => stopKeeping());
  onMounted(() => {
    // Right after startup there is no focus to restore.
    if (!navigator.userActivation.hasBeenActive) return;
    void painted().then(() => settle(null));
  });
  watch(
    () => [route.fullPath, route.params['chatId']] as const,
    (_now, [, chatLeft]) => void settle(typeof chatLeft === 'string' && chatLeft !== '' ? chatLeft : null),
    { flush: 'post' },
  );
}
