import { describe, expect, it } from 'vitest';
import { addressCandidates, isPrivateHost } from '../../../../electron/main/services/api/address.ts';

describe('what a person types as an address', () => {
  it.each([
    ['relay.plooza.io', ['https://relay.plooza.io']],
    ['  Relay.Plooza.IO/  ', ['https://relay.plooza.io']],
    ['https://relay.plooza.io///', ['https://relay.plooza.io']],
    ['https://relay.plooza.io/login?x=1#y', ['https://relay.plooza.io']],
    ['wss://relay.plooza.io/ws', ['https://relay.plooza.io']],
    ['http://relay.plooza.io', ['http://relay.plooza.io']],
    ['HTTP://relay.plooza.io:80', ['http://relay.plooza.io']],
    ['relay.plooza.io:8443', ['https://relay.plooza.io:8443']],
    ['localhost:3000', ['https://localhost:3000', 'http://localhost:3000']],
    ['localhost', ['https://localhost', 'http://localhost']],
    ['localhost:443', ['https://localhost', 'http://localhost:443']],
    ['127.0.0.1:3000', ['https://127.0.0.1:3000', 'http://127.0.0.1:3000']],
    ['192.168.1.7:3000', ['https://192.168.1.7:3000', 'http://192.168.1.7:3000']],
    ['relay.local', ['https://relay.local', 'http://relay.local']],
    ['nas:3000', ['https://nas:3000', 'http://nas:3000']],
    ['https://localhost:3000', ['https://localhost:3000']],
    ['::1', ['https://[::1]', 'http://[::1]']],
    ['[::1]:3000', ['https://[::1]:3000', 'http://[::1]:3000']],
    ['2001:db8::1', ['https://[2001:db8::1]']],
    ['[2001:db8::1]:8443', ['https://[2001:db8::1]:8443']],
    ['8.8.8.8', ['https://8.8.8.8']],
    ['пример.рф', ['https://xn--e1afmkfd.xn--p1ai']],
    ['relay.\u200Bplooza.io', ['https://relay.plooza.io']],
  ])('%s', (typed, expected) => {
    expect(addressCandidates(typed)).toEqual({ ok: true, value: expected });
  });

  it.each([
    '',
    '   ',
    'https://',
    'https:///x',
    'http://:80',
    ':3000',
    '/path',
    'ftp://relay.plooza.io',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'mailto:a@b.c',
    'https://user:pass@relay.plooza.io',
    'user@relay.plooza.io',
    'relay.plooza.io:99999',
    'relay.plooza.io:0',
    'https://exa<mple',
    'the one in the cellar',
    'relay.plooza.io relay.example',
    'https://relay.plooza .io',
    '../../../etc/passwd',
    "x';--",
    'a..b',
    'https://.../',
    `${'a'.repeat(300)}.io`,
    'x'.repeat(3000),
  ])('refuses %s', (typed) => {
    const answer = addressCandidates(typed);
    expect(answer.ok ? answer.value : answer.error.code).toBe('bad_address');
  });

  it.each([
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['169.254.9.9', true],
    ['127.255.0.1', true],
    ['128.0.0.1', false],
    ['[fd00::1]', true],
    ['[fe80::1]', true],
    ['[2001:db8::1]', false],
    ['localhost.', true],
    ['relay.plooza.io', false],
  ])('%s private: %s', (host, expected) => {
    expect(isPrivateHost(host)).toBe(expected);
  });
});
