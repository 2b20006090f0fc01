/** When an administrator's session ends, and whose it is. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../../../contract/model/errors.ts';
import { createAdminSessions, IDLE_MS } from '../../../../electron/main/services/admin/sessions.ts';
import type { ApiOutcome, RelayApi } from '../../../../electron/main/services/ports.ts';
import { ManualClock, NO_TRANSFERS } from '../../../helpers/main-parts.ts';

const MINUTE = 60_000;

interface Made {
  server: string;
  token: string | null;
  refused: () => void;
}

let clock: ManualClock;
let made: Made[];
let open: Map<string, string>;
let seconds: number | undefined;
let answered: (() => void) | null;

beforeEach(() => {
  clock = new ManualClock();
  made = [];
  open = new Map([
    ['anna', 'https://one.example'],
    ['boris', 'https://two.example'],
  ]);
  seconds = 3600;
  answered = null;
});

function start() {
  return createAdminSessions({
    clock,
    serverOf: (accountId) => open.get(accountId) ?? null,
    connect(server, token, refused) {
      made.push({ server, token, refused });
      const call = async (name: string): Promise<ApiOutcome<unknown>> => {
        if (name !== 'adminLogin') return { ok: true, value: token, status: 200 };
        answered?.();
        const more = seconds === undefined ? {} : { expiresInSeconds: seconds };
        return { ok: true, value: { token: `secret of ${server}`, ...more }, status: 200 };
      };
      return { call: call as RelayApi['call'], ...NO_TRANSFERS };
    },
  });
}

const stats = (api: RelayApi) => api.call('statistics', {});

describe('a session', () => {
  it('shows no token, and uses it with the server of its account alone', async () => {
    const sessions = start();
    const answer = await sessions.login('anna', 'admin', 'word');
    expect(answer).toEqual({
      ok: true,
      value: { server: 'https://one.example', username: 'admin', endsAt: clock.now() + 60 * MINUTE },
    });
    expect(await sessions.use('anna', stats)).toEqual({ ok: true, value: 'secret of https://one.example' });
    expect(await sessions.use('boris', stats)).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
    expect(made.map(({ server }) => server)).toEqual(['https://one.example', 'https://one.example']);
  });

  it('ends when it was not used for a while; asking whether it is open is no use of it', async () => {
    const sessions = start();
    await sessions.login('anna', 'admin', 'word');
    clock.advance(IDLE_MS - 1);
    expect(await sessions.use('anna', stats)).toMatchObject({ ok: true });
    clock.advance(IDLE_MS - 1);
    expect(sessions.session('anna')).not.toBeNull();
    clock.advance(1);
    expect(sessions.session('anna')).toBeNull();
    expect(await sessions.use('anna', stats)).toMatchObject({ error: { code: 'unauthenticated' } });
    expect(clock.pending).toBe(0);
  });

  it.each([
    [3600, 60 * MINUTE],
    [120, 2 * MINUTE],
    [undefined, 60 * MINUTE],
    [1e12, 24 * 60 * MINUTE],
  ])('of a token that is good for %s seconds ends with it, however much it is used', async (good, lasts) => {
    seconds = good;
    const sessions = start();
    await sessions.login('anna', 'admin', 'word');
    for (let passed = 0; passed < lasts - MINUTE; passed += MINUTE) {
      clock.advance(MINUTE);
      await sessions.use('anna', stats);
    }
    clock.advance(MINUTE - 1);
    expect(sessions.session('anna')).not.toBeNull();
    clock.advance(1);
    expect(sessions.session('anna')).toBeNull();
  });

  it('ends when the server refuses its token, unless it is an older one', async () => {
    const sessions = start();
    await sessions.login('anna', 'admin', 'word');
    const old = made[1];
    await sessions.login('anna', 'admin', 'word');
    old?.refused();
    expect(sessions.session('anna')).not.toBeNull();
    made[3]?.refused();
    expect(sessions.session('anna')).toBeNull();
  });

  it('is not opened for an account that is closed, or closes meanwhile', async () => {
    const sessions = start();
    expect(await sessions.login('nobody', 'admin', 'word')).toEqual(fail('not_signed_in', 'the account is not open'));
    answered = () => void open.delete('anna');
    expect(await sessions.login('anna', 'admin', 'word')).toMatchObject({ error: { code: 'not_signed_in' } });
    expect(sessions.session('anna')).toBeNull();
  });

  it('of one account is nothing to another, and all end at the end', async () => {
    const sessions = start();
    await sessions.login('anna', 'admin', 'word');
    await sessions.login('boris', 'root', 'word');
    sessions.end('anna');
    expect([sessions.session('anna'), sessions.session('boris')?.username]).toEqual([null, 'root']);
    sessions.close();
    expect([sessions.session('boris'), clock.pending]).toEqual([null, 0]);
  });
});
