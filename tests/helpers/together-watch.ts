/** Where the sounds of a page are, measured at the media elements themselves, and a link that is slow for its words. */
import type { Page } from '@playwright/test';

interface Place {
  /** Milliseconds since the epoch, and the seconds of the sound that plays; null while none does. */
  readonly time: number;
  readonly at: number | null;
}

declare global {
  interface Window {
    sounds?: { playing: Set<HTMLMediaElement>; delay: { least: number; most: number } | null };
  }
}

export interface TogetherWatch {
  place(): Promise<Place>;
  /** From now on each message of the data channel takes so many milliseconds; their order stays. */
  slow(least: number, most: number): Promise<void>;
}

/** Put there before the first sound. */
export async function watchTogether(page: Page): Promise<TogetherWatch> {
  await page.evaluate(() => {
    const sounds: NonNullable<Window['sounds']> = { playing: new Set(), delay: null };
    window.sounds = sounds;
    const play = Reflect.get<HTMLMediaElement, 'play'>(HTMLMediaElement.prototype, 'play');
    Reflect.set(HTMLMediaElement.prototype, 'play', function (this: HTMLMediaElement): Promise<void> {
      // A call's voice has no address.
      if (this.src !== '') sounds.playing.add(this);
      return play.call(this);
    });
    let free = 0;
    const create = Reflect.get<RTCPeerConnection, 'createDataChannel'>(
      RTCPeerConnection.prototype,
      'createDataChannel',
    );
    RTCPeerConnection.prototype.createDataChannel = function (...args): RTCDataChannel {
      const channel = create.apply(this, args);
      const send = channel.send.bind(channel) as (data: string) => void;
      channel.send = (data: unknown): void => {
        if (!sounds.delay) return send(String(data));
        const { least, most } = sounds.delay;
        free = Math.max(free, performance.now() + least + Math.random() * (most - least));
        setTimeout(() => channel.readyState === 'open' && send(String(data)), free - performance.now());
      };
      return channel;
    };
  });
  return {
    place: () =>
      page.evaluate(() => {
        const [sound] = [...(window.sounds?.playing ?? [])].filter((one) => !one.paused && one.src !== '');
        const at = sound?.currentTime ?? null;
        return { time: performance.timeOrigin + performance.now(), at };
      }),
    slow: (least, most) =>
      page.evaluate((delay) => void (window.sounds && (window.sounds.delay = delay)), { least, most }),
  };
}

/** Seconds by which the first is ahead; null unless both play. */
export async function skewBetween(one: TogetherWatch, other: TogetherWatch): Promise<number | null> {
  const [here, there] = await Promise.all([one.place(), other.place()]);
  if (here.at === null || there.at === null) return null;
  return here.at - there.at - (here.time - there.time) / 1000;
}
