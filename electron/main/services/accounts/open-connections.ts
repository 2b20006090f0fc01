/**
 * The open accounts' tokens and connections, by id: opened, connected, expired, released. What the server tells over one
 * goes into its account's record, as long as that connection is the account's.
 */
import type { Capability } from '#contract/api/capabilities.ts';
import type { User } from '#contract/api/user.ts';
import type { AccountIdentity } from '#contract/ipc/views.ts';
import { toUserView } from '../../lib/user-view.ts';
import type { AccountContext, Disposer, RelayApi, RelaySocket, ServerClock } from '../ports.ts';
import type { StoredAccount } from './registry.ts';
import type { TokenReader } from './token-reader.ts';
import { createWaitingConnection } from './waiting-connection.ts';

/** The live parts for one token. */
export interface Connected {
  api: RelayApi;
  socket: RelaySocket & { start(): void; stop(): void };
  serverTime: ServerClock;
}

/** The state of an open account's token and connection. */
export interface Connection {
  readonly record: StoredAccount;
  readonly connected: Connected;
  readonly token: string | null;
  status: 'signed_in' | 'expired';
  stopKeeping: Disposer;
  dispose: Disposer[];
}

export interface OpenConnectionsOptions {
  connect(server: string, token: string | null, onTokenRefused: () => void): Connected;
  /** `waiting`: its token is still in the key store. */
  onOpened(context: AccountContext, online: boolean, waiting: boolean): void;
  /** Its token was refused; once for each connection. */
  onExpired(accountId: string): void;
  /** An account's record has changed. */
  onRecord(): void;
}

export interface OpenConnections {
  /** By the account's id. */
  readonly open: ReadonlyMap<string, Connection>;
  /** True while this one is its account's. */
  isOpen: (connection: Connection) => boolean;
  /**
   * Opens an account with a token, or without one: to read, or on the connection of a `reader` that still waits for the
   * token. It replaces the connection that the account had.
   */
  openAccount: (record: StoredAccount, token: string | null, reader?: TokenReader | null) => Connection;
  /** Call after all listeners have subscribed, so that none misses the first frame. */
  connect: (connection: Connection) => void;
  release: (connection: Connection) => void;
}

/** Creates it, with none open. */
export function createOpenConnections(options: OpenConnectionsOptions): OpenConnections {
  const open = new Map<string, Connection>();

  const isOpen = (connection: Connection): boolean => open.get(connection.record.account.id) === connection;

  function release(connection: Connection): void {
    connection.stopKeeping();
    for (const dispose of connection.dispose.splice(0)) dispose();
    connection.connected.socket.stop();
    if (isOpen(connection)) open.delete(connection.record.account.id);
  }

  function refresh(connection: Connection, user: User): void {
    const { record } = connection;
    if (!isOpen(connection) || record.account.user.id !== user.id) return;
    const before = JSON.stringify(record.account.user);
    record.account.user = { ...toUserView(user, record.account.id), online: null, lastSeenAt: null };
    if (JSON.stringify(record.account.user) !== before) options.onRecord();
  }

  function updateCapabilities(connection: Connection, announced: string[] | null | undefined): void {
    const { record } = connection;
    // A server that omits them here may have announced them in its answer to the probe.
    if (!isOpen(connection) || !announced) return;
    if (JSON.stringify(announced) === JSON.stringify(record.capabilities)) return;
    record.capabilities = announced;
    options.onRecord();
  }

  function expire(connection: Connection): void {
    if (!isOpen(connection) || connection.status !== 'signed_in') return;
    connection.status = 'expired';
    connection.connected.socket.stop();
    options.onExpired(connection.record.account.id);
  }

  function contextOf(connection: Connection): AccountContext {
    const { record, connected } = connection;
    return {
      // Looked up each time: the user's name may change while the account is open.
      get account(): AccountIdentity {
        return record.account;
      },
      api: connected.api,
      socket: connected.socket,
      serverTime: connected.serverTime,
      has: (capability: Capability) => record.capabilities.includes(capability),
      tokenRefused: () => expire(connection),
      meChanged: (user) => refresh(connection, user),
    };
  }

  function openAccount(record: StoredAccount, token: string | null, reader: TokenReader | null = null): Connection {
    const before = open.get(record.account.id);
    if (before) release(before);
    const connected: Connected = reader
      ? createWaitingConnection(reader)
      : options.connect(record.account.server, token, () => expire(connection));
    const online = token !== null || reader !== null;
    const connection: Connection = {
      record,
      connected,
      token,
      status: online ? 'signed_in' : 'expired',
      stopKeeping: () => undefined,
      dispose: [],
    };
    open.set(record.account.id, connection);
    let isAsked = false;
    connection.dispose.push(
      connected.socket.onOpen((hello) => {
        updateCapabilities(connection, hello.capabilities);
        if (isAsked) return;
        isAsked = true;
        void connected.api.call('me', {}).then((me) => {
          if (me.ok) refresh(connection, me.value.user);
        });
      }),
    );
    options.onOpened(contextOf(connection), online, reader !== null);
    return connection;
  }

  function connect(connection: Connection): void {
    if (connection.token !== null && isOpen(connection) && connection.status === 'signed_in')
      connection.connected.socket.start();
  }

  return { open, isOpen, openAccount, connect, release };
}
