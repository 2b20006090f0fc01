/**
 * The parts of an account whose token is still in the key store: as without a network, everything is readable, new
 * messages wait, and the reason is shown. A nudge asks the key store again.
 */
import { fail } from '#contract/model/errors.ts';
import type { RelayApi, ServerClock } from '../ports.ts';
import type { OwnedSocket } from '../socket/relay-socket.ts';
import type { TokenReader } from './token-reader.ts';

/** The live parts of an account while `reader` waits. */
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
