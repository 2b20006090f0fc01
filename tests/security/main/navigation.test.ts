/** Attempts of a page to become another page, to open windows, to hold another page inside: none leads anywhere. */
import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guardNavigation } from '../../../electron/main/windows/navigation-guard.ts';
import { recordingLogger } from '../../helpers/main-parts.ts';

const electron = vi.hoisted(() => ({ listeners: [] as ((event: unknown, contents: unknown) => void)[] }));
vi.mock('electron', () => ({
  app: {
    on: (name: string, listener: (event: unknown, contents: unknown) => void) => {
      if (name === 'web-contents-created') electron.listeners.push(listener);
    },
  },
}));

const PAGE = 'app://relay/index.html';
type OpenHandler = (details: { url: string }) => { action: string };

class Contents extends EventEmitter {
  open: OpenHandler | null = null;
  setWindowOpenHandler(handler: OpenHandler): void {
    this.open = handler;
  }
}

let contents: Contents;
let outside: string[];
let logger: ReturnType<typeof recordingLogger>;
beforeEach(() => {
  outside = [];
  logger = recordingLogger();
  contents = new Contents();
  guardNavigation(PAGE, async (url) => (outside.push(url), { ok: true, value: null }), logger);
  electron.listeners.at(-1)?.({}, contents);
});

/** Whether main prevents it. */
function isPrevented(event: string, url: string, isMainFrame = true): boolean {
  let prevented = false;
  contents.emit(event, { url, isMainFrame, preventDefault: () => void (prevented = true) });
  return prevented;
}

const ELSEWHERE: readonly string[] = [
  ...['https://example.org/', 'http://127.0.0.1/', 'https://relay/index.html', 'https://app//relay/index.html'],
  ...[
    'app://other/index.html',
    'app://relay/other.html',
    'app://relay/',
    'app://relay/index.html/x',
    'app:/index.html',
  ],
  ...['app://relay/INDEX.html', 'app://relay/index.html%00', 'app://relay//index.html', 'app://relay/assets/../x.html'],
  ...['app://relay:8/index.html', 'app://relay.example/index.html', 'app://relay/media/x'],
  ...[
    'file:///etc/passwd',
    'file:///index.html',
    'javascript:alert(1)',
    'data:text/html,<script>1</script>',
    'about:blank',
  ],
  ...[
    'about:srcdoc',
    'blob:app://relay/x',
    'view-source:app://relay/index.html',
    'filesystem:app://relay/x',
    'chrome://gpu',
  ],
  ...[
    'devtools://devtools/x',
    'chrome-extension://x/',
    'relay://chat/a',
    'mailto:a@example.org',
    'ws://127.0.0.1/',
    'x',
    '',
  ],
];

describe('a page that would be another one', () => {
  it.each(ELSEWHERE)('is kept from %j, however it goes', (url) => {
    const how = ['will-navigate', 'will-frame-navigate', 'will-redirect'];
    for (const event of how) {
      expect(isPrevented(event, url), event).toBe(true);
      expect(isPrevented(event, url, false), `${event} of a frame`).toBe(true);
    }
    expect(logger.of('navigation.prevented')).toHaveLength(how.length * 2);
    expect(outside, 'nor is it opened elsewhere').toEqual([]);
  });

  it.each([PAGE, `${PAGE}#/chats`, `${PAGE}?x=1`])('may load itself again: %s', (url) => {
    expect([isPrevented('will-navigate', url), isPrevented('will-frame-navigate', url)]).toEqual([false, false]);
    expect([isPrevented('will-navigate', url, false), isPrevented('will-frame-navigate', url, false)]).toEqual([
      true,
      true,
    ]);
    expect(isPrevented('will-redirect', url), 'nothing of ours redirects').toBe(true);
  });
});

describe('a page that would open a window', () => {
  it.each([PAGE, ...ELSEWHERE])('gets none for %j: the opener of addresses is asked', (url) => {
    expect(contents.open?.({ url })).toEqual({ action: 'deny' });
    expect(outside).toEqual([url]);
  });

  it('nor a page inside of itself', () => {
    expect(isPrevented('will-attach-webview', 'https://example.org/')).toBe(true);
  });
});

it('holds for contents that are made later, too', () => {
  const later = new Contents();
  electron.listeners.at(-1)?.({}, later);
  expect(later.open?.({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
  expect(later.eventNames().sort()).toEqual([
    'will-attach-webview',
    'will-frame-navigate',
    'will-navigate',
    'will-redirect',
  ]);
});
