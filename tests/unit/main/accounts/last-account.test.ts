import { describe, expect, it } from 'vitest';
import { lastAccount } from '../../../../electron/main/services/accounts/last-account.ts';
import type { StoredAccount } from '../../../../electron/main/services/accounts/registry.ts';

const HERE = 'http://127.0.0.1:3000';
const AWAY = 'https://relay.example.org';

function account(server: string, username: string): StoredAccount {
  const names = { username, name: username, firstName: username, lastName: '' };
  const user = { id: username, ...names, bio: '', online: null, lastSeenAt: null, avatarUrl: null };
  return {
    account: { id: `${server}/${username}`, server, user },
    capabilities: [],
    token: 'kept',
    weak: false,
    open: false,
  };
}

describe('the account that the sign-in screen offers', () => {
  const accounts = [account(AWAY, 'anna'), account(HERE, 'boris'), account(HERE, 'clara')];
  it.each([
    ['the one signed in last', accounts, null, { server: AWAY, username: 'anna' }],
    ['nobody where nobody is known', [], null, null],
    ['of the server that was asked for', accounts, HERE, { server: HERE, username: 'boris' }],
    ['of that server with a slash', accounts, `${HERE}/`, { server: HERE, username: 'boris' }],
    ['nobody when the server asked for is another one', accounts, 'https://third.example', null],
    ['nobody when it is no address', accounts, 'the cellar', null],
  ] as const)('%s', (_name, known, asked, wanted) => {
    expect(lastAccount({ current: null, accounts: [...known], keepWeakly: null }, asked)).toEqual(wanted);
  });
});
