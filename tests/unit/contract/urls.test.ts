import { describe, expect, test } from 'vitest';
import { UpdateProfileBody } from '#contract/api/user.ts';
import { isPictureUrl } from '#contract/model/urls.ts';

describe('may be kept and shown', () => {
  test.each([
    'https://pictures.example/anna.png',
    'http://a.example',
    'HTTPS://A.Example/x?y=1#z',
    'https://xn--e1afmkfd.xn--p1ai/фото.png',
    'https://a.example/@anna',
    '/api/files/abc',
    '/',
    `https://a.example/${'я'.repeat(2030)}`,
  ])('%s', (url) => expect(isPictureUrl(url)).toBe(true));
});

describe('may not', () => {
  test.each([
    ['nothing', ''],
    ['another scheme', 'javascript:alert(1)'],
    ['another scheme', 'data:image/png;base64,AAAA'],
    ['another scheme', 'file:///etc/passwd'],
    ['no scheme', 'a.example/x.png'],
    ['another host without a scheme', '//host/x.png'],
    ['the same with a backslash', '/\\host/x.png'],
    ['the same after what parsers leave out', '/\t/host/x.png'],
    ['one slash too few or too many', 'https:/a.example/x'],
    ['one slash too few or too many', 'https:///a.example/x'],
    ['a backslash for a slash', 'https://a.example\\@b.example/'],
    ['credentials', 'https://user:word@a.example/'],
    ['credentials', 'https://user@a.example/'],
    ['a port', 'https://a.example:8080/'],
    ['a port', 'https://a.example:22'],
    ['loopback', 'http://127.0.0.1/'],
    ['loopback', 'http://localhost/x.png'],
    ['loopback', 'http://app.localhost/'],
    ['loopback', 'http://[::1]/'],
    ['loopback in the old ways', 'http://127.1/'],
    ['loopback in the old ways', 'http://2130706433/'],
    ['loopback in the old ways', 'http://0x7f000001/'],
    ['loopback in the old ways', 'http://0x7f.0.0.0x1/'],
    ['loopback in the old ways', 'http://0177.0.0.1/'],
    ['loopback in wide letters', 'http://１２７.0.0.1/'],
    ['loopback in ringed letters', 'http://①②⑦.0.0.1/'],
    ['nowhere', 'http://0.0.0.0/'],
    ['link-local, where clouds keep their keys', 'http://169.254.169.254/latest/meta-data/'],
    ['link-local of IPv6', 'http://[fe80::1]/'],
    ['IPv4 inside of IPv6', 'http://[::ffff:169.254.169.254]/'],
    ['IPv4 behind a translator', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['a private network', 'http://10.0.0.1/'],
    ['a private network', 'http://192.168.0.1/x.png'],
    ['a private network of IPv6', 'http://[fd00::1]/'],
    ['a public address', 'http://192.0.2.1/'],
    ['a name of the house', 'http://router/'],
    ['a name of the house', 'http://printer.local/'],
    ['a name of the house', 'http://nas.home.arpa/'],
    ['a name of a cloud', 'http://metadata.google.internal/'],
    ['a name that hides its dot', 'http://a.example./'],
    ['a dot of another script', 'http://127。0。0。1/'],
    ['an escaped name', 'http://%31%32%37.0.0.1/'],
    ['a blank', 'https://a.example/x y.png'],
    ['a line break', 'https://a.example/x\n.png'],
    ['a control character', 'https://a.example/\u0001'],
    ['a mark that reorders', 'https://a.example/\u202Egnp.exe'],
    ['half a character', 'https://a.example/\uD800'],
    ['one character too many', `https://a.example/${'я'.repeat(2031)}`],
  ])('%s: %j', (_what, url) => {
    expect(isPictureUrl(url)).toBe(false);
    expect(UpdateProfileBody.safeParse({ avatarUrl: url }).success, 'only taking it away').toBe(url === '');
  });
});
