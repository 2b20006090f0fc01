/** Keeps the keyboard's place when a change of screen takes away what had the focus. */
import { nextTick, onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import { useRoute } from 'vue-router';
import { painted } from '../../stores/painted.ts';

/** Where to go on from, the best first: the open part of the section, its list, what it suggests, anything in it. */
const HOMES = [
  '[aria-current]',
  '[data-row][tabindex="0"]',
  '[data-home]',
  'button:not([tabindex="-1"]), a[href]:not([tabindex="-1"]), input:not([tabindex="-1"])',
];

/** Milliseconds that the keyboard's place waits for a list that is on its way. */
const FILLING_MS = 3000;

/** Resolves when nothing in `root` is still being filled and what came stands there. */
async function filled(root: HTMLElement): Promise<void> {
  const end = performance.now() + FILLING_MS;
  for (let waited = false; ; waited = true) {
    const isFilling = root.querySelector('[aria-busy="true"]') !== null;
    if (!isFilling && !waited) return;
    await painted();
    if (!isFilling || performance.now() > end) return;
  }
}

/** What can take the focus and is drawn. */
function drawn(root: HTMLElement, selector: string): HTMLElement | null {
  return (
    [...root.querySelectorAll<HTMLElement>(selector)].find((element) => element.getClientRects().length > 0) ?? null
  );
}

/** `section` is where the screens stand. A focus that is somewhere is left alone; so is one in a dialog. */
export function useFocusHome(section: Readonly<Ref<HTMLElement | null>>): void {
  const route = useRoute();
  let stopKeeping = (): void => undefined;

  async function settle(chatLeft: string | null): Promise<void> {
    // At the program's start nobody waits for the keyboard's place: looking for it would lay the page out twice.
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

  /** What was chosen may be replaced before the person has gone on from it: a list comes where there was none. */
  function keep(home: HTMLElement, root: HTMLElement): void {
    stopKeeping();
    const observer = new MutationObserver(() => {
      if (home.isConnected) return;
      stopKeeping();
      void settle(null);
    });
    observer.observe(root, { childList: true, subtree: true });
    // A part that is taken away may blur on its way, or not: the observer hears of it then.
    const left = (): void => void (home.isConnected && stopKeeping());
    home.addEventListener('blur', left);
    stopKeeping = () => {
      observer.disconnect();
      home.removeEventListener('blur', left);
    };
  }

  onBeforeUnmount(() => stopKeeping());
  onMounted(() => {
    // Whoever has just started the program has no place to keep yet.
    if (!navigator.userActivation.hasBeenActive) return;
    void painted().then(() => settle(null));
  });
  watch(
    () => [route.fullPath, route.params['chatId']] as const,
    (_now, [, chatLeft]) => void settle(typeof chatLeft === 'string' && chatLeft !== '' ? chatLeft : null),
    { flush: 'post' },
  );
}
