/** The client address of a request, as counted by the limits. Pure. */
import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { StartError } from '../start-error.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** True when the list contains the address, in whatever notation. */
export function isWithin(list: BlockList, ip: string): boolean {
  const family = isIP(ip);
  return family !== 0 && list.check(ip, family === 6 ? 'ipv6' : 'ipv4');
}

/** True for names that always resolve to this computer. @param host without brackets and port. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || isWithin(LOOPBACK, host);
}

/** The eight groups of an IPv6 address. */
function groupsOf(ip: string): number[] {
  // The URL parser also converts a dotted-quad tail into groups, but does not accept zones.
  const plain = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::', 2);
  const read = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const [front, back] = [read(head), read(tail ?? '')];
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}

/**
 * The key an address is counted under: IPv4 (including IPv4-mapped IPv6) as is, IPv6 by its first 64 bits, since a
 * client usually controls a whole /64.
 */
export function addressKey(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const groups = groupsOf(ip);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/**
 * Parses a list of addresses and networks (`10.0.0.0/8`, `::1`, or the keyword `loopback`).
 * @throws StartError naming the invalid entry.
 */
export function readNetworks(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    if (entry === 'loopback') {
      list.addSubnet('127.0.0.0', 8, 'ipv4');
      list.addAddress('::1', 'ipv6');
      continue;
    }
    const [ip = '', bits, more] = entry.split('/');
    const family = isIP(ip);
    const most = family === 6 ? 128 : 32;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (family === 0 || more !== undefined || !(prefix <= most)) {
      throw new StartError(`RELAY_TRUST_PROXY names addresses or networks, and ${JSON.stringify(entry)} is none`);
    }
    list.addSubnet(ip, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * Creates the address reader used for both requests and upgrades. Returns the peer address or, if the peer is a trusted
 * proxy, the nearest address in `X-Forwarded-For` that is not one. Entries further away were written by the client.
 * @param proxies as returned by `readNetworks`.
 */
export function createAddressReader(proxies: BlockList): AddressOf {
  return ({ headers, socket }) => {
    let ip = socket.remoteAddress ?? '';
    const given = headers['x-forwarded-for'];
    if (given === undefined) return addressKey(ip);
    const forwarded = [given].flat().join(',').split(',').reverse();
    for (const entry of forwarded) {
      const next = entry.trim();
      if (!isWithin(proxies, ip) || isIP(next) === 0) break;
      ip = next;
    }
    return addressKey(ip);
  };
}
