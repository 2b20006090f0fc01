/** The sign-in on real parts: real HTTP, real sockets, documents on real files. */
import type { AccountsView, AccountView } from '../../contract/ipc/views.ts';
import type { Result } from '../../contract/model/errors.ts';
import type { AccountContext, Clock } from '../../electron/main/services/ports.ts';
import { createHttpClient } from '../../electron/main/services/api/http-client.ts';
import { probeServer } from '../../electron/main/services/api/probe.ts';
import { createRelayApi } from '../../electron/main/services/api/relay-api.ts';
import { systemClock } from '../../electron/main/platform/clock.ts';
import { createSignIn, type SignIn } from '../../electron/main/services/accounts/sign-in.ts';
import { createRelaySocket } from '../../electron/main/services/socket/relay-socket.ts';
import { createServerTime } from '../../electron/main/services/time/server-time.ts';
import { fileDocument, recordingLogger, type TestSecretStore } from './main-parts.ts';

/** The sign-in as a test with one account looks at it. */
export interface OneAccount extends Omit<SignIn, 'view' | 'logout'> {
  /** Everything, and how the account stands that is looked at. */
  view(): AccountsView & {
    status: AccountView['status'] | 'signed_out';
    account: AccountView | null;
    capabilities: string[];
  };
  /** Closes the account that is looked at. */
  logout(input: { forget: boolean }): Promise<Result<null>>;
}

/** The sign-in for tests that have one account open at a time. */
export function oneAccount(signIn: SignIn): OneAccount {
  return {
    ...signIn,
    view() {
      const view = signIn.view();
      const account = view.open.find(({ id }) => id === view.current) ?? null;
      return { ...view, account, status: account?.status ?? 'signed_out', capabilities: account?.capabilities ?? [] };
    },
    logout: ({ forget }) => signIn.logout({ accountId: signIn.view().current ?? 'nobody', forget }),
  };
}

export interface TestSignIn {
  signIn: SignIn;
  /** The same, for one account. */
  session: OneAccount;
  logger: ReturnType<typeof recordingLogger>;
  /** What it told those who work for accounts, in its order. */
  told: string[];
  contexts: AccountContext[];
  /** The tokens that its parts were made with: for looking whether they turn up elsewhere. */
  tokens: string[];
  close(): void;
}

/** Makes the sign-in over `folder` and `secrets`; `start` is the test's to call. `keyClock` is what waits for the key store. */
export function makeSignIn(
  folder: string,
  secrets: TestSecretStore,
  defaultServer = 'https://relay.example',
  firstScreen: Promise<void> = Promise.resolve(),
  keyClock: Clock = systemClock,
  askedServer: string | null = null,
): TestSignIn {
  const logger = recordingLogger();
  const http = createHttpClient({ clock: systemClock });
  const told: string[] = [];
  const contexts: AccountContext[] = [];
  const tokens: string[] = [];
  const signIn = createSignIn({
    document: fileDocument(folder, 'accounts'),
    secrets,
    clock: keyClock,
    logger,
    defaultServer,
    askedServer,
    firstScreen,
    probe: (typed) => probeServer(typed, http, logger),
    connect: (server, token, onTokenRefused) => {
      if (token !== null) tokens.push(token);
      const serverTime = createServerTime(systemClock);
      return {
        serverTime,
        api: createRelayApi({ http, clock: systemClock, logger, server, token, onTokenRefused }),
        socket: createRelaySocket({
          server,
          token: token ?? '',
          clock: systemClock,
          random: Math.random,
          logger,
          onTokenRefused,
        }),
      };
    },
  });
  signIn.onOpened((context, online) => {
    contexts.push(context);
    told.push(`opened ${context.account.user.username} ${online ? 'online' : 'to read'}`);
  });
  signIn.onClosed((_id, forget) => told.push(forget ? 'closed and forgotten' : 'closed'));
  signIn.onExpired(() => told.push('expired'));
  return {
    signIn,
    session: oneAccount(signIn),
    logger,
    told,
    contexts,
    tokens,
    close() {
      signIn.close();
      http.close();
    },
  };
}
