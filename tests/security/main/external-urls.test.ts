/** The one way to other programs, with every address that is not harmless: nothing leaves, and the log has no address. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createExternalOpener, type OpenExternal } from '../../../electron/main/lib/external.ts';
import { ManualClock, recordingLogger } from '../../helpers/main-parts.ts';

let opened: string[];
let logger: ReturnType<typeof recordingLogger>;
let open: OpenExternal;
beforeEach(() => {
  opened = [];
  logger = recordingLogger();
  open = createExternalOpener(async (url) => void opened.push(url), new ManualClock(), logger);
});

const REFUSED: readonly string[] = [
  // No address at all.
  ...['', ' ', 'example.org', '//example.org', '/etc/passwd', '?q', '#x', 'https', 'https:', 'https://', 'http://?q'],
  ...['https://[', 'https://[::1', 'https://a b/', 'https://exa%00mple.org', 'https://example.org:99999', 'https://%'],
  // Code.
  ...['javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'java\tscript:x'],
  ...['javascript://example.org/%0aalert(1)', 'vbscript:x', 'livescript:x', 'data:text/html,x', 'data:,x'],
  ...['data:text/html;base64,PHNjcmlwdD4=', 'blob:https://example.org/x', 'filesystem:https://example.org/x'],
  ...['view-source:https://example.org', 'view-source:javascript:x', 'feed:javascript:alert(1)'],
  // Files and shares.
  ...[
    'file:///etc/passwd',
    'file://host/share/run.exe',
    'FILE:///C:/x.exe',
    'file:x',
    '\\\\host\\share',
    '\\\\?\\C:\\x',
  ],
  ...[
    'C:\\Windows\\System32\\calc.exe',
    'C:/x.exe',
    'smb://host/share',
    'nfs://host/x',
    'afp://host/x',
    'dav://host/x',
  ],
  ...[
    'webdav://host/x',
    'ftp://example.org/x.exe',
    'sftp://host/x',
    'ssh://-oProxyCommand=x/',
    'telnet://host',
    'tftp:x',
  ],
  // Handlers that an operating system has, and that have run code.
  ...['ms-msdt:/id PCWDiagnostic', 'search-ms:query=x', 'ms-officecmd:x', 'ms-word:ofe|u|https://x', 'ms-excel:x'],
  ...[
    'ms-appinstaller:?source=https://x',
    'ms-cxh-full:',
    'ms-settings:',
    'shell:startup',
    'res://ieframe.dll',
    'hcp://x',
  ],
  ...[
    'jnlp:https://x',
    'steam://run/1',
    'vscode://x',
    'slack://x',
    'zoommtg://x',
    'itms-services://?x',
    'intent://x#Intent;',
  ],
  ...['x-apple.systempreferences:', 'apple-help:x', 'help:x', 'ldap://host/x', 'mhtml:x', 'its:x', 'ms-its:x', 'mk:@x'],
  ...[
    'cmd:x',
    'sh:x',
    'tel:112',
    'sms:112',
    'facetime:x',
    'magnet:?x',
    'ws://example.org',
    'wss://example.org',
    'about:blank',
  ],
  // Our own.
  ...['relay://chat/1', 'relay://user/a', 'app://relay/index.html', 'relay-media://x', 'chrome://gpu', 'devtools://x'],
  // Somebody's password, or a name that reads as another host.
  ...[
    'https://user:pass@example.org',
    'https://user@example.org',
    'https://:pass@example.org',
    'http://a:@example.org',
  ],
  ...['https://example.org@other.example', 'https://example.org%40x@other.example', 'https:user@example.org'],
  // Longer than a person reads and a shell takes.
  ...[
    `https://example.org/${'a'.repeat(3000)}`,
    `https://example.org/${'я'.repeat(1000)}`,
    `mailto:${'a'.repeat(2050)}`,
  ],
  `https://example.org/${'a'.repeat(2048 - 'https://example.org/'.length + 1)}`,
];

const ALLOWED: readonly (readonly [text: string, url: string])[] = [
  ['https://example.org', 'https://example.org/'],
  ['http://example.org/a b', 'http://example.org/a%20b'],
  ['HTTPS://EXAMPLE.ORG/?q=1#x', 'https://example.org/?q=1#x'],
  ['mailto:someone@example.org?subject=hi', 'mailto:someone@example.org?subject=hi'],
  ['https://пример.рф/', 'https://xn--e1afmkfd.xn--p1ai/'],
  ['https://example.org/`calc`;$(x)|y', 'https://example.org/%60calc%60;$(x)|y'],
  ['https://example.org/"--flag', 'https://example.org/%22--flag'],
  [
    `https://example.org/${'a'.repeat(2048 - 'https://example.org/'.length)}`,
    `https://example.org/${'a'.repeat(2048 - 'https://example.org/'.length)}`,
  ],
];

describe('an address that is not harmless', () => {
  it('is one of these', () => expect(new Set(REFUSED).size).toBe(REFUSED.length));

  it.each(REFUSED)('is not opened: %j', async (text) => {
    expect(await open(text)).toMatchObject({ ok: false, error: { code: 'denied' } });
    expect(opened).toEqual([]);
    expect(logger.of('external.denied')).toHaveLength(1);
    if (text.length > 12) expect(JSON.stringify(logger.entries)).not.toContain(text.slice(0, 40));
  });
});

describe('an address of the web or of mail', () => {
  it.each(ALLOWED)('is opened as the parser writes it: %j', async (text, url) => {
    expect(await open(text)).toEqual({ ok: true, value: null });
    expect(opened).toEqual([url]);
  });

  it('five in ten seconds, and not one more', async () => {
    const clock = new ManualClock();
    open = createExternalOpener(async (url) => void opened.push(url), clock, logger);
    for (let n = 0; n < 5; n++) expect((await open('https://example.org')).ok).toBe(true);
    expect(await open('https://example.org')).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    clock.advance(9_999);
    expect((await open('https://example.org')).ok).toBe(false);
    clock.advance(1);
    expect((await open('https://example.org')).ok).toBe(true);
    expect(opened).toHaveLength(6);
  });
});

afterEach(() => expect(opened.every((url) => /^(?:https?|mailto):/.test(url))).toBe(true));
