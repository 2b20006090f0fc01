/**
 * The parts of an account whose token still lies in the key store: as without a network, everything is readable, what is
 * written waits, and the reason is told. Whoever would have the network tried again has the key store asked again.
 */
import { fail } from '#contract/model/errors.ts';
import type { RelayApi, ServerClock } from '../ports.ts';
import type { OwnedSocket } from '../socket/relay-socket.ts';
import type { TokenReader } from './token-reader.ts';

/** The live parts of an account, for as long as `reader` waits. */
export function createWaitingConnection(reader: TokenReader): {
  api: RelayApi;
  socket: OwnedSocket;
  serverTime: ServerClock;
} {
  const never = () => () => undefined;
  const refuse = async () =>
    ({ ...fail('secret_store_failed', 'the token is not read yet'), effect: 'not_stored' }) as const;
  return {
    serverTime: { now: () => null, aheadMs: () => 0 },
    api: { call: refuse, upload: refuse, download: refuse },
    socket: {
      state: 'closed',
      get nextTryAt() {
        return reader.nextTryAt;
      },
      reason: 'secret_store_failed',
      onState: (run) => reader.onChange(run),
      onOpen: never,
      onFrame: never,
      onClose: never,
      send: () => false,
      nudge: () => reader.nudge(),
      start: () => undefined,
      stop: () => reader.stop(),
    },
  };
}
