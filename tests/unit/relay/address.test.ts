import { describe, expect, test } from 'vitest';
import { addressKey, createAddressReader, readNetworks } from '../../../relay/http/address.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['', ''],
])('%s is counted as %s', (ip, key) => expect(addressKey(ip)).toBe(key));

describe('X-Forwarded-For', () => {
  const read = (trusted: string[], remote: string, forwarded?: string): string => {
    const request = { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } };
    return createAddressReader(readNetworks(trusted))({ ...request, socket: { remoteAddress: remote } } as Parameters<
      ReturnType<typeof createAddressReader>
    >[0]);
  };

  test.each<[string, string[], string, string | undefined, string]>([
    ['nobody is trusted', [], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['nobody is trusted, loopback neither', [], '127.0.0.1', '198.51.100.1', '127.0.0.1'],
    ['a stranger is not trusted', ['10.0.0.0/8'], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['the proxy says who', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['the proxy, written as IPv6', ['10.0.0.0/8'], '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['what the client wrote stands further away', ['10.0.0.1'], '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['two proxies in a row', ['loopback', '10.0.0.1'], '127.0.0.1', '1.1.1.1, 198.51.100.1,10.0.0.1', '198.51.100.1'],
    ['no address after a proxy', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
    ['no header', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
    ['an empty header', ['10.0.0.1'], '10.0.0.1', '', '10.0.0.1'],
    ['IPv6 by its network', ['::1'], '::1', '2001:db8::7', '2001:db8:0:0::/64'],
  ])('%s', (_what, trusted, remote, forwarded, key) => expect(read(trusted, remote, forwarded)).toBe(key));
});
