/**
 * The servers of a call by their IP addresses. The page resolves no names (windows/page-network.ts), so main does it. With
 * `turns:` the certificate must then name the address.
 */
import { lookup as lookupName } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { IceServer } from '#contract/ipc/call-views.ts';

/** All addresses of a name. @throws when there is none. */
export type Lookup = (name: string) => Promise<{ address: string; family: number }[]>;

const ICE_ADDRESS = /^(stuns?|turns?):(\[[0-9a-f:.]{2,45}\]|[^\s:?[\]]{1,253})(:\d{1,5})?(\?\S{0,200})?$/i;
/** Addresses of one name: one of each family, as a rule. */
const MOST_PER_NAME = 2;
/** Addresses per server, as the contract has it. */
const MOST_URLS = 8;
/** Milliseconds: a call does not wait longer for the names of its servers. */
const PATIENCE_MS = 3_000;

const system: Lookup = (name) => lookupName(name, { all: true, order: 'verbatim' });

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** One address with its name resolved: several, or none when it is no address or leads nowhere. */
async function resolved(url: string, lookup: Lookup, ms: number, onLost: () => void): Promise<string[]> {
  const [, scheme = '', host = '', port = '', query = ''] = ICE_ADDRESS.exec(url) ?? [];
  if (host === '') return [];
  if (host.startsWith('[') || isIP(host) !== 0) return [url];
  try {
    const found = await inTime(lookup(host), ms);
    return found
      .slice(0, MOST_PER_NAME)
      .map(({ address, family }) => `${scheme}:${family === 6 ? `[${address}]` : address}${port}${query}`);
  } catch {
    onLost();
    return [];
  }
}

/**
 * The servers that can be used, by their IP addresses.
 * @param onLost a name led nowhere.
 */
export async function withoutNames(
  servers: readonly IceServer[],
  onLost: () => void,
  { lookup = system, patienceMs = PATIENCE_MS }: { lookup?: Lookup; patienceMs?: number } = {},
): Promise<IceServer[]> {
  const all = await Promise.all(
    servers.map(async (server) => {
      const urls = await Promise.all(server.urls.map((url) => resolved(url, lookup, patienceMs, onLost)));
      return { ...server, urls: urls.flat().slice(0, MOST_URLS) };
    }),
  );
  return all.filter(({ urls }) => urls.length > 0);
}
