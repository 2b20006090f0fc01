/** The page resolves no names: what it gets of a call's servers are addresses. */
import { describe, expect, test } from 'vitest';
import { withoutNames, type Lookup } from '../../../../electron/main/services/calls/ice-names.ts';

const NAMES: Record<string, { address: string; family: number }[]> = {
  'turn.example.org': [
    { address: '2001:db8::7', family: 6 },
    { address: '192.0.2.7', family: 4 },
    { address: '192.0.2.8', family: 4 },
  ],
};
const lookup: Lookup = async (name) => {
  const found = NAMES[name];
  if (!found) throw new Error('ENOTFOUND');
  return found;
};

async function urlsOf(...urls: string[]): Promise<{ urls: string[]; lost: number }> {
  let lost = 0;
  const servers = await withoutNames([{ urls }], () => (lost += 1), { lookup });
  return { urls: servers.flatMap((server) => server.urls), lost };
}

describe('the servers of a call', () => {
  test.each([
    ['stun:192.0.2.1:3478', ['stun:192.0.2.1:3478'], 0],
    ['turn:[2001:db8::1]:3478?transport=tcp', ['turn:[2001:db8::1]:3478?transport=tcp'], 0],
    [
      'turn:turn.example.org:3478?transport=udp',
      ['turn:[2001:db8::7]:3478?transport=udp', 'turn:192.0.2.7:3478?transport=udp'],
      0,
    ],
    ['turns:turn.example.org', ['turns:[2001:db8::7]', 'turns:192.0.2.7'], 0],
    ['stun:gone.example.org', [], 1],
    // No servers of a call.
    ['https://turn.example.org', [], 0],
    ['turn:', [], 0],
    ['turn:a b', [], 0],
    ['turn:user@turn.example.org', [], 1],
  ])('%s', async (url, urls, lost) => {
    expect(await urlsOf(url)).toEqual({ urls, lost });
  });

  test('one that leads nowhere takes no other with it, and credentials stay where they belong', async () => {
    const servers = await withoutNames(
      [
        { urls: ['turn:gone.example.org', 'turn:turn.example.org'], username: 'u', credential: 'c' },
        { urls: ['stun:gone.example.org'] },
      ],
      () => undefined,
      { lookup },
    );
    expect(servers).toEqual([{ urls: ['turn:[2001:db8::7]', 'turn:192.0.2.7'], username: 'u', credential: 'c' }]);
  });

  test('a call does not wait for a name that is never answered', async () => {
    let lost = 0;
    const never: Lookup = () => new Promise(() => undefined);
    const servers = await withoutNames([{ urls: ['stun:slow.example.org', 'stun:192.0.2.1'] }], () => (lost += 1), {
      lookup: never,
      patienceMs: 1,
    });
    expect([servers, lost]).toEqual([[{ urls: ['stun:192.0.2.1'] }], 1]);
  });
});
