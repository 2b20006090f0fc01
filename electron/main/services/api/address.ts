/** Makes a server's address out of what a person typed or pasted. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { fail, ok, type Result } from '#contract/model/errors.ts';

/** Networks that never leave the house: there, and only there, an unencrypted server is tried unasked. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE.addSubnet('169.254.0.0', 16, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** True for this computer and the local network. `hostname` as `URL.hostname` gives it. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(bare);
  if (family !== 0) return PRIVATE.check(bare, family === 6 ? 'ipv6' : 'ipv4');
  return bare === 'localhost' || bare.endsWith('.localhost') || bare.endsWith('.local') || !bare.includes('.');
}

/** A name of hosts: labels of letters, digits, hyphen and underscore (punycode already), or an address of IPv6. */
const HOSTNAME = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?)$/;

const SCHEMES: Record<string, 'http' | 'https'> = { http: 'http', https: 'https', ws: 'http', wss: 'https' };

function bad(message: string): Result<never> {
  return fail('bad_address', message);
}

/**
 * The addresses (scheme, host, port) to try for what was typed, the best first. A path, a query and slashes at the end
 * are left out. Without a scheme it is https; on a private host http is tried after it.
 * @returns `bad_address` for what cannot be one.
 */
export function addressCandidates(typed: string): Result<string[]> {
  // Pasted addresses bring blanks around them and marks without width along.
  const text = typed.replace(/\p{Cf}/gu, '').trim();
  if (text === '' || text.length > 2048) return bad('empty or too long');
  // Words pushed together would be looked up as a host that nobody named.
  if (/\s/.test(text)) return bad('a blank inside');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  const named = scheme?.[1] === undefined ? null : SCHEMES[scheme[1].toLowerCase()];
  if (named === undefined) return bad('a scheme that is no web address');
  const rest = scheme ? text.slice(scheme[0].length) : text;
  if (!scheme && /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(rest) && !isIPv6(rest)) return bad('a scheme without a host');
  const host = isIPv6(rest.replace(/\/+$/, '')) ? `[${rest.replace(/\/+$/, '')}]` : rest;
  const url = `${named ?? 'https'}://${host}`;
  if (!URL.canParse(url)) return bad('not a host and port');
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '') return bad('names and passwords do not belong into an address');
  if (!HOSTNAME.test(parsed.hostname) || parsed.hostname.length > 253 || parsed.port === '0')
    return bad('no host or port');
  // `https://:80` and the like are repaired by the parser into something nobody typed.
  if (!/^[^/?#:]/.test(host)) return bad('no host');
  const origins = [parsed.origin];
  if (named === null && isPrivateHost(parsed.hostname)) {
    // Parsed anew: the port 443 of `host:443` is left out by the parser for https but not for http.
    const plain = new URL(`http://${host}`);
    origins.push(plain.origin);
  }
  return ok(origins);
}
