import { describe, expect, it } from 'vitest';
import { externalUrl } from '../../../../electron/main/lib/external-url.ts';

describe('an address for other programs', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['http://example.org/a b', 'http://example.org/a%20b'],
    ['HTTPS://EXAMPLE.ORG/?q=1#x', 'https://example.org/?q=1#x'],
    ['mailto:someone@example.org?subject=hi', 'mailto:someone@example.org?subject=hi'],
    ['https://пример.рф/', 'https://xn--e1afmkfd.xn--p1ai/'],
  ])('%s', (text, url) => {
    expect(externalUrl(text)).toBe(url);
  });

  it.each([
    '',
    'example.org',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'smb://host/share',
    'ms-msdt:/id',
    'vbscript:x',
    'relay://chat/1',
    'app://relay/index.html',
    'https://user:pass@example.org',
    'https://user@example.org',
    'https://',
    `https://example.org/${'a'.repeat(3000)}`,
    `https://example.org/${'я'.repeat(1000)}`,
    'blob:https://example.org/x',
    '\\\\host\\share',
    'C:\\Windows\\System32\\calc.exe',
  ])('not %s', (text) => {
    expect(externalUrl(text)).toBeNull();
  });
});
