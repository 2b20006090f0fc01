/**
 * One sound in an `<audio>` element that howler chose, loads and takes back. Howler starts nothing: after a decode
 * error its lock on playing never opens again, and its end is a timer. Play, pause and seek go to the element itself.
 */
import { Howl, Howler } from 'howler';

export interface Deck {
  readonly element: HTMLAudioElement;
  /** Stops loading and gives the element back. `spoiled`: it had an error, and is not used again. */
  free(spoiled: boolean): void;
}

/** A mark by which howler takes an element back into its pool. */
type Pooled = HTMLAudioElement & { _unlocked?: boolean };

function isPool(value: unknown): value is Pooled[] {
  return Array.isArray(value);
}

/** Howler tries to play an empty element, and warns, when it has none in its pool. */
function fillPool(): void {
  const pool: unknown = Reflect.get(Howler, '_html5AudioPool');
  if (!isPool(pool)) throw new Error('howler keeps its elements in another way');
  if (pool.length === 0) pool.push(Object.assign(new Audio(), { _unlocked: true }));
}

/** The element of a sound that was just made. */
function elementOf(howl: Howl): Pooled {
  const sounds: unknown = Reflect.get(howl, '_sounds');
  const sound: unknown = Array.isArray(sounds) ? sounds[0] : null;
  const element: unknown = typeof sound === 'object' && sound !== null ? Reflect.get(sound, '_node') : null;
  if (!(element instanceof HTMLAudioElement)) throw new Error('howler made no audio element');
  return element;
}

/** Begins to load an address; it streams, so that a long sound takes no more memory than a short one. */
export function createDeck(address: string): Deck {
  // Our own context is the only one, and nothing has to be unlocked: a person has pressed a button.
  Howler.usingWebAudio = false;
  Howler.autoUnlock = false;
  fillPool();
  const howl = new Howl({ src: [address], format: ['wav'], html5: true, preload: true });
  const element = elementOf(howl);
  // What it would load instead of nothing is a `data:` address, which the page's policy forbids.
  Reflect.set(howl, '_clearSound', (node: HTMLAudioElement) => {
    node.removeAttribute('src');
    node.load();
  });
  return {
    element,
    free(spoiled) {
      element.pause();
      element._unlocked = !spoiled;
      element.playbackRate = 1;
      element.defaultPlaybackRate = 1;
      howl.unload();
    },
  };
}
