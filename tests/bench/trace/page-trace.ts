/** The instrument at the page's end of the stand-in's bridge. Put in before the page's own scripts, beside the probe. */
import type { Page } from '@playwright/test';
import type { Stamp } from './stamp.ts';

declare global {
  interface Window {
    relayTrace?: Stamp[];
  }
}

/** Puts the instrument into the page. Runs in the page and must not use anything from outside of itself. */
export function installPageTrace(prefix: string): void {
  const zero = performance.timeOrigin;
  const stamps: Stamp[] = [];
  const words = new RegExp(`${prefix}(\\d+)\\.`, 'g');
  /** The channel of each question, by its number. */
  const channels = new Map<string, string>();
  const note = (kind: 'page:sends' | 'page:hears', text: unknown): void => {
    const at = zero + performance.now();
    if (typeof text !== 'string') return;
    // The members that tell what a frame is stand first in it.
    const head = text.slice(0, 200);
    const id = /"id":(\d+)/.exec(head)?.[1] ?? '';
    const channel = /"channel":"([\w.]+)"/.exec(head)?.[1];
    const isReply = head.startsWith('{"kind":"reply"');
    if (kind === 'page:sends' && channel !== undefined) channels.set(id, channel);
    const op = isReply ? `${channels.get(id) ?? ''} answered` : (channel ?? '');
    // Answers tell of older messages too, and may be long.
    const numbers = isReply ? [] : Array.from(text.matchAll(words), ([, digits]) => Number(digits));
    stamps.push({ at, kind, op, words: [...new Set(numbers)], port: null });
  };
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => note('page:hears', data));
    }
    override send(data: Parameters<WebSocket['send']>[0]): void {
      note('page:sends', data);
      super.send(data);
    }
  };
  window.relayTrace = stamps;
}

/** What the instrument has noted since the page began. */
export async function pageStamps(page: Page): Promise<Stamp[]> {
  const stamps = await page.evaluate(() => window.relayTrace);
  if (!stamps) throw new Error('the page has no instrument of the trace');
  return stamps;
}
