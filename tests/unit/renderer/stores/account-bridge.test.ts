// @vitest-environment happy-dom
/** No command of an account leaves without the account in it. */
import { describe, expect, test, vi } from 'vitest';
import { CHANNEL_NAMES } from '#contract/ipc/channels.ts';
import { CHANNEL_SCHEMAS } from '#contract/ipc/schemas.ts';
import { ok } from '#contract/model/errors.ts';
import { askAs, bridgeOf } from '../../../../renderer/src/stores/account/account-bridge.ts';
import { installBridge, userView } from '../bridge-double.ts';

const DOMAINS = ['users', 'chats', 'messages', 'search', 'files', 'music', 'calls', 'exports', 'later', 'notes'];
type Commands = Record<string, Record<string, (input: object) => unknown>>;

describe('the bridge of one account', () => {
  test.each(CHANNEL_NAMES.filter((name) => DOMAINS.includes(name.split('.')[0] ?? '')))(
    '%s is given the account',
    (name) => {
      const [domain = '', method = ''] = name.split('.');
      const command = vi.fn((_input: object) => 'the answer');
      const bridge = { ...Object.fromEntries(DOMAINS.map((one) => [one, {}])), [domain]: { [method]: command } };
      const scoped = bridgeOf(bridge as unknown as Parameters<typeof bridgeOf>[0], 'me') as unknown as Commands;
      expect(scoped[domain]?.[method]?.({ other: 1, accountId: 'somebody else' })).toBe('the answer');
      expect(command).toHaveBeenCalledWith({ other: 1, accountId: 'me' });
    },
  );

  test('has every channel whose argument names an account and is about its content', () => {
    const scoped = CHANNEL_NAMES.filter((name) => 'accountId' in CHANNEL_SCHEMAS[name].input.shape);
    expect(scoped.map((name) => name.split('.')[0]).filter((domain) => !DOMAINS.includes(domain ?? ''))).toEqual([
      // These name the account themselves: they are about which accounts there are, or about all of them.
      'accounts',
      'accounts',
      // The player is the application's: it says whose track it prefetches.
      'player',
      // The console is that of an account's server, and says which.
      ...Array<string>(9).fill('admin'),
    ]);
  });

  test('answers as the bridge does', async () => {
    installBridge({ users: { search: async ({ accountId, q }) => ok([userView(`${accountId} ${q}`)]) } });
    expect(await askAs('me')((bridge) => bridge.users.search({ q: 'x' }))).toEqual(ok([userView('me x')]));
  });
});
