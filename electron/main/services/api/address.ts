/** Turns what the user typed or pasted into a server's address. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { fail, ok, type Result } from '#contract/model/errors.ts';

/** Networks that do not leave the premises: only there is an unencrypted server tried without being asked for. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE.addSubnet('169.254.0.0', 16, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

/** True for this computer and the local network. `hostname` in the form of `URL.hostname`. */
export function isPrivateHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(bare);
  if (family !== 0) return PRIVATE.check(bare, family === 6 ? 'ipv6' : 'ipv4');
  return bare === 'localhost' || bare.endsWith('.localhost') || bare.endsWith('.local') || !bare.includes('.');
}

/** A host name: labels of letters, digits, hyphen and underscore (already in punycode), or an IPv6 address. */
const HOSTNAME = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?)$/;

const SCHEMES: Record<string, 'http' | 'https'> = { http: 'http', https: 'https', ws: 'http', wss: 'https' };

function bad(message: string): Result<never> {
  return fail('bad_address', message);
}

/**
 * The addresses (scheme, host, port) to try for the typed text, the best first. Path, query and trailing slashes are
 * dropped. Without a scheme it is https; on a private host http is tried after it.
 * @returns `bad_address` if it cannot be one.
 */
export function addressCandidates(typed: string): Result<string[]> {
  // Pasted addresses may have blanks around them and zero-width characters inside.
  const text = typed.replace(/\p{Cf}/gu, '').trim();
  if (text === '' || text.length > 2048) return bad('empty or too long');
  // Joined words would be looked up as a host that was never typed.
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
  // The parser would repair `https://:80` and the like into something that was never typed.
  if (!/^[^/?#:]/.test(host)) return bad('no host');
  const origins = [parsed.origin];
  if (named === null && isPrivateHost(parsed.hostname)) {
    // Parsed again: the parser drops the port 443 of `host:443` for https but not for http.
    const plain = new URL(`http://${host}`);
    origins.push(plain.origin);
  }
  return ok(origins);
}
