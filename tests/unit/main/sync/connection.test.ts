import { describe, expect, it } from 'vitest';
import {
  connectionView,
  sameConnection,
  type ConnectionParts,
} from '../../../../electron/main/services/sync/connection.ts';

const socket = (more: Partial<NonNullable<ConnectionParts['socket']>>): ConnectionParts['socket'] => ({
  state: 'closed',
  nextTryAt: null,
  reason: null,
  ...more,
});
const view = (phase: string, retryAt: number | null = null, reason: string | null = null) => ({
  phase,
  retryAt,
  reason,
});

describe('the connection', () => {
  it.each([
    ['nobody is signed in', { account: 'none', socket: socket({ state: 'open' }), isLive: true }, view('idle')],
    ['there is no socket yet', { account: 'ready', socket: null, isLive: false }, view('idle')],
    [
      'the token has ended, whatever the socket says',
      { account: 'expired', socket: socket({ state: 'open' }), isLive: true },
      view('waiting_auth', null, 'unauthenticated'),
    ],
    ['open and read', { account: 'ready', socket: socket({ state: 'open' }), isLive: true }, view('live')],
    [
      'open, still reading; an old reason is no reason any more',
      { account: 'ready', socket: socket({ state: 'open', reason: 'offline', nextTryAt: 5 }), isLive: false },
      view('syncing'),
    ],
    [
      'no network',
      { account: 'ready', socket: socket({ reason: 'offline', nextTryAt: 7 }), isLive: false },
      view('offline', 7, 'offline'),
    ],
    [
      'no network, and it is being tried all the same',
      { account: 'ready', socket: socket({ state: 'connecting', reason: 'offline' }), isLive: false },
      view('offline', null, 'offline'),
    ],
    [
      'it is being tried',
      {
        account: 'ready',
        socket: socket({ state: 'connecting', reason: 'server_unreachable', nextTryAt: 9 }),
        isLive: false,
      },
      view('connecting', null, 'server_unreachable'),
    ],
    [
      'closed, and no next try is known',
      { account: 'ready', socket: socket({ reason: 'server_unreachable' }), isLive: false },
      view('connecting', null, 'server_unreachable'),
    ],
    [
      'waiting for the next try',
      { account: 'ready', socket: socket({ reason: 'server_unreachable', nextTryAt: 9 }), isLive: false },
      view('waiting', 9, 'server_unreachable'),
    ],
  ] as [string, ConnectionParts, object][])('%s', (_what, parts, expected) => {
    expect(connectionView(parts)).toEqual(expected);
  });

  it.each([
    ['the same', {}, true],
    ['another phase', { phase: 'live' }, false],
    ['another moment', { retryAt: 2 }, false],
    ['another reason', { reason: 'offline' }, false],
  ] as const)('looks the same as %s: %s', (_what, more, same) => {
    const one = { phase: 'waiting', retryAt: 1, reason: 'server_error' } as const;
    expect(sameConnection(one, { ...one, ...more })).toBe(same);
  });
});
