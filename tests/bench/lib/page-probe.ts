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
  /**
   * Records when each `prefix` followed by digits and a full stop first stood in the document, and when that had been
   * painted. The stop keeps the digits apart from a time of day that follows them.
   */
  watchTexts(host: string | null, prefix: string): void;
  seenTexts(): { text: string; present: number; painted: number | null }[];
  hasSeen(text: string): boolean;
  /** Records when each press of a key was received. */
  watchPresses(key: string): void;
  presses(): number[];
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
  /** Runs in a task of its own. Asked for at the start of a frame, that task comes right after the frame's painting. */
  const inNextTask = (run: () => void): void => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      run();
    };
    channel.port2.postMessage(null);
  };
  const afterPaint = (run: () => void): void => void requestAnimationFrame(() => inNextTask(run));

  let armed: number | null = null;
  let frames: { record: FrameRecord; running: boolean } | null = null;
  let longTasks: { observer: PerformanceObserver; durations: number[] } | null = null;
  let keys: { stop: () => void; painted: number[]; handled: number[]; presented: number[] } | null = null;
  let seen = new Map<string, { text: string; present: number; painted: number | null }>();
  let presses: number[] = [];
  let listen: (event: KeyboardEvent) => void = () => undefined;
  let watching: MutationObserver | null = null;

  window.relayBench = {
    now,
    painted: (place, text) =>
      new Promise((resolve) => {
        // Looked for at the start of each frame: what stands there then is what the frame paints.
        const look = (): void => {
          if (find(place, text)) inNextTask(() => resolve(now()));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
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
        inNextTask(() => {
          record.work.push(performance.now() - begun);
          const count = root(rows.host)?.querySelectorAll(rows.selector).length ?? 0;
          record.mostRows = Math.max(record.mostRows, count);
        });
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
    watchTexts: (host, prefix) => {
      watching?.disconnect();
      seen = new Map();
      const target = root(host);
      if (!target) throw new Error('the place is not there');
      const pattern = new RegExp(`${prefix}\\d+\\.`, 'g');
      const note = (text: string | null): void => {
        for (const [word] of (text ?? '').matchAll(pattern)) {
          if (seen.has(word)) continue;
          const entry = { text: word, present: now(), painted: null as number | null };
          seen.set(word, entry);
          afterPaint(() => (entry.painted = now()));
        }
      };
      watching = new MutationObserver((records) => {
        for (const record of records) {
          if (record.type === 'characterData') note(record.target.textContent);
          for (const node of record.addedNodes) note(node.textContent);
        }
      });
      watching.observe(target, { childList: true, subtree: true, characterData: true });
    },
    seenTexts: () => [...seen.values()],
    hasSeen: (text) => seen.has(text),
    watchPresses: (key) => {
      presses = [];
      removeEventListener('keydown', listen, true);
      listen = (event) => {
        if (event.key === key) presses.push(zero + event.timeStamp);
      };
      addEventListener('keydown', listen, true);
    },
    presses: () => presses,
  };
}
