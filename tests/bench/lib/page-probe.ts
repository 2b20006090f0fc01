/**
 * The measuring instrument inside a page. It is put in before the page's own scripts, hangs on one name of `window`,
 * and is the same for the app and for the component measured beside it. All times are milliseconds since the epoch with
 * fractions, so that two pages and their processes on one machine can be compared.
 *
 * "Painted" means: the task that runs right after the frame's style, layout and paint on the page's main thread. What
 * the compositor does after that is not in it.
 */

/** Where elements are sought: in the document, or in the shadow tree of the component that `host` names. */
export interface Place {
  host: string | null;
  selector: string;
}

/** Frames seen between start and stop. */
export interface FrameRecord {
  /** Time from one frame to the next. */
  gaps: number[];
  /** From the start of a frame to the end of its painting: what the page itself took. */
  work: number[];
  /** The most rows that stood in the document at the end of a frame. */
  mostRows: number;
}

export interface PageProbe {
  /** Now. */
  now(): number;
  /** When the first element of a place that is visible, and holds `text` if given, had been painted. */
  painted(place: Place, text: string | null): Promise<number>;
  /** When an element with `text` stood in the document, without waiting for its painting. */
  present(place: Place, text: string): Promise<number>;
  /** Remembers the time of the next event of a kind, as the browser received it. */
  armEvent(kind: string): void;
  /** The time of the last armed event; null when it has not come. */
  eventTime(): number | null;
  startFrames(rows: Place): void;
  stopFrames(): FrameRecord;
  startLongTasks(): void;
  /** Durations of the tasks over 50 ms since the start. */
  stopLongTasks(): number[];
  /** Records each key press from the browser's receipt of it to the painting of what it brought. */
  startKeys(): void;
  stopKeys(): { painted: number[]; handled: number[]; presented: number[] };
  /** Records when each text that begins with `prefix` appeared below a place. */
  watchTexts(place: Place, prefix: string): void;
  seenTexts(): [string, number][];
}

declare global {
  interface Window {
    relayBench?: PageProbe;
  }
}

/** Puts the instrument into the page. Runs in the page and must not use anything from outside of itself. */
export function installPageProbe(): void {
  const zero = performance.timeOrigin;
  const now = (): number => zero + performance.now();
  const root = (host: string | null): ParentNode | null =>
    host === null ? document : (document.querySelector(host)?.shadowRoot ?? null);
  const isVisible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  };
  const find = (place: Place, text: string | null): Element | null => {
    for (const element of root(place.host)?.querySelectorAll(place.selector) ?? []) {
      if (text !== null && !(element.textContent ?? '').includes(text)) continue;
      if (isVisible(element)) return element;
    }
    return null;
  };
  /** Runs after this frame's painting, or after the next one's when no frame is under way. */
  const afterPaint = (run: () => void): void => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        run();
      };
      channel.port2.postMessage(null);
    });
  };

  let armed: number | null = null;
  let frames: { record: FrameRecord; running: boolean } | null = null;
  let longTasks: { observer: PerformanceObserver; durations: number[] } | null = null;
  let keys: { stop: () => void; painted: number[]; handled: number[]; presented: number[] } | null = null;
  let seen = new Map<string, number>();
  let watching: MutationObserver | null = null;

  const until = (test: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (test()) resolve();
        else requestAnimationFrame(look);
      };
      look();
    });

  window.relayBench = {
    now,
    painted: (place, text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (find(place, text)) afterPaint(() => resolve(now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
    present: async (place, text) => {
      await until(() => root(place.host) !== null);
      const target = root(place.host);
      if (!target) throw new Error('the place is gone');
      const stands = (): boolean =>
        [...target.querySelectorAll(place.selector)].some((element) => element.textContent?.includes(text));
      if (stands()) return now();
      return new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!stands()) return;
          observer.disconnect();
          resolve(now());
        });
        observer.observe(target, { childList: true, subtree: true, characterData: true });
      });
    },
    armEvent: (kind) => {
      armed = null;
      addEventListener(kind, (event) => (armed = zero + event.timeStamp), { capture: true, once: true });
    },
    eventTime: () => armed,
    startFrames: (rows) => {
      const record: FrameRecord = { gaps: [], work: [], mostRows: 0 };
      const state = { record, running: true };
      frames = state;
      let last: number | null = null;
      const step = (begun: number): void => {
        if (!state.running) return;
        if (last !== null) record.gaps.push(begun - last);
        last = begun;
        requestAnimationFrame(step);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          channel.port1.close();
          record.work.push(performance.now() - begun);
          const count = root(rows.host)?.querySelectorAll(rows.selector).length ?? 0;
          record.mostRows = Math.max(record.mostRows, count);
        };
        channel.port2.postMessage(null);
      };
      requestAnimationFrame(step);
    },
    stopFrames: () => {
      if (!frames) throw new Error('no frames are being recorded');
      frames.running = false;
      const { record } = frames;
      frames = null;
      return record;
    },
    startLongTasks: () => {
      const durations: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) durations.push(entry.duration);
      });
      observer.observe({ type: 'longtask' });
      longTasks = { observer, durations };
    },
    stopLongTasks: () => {
      if (!longTasks) throw new Error('no tasks are being recorded');
      for (const entry of longTasks.observer.takeRecords()) longTasks.durations.push(entry.duration);
      longTasks.observer.disconnect();
      const { durations } = longTasks;
      longTasks = null;
      return durations;
    },
    startKeys: () => {
      const painted: number[] = [];
      const handled: number[] = [];
      const presented: number[] = [];
      let pressed: number | null = null;
      const down = (event: Event): void => {
        pressed = event.timeStamp;
      };
      const input = (): void => {
        const from = pressed;
        pressed = null;
        if (from === null) return;
        // After every listener of this event: the time that handling alone took.
        queueMicrotask(() => handled.push(performance.now() - from));
        afterPaint(() => painted.push(performance.now() - from));
      };
      addEventListener('keydown', down, true);
      addEventListener('input', input, true);
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.name === 'keydown') presented.push(entry.duration);
      });
      observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
      keys = {
        painted,
        handled,
        presented,
        stop: () => {
          removeEventListener('keydown', down, true);
          removeEventListener('input', input, true);
          observer.disconnect();
        },
      };
    },
    stopKeys: () => {
      if (!keys) throw new Error('no keys are being recorded');
      keys.stop();
      const { painted, handled, presented } = keys;
      keys = null;
      return { painted, handled, presented };
    },
    watchTexts: (place, prefix) => {
      watching?.disconnect();
      seen = new Map();
      const target = root(place.host);
      if (!target) throw new Error('the place is not there');
      const note = (node: Node): void => {
        const time = now();
        const pattern = new RegExp(`${prefix}\\d+`, 'g');
        for (const [text] of (node.textContent ?? '').matchAll(pattern)) if (!seen.has(text)) seen.set(text, time);
      };
      watching = new MutationObserver((records) => {
        for (const record of records) {
          if (record.type === 'characterData') note(record.target);
          for (const node of record.addedNodes) {
            const within = node instanceof Element ? node : node.parentElement;
            if (within?.closest(place.selector) || (node instanceof Element && node.querySelector(place.selector)))
              note(node);
          }
        }
      });
      watching.observe(target, { childList: true, subtree: true, characterData: true });
    },
    seenTexts: () => [...seen],
  };
}
