/** A session on real parts: real HTTP, real sockets, documents on real files. */
import type { AccountContext, Clock } from '../../electron/main/services/ports.ts';
import { createHttpClient } from '../../electron/main/services/api/http-client.ts';
import { probeServer } from '../../electron/main/services/api/probe.ts';
import { createRelayApi } from '../../electron/main/services/api/relay-api.ts';
import { systemClock } from '../../electron/main/platform/clock.ts';
import { createSessionService, type SessionService } from '../../electron/main/services/session/session-service.ts';
import { createRelaySocket } from '../../electron/main/services/socket/relay-socket.ts';
import { fileDocument, recordingLogger, type TestSecretStore } from './main-parts.ts';

export interface TestSession {
  session: SessionService;
  logger: ReturnType<typeof recordingLogger>;
  /** What the session told those who work for an account, in its order. */
  told: string[];
  contexts: AccountContext[];
  /** The tokens that its parts were made with: for looking whether they turn up elsewhere. */
  tokens: string[];
  close(): void;
}

/** Makes a session over `folder` and `secrets`; `start` is the test's to call. `keyClock` is what waits for the key store. */
export function makeSession(
  folder: string,
  secrets: TestSecretStore,
  defaultServer = 'https://relay.example',
  firstScreen: Promise<void> = Promise.resolve(),
  keyClock: Clock = systemClock,
  askedServer: string | null = null,
): TestSession {
  const logger = recordingLogger();
  const http = createHttpClient({ clock: systemClock });
  const told: string[] = [];
  const contexts: AccountContext[] = [];
  const tokens: string[] = [];
  const session = createSessionService({
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
      return {
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
  session.onOpened((context, online) => {
    contexts.push(context);
    told.push(`opened ${context.account.user.username} ${online ? 'online' : 'to read'}`);
  });
  session.onClosed((_id, forget) => told.push(forget ? 'closed and forgotten' : 'closed'));
  session.onExpired(() => told.push('expired'));
  return {
    session,
    logger,
    told,
    contexts,
    tokens,
    close() {
      session.close();
      http.close();
    },
  };
}
