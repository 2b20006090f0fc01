/**
 * Puts the services together from the parts that the platform gives. Knows no Electron, so that tests assemble the
 * same program on real files and sockets.
 */
import type { Snapshot } from '#contract/ipc/views.ts';
import type { PushBatch } from '#contract/ipc/push.ts';
import type { Result } from '#contract/model/errors.ts';
import { createAppHandlers } from './ipc/handlers/app.ts';
import { createChatHandlers } from './ipc/handlers/chats.ts';
import { createMessageHandlers } from './ipc/handlers/messages.ts';
import { createSearchHandlers } from './ipc/handlers/search.ts';
import { createSessionHandlers } from './ipc/handlers/session.ts';
import { createSettingsHandlers } from './ipc/handlers/settings.ts';
import { createUserHandlers } from './ipc/handlers/users.ts';
import { createPushQueue, type PushQueue } from './ipc/push.ts';
import type { Handlers } from './ipc/answer.ts';
import { chosenTexts } from './lib/main-texts.ts';
import { createFirstScreenGate } from './lib/first-screen.ts';
import { createHttpClient } from './services/api/http-client.ts';
import { probeServer } from './services/api/probe.ts';
import { createRelayApi } from './services/api/relay-api.ts';
import { createDataServices } from './services/data.ts';
import {
  createNotificationsService,
  type NotificationsService,
  type Outside,
} from './services/notifications/notifications-service.ts';
import type { Clock, JsonDocument, Logger, PowerEvents, Random, SecretStore } from './services/ports.ts';
import { createSessionService, type SessionService } from './services/session/session-service.ts';
import { createSettingsService, type SettingsService } from './services/settings/settings-service.ts';
import { createRelaySocket } from './services/socket/relay-socket.ts';
import { createServerTime } from './services/time/server-time.ts';
import { createUsersService } from './services/users/users-service.ts';

export interface AssemblyOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  power: PowerEvents;
  secrets: SecretStore;
  document(name: 'accounts' | 'settings'): JsonDocument;
  userDataDir: string;
  defaultServer: string;
  /** The server that the person has started the program for. */
  askedServer?: string | null;
  /** For the page's own conventions. */
  about: Pick<Snapshot, 'platform' | 'version' | 'systemLocale'>;
  /** The store's thread. */
  workerUrl: URL;
  send(batch: PushBatch): void;
  openExternal(url: string): Promise<Result<null>>;
  copyText(text: string): Promise<void>;
  /** Shows notifications and the unread count. */
  outside: Outside;
  /** True while the person looks at the program. */
  watching(): boolean;
  /** Brings the program to the front. */
  raise(): void;
}

export interface Assembly {
  handlers: Handlers;
  push: PushQueue;
  notifications: NotificationsService;
  session: SessionService;
  settings: SettingsService;
  /** Opens the account that was open last. */
  start(): Promise<void>;
  /** Lets the network go and writes what is still to be written. */
  close(): Promise<void>;
}

/** Makes every service; nothing runs before `start`. */
export function assemble(options: AssemblyOptions): Assembly {
  const { clock, random, logger } = options;
  const queue = createPushQueue({ clock, logger, send: (batch) => options.send(batch) });
  const serverTime = createServerTime(clock);
  const notifications = createNotificationsService({
    clock,
    serverNow: () => serverTime.now(),
    logger,
    outside: options.outside,
    watching: () => options.watching(),
    fileText: (files) => chosenTexts(settings.view().language, options.about.systemLocale).files(files),
    open: (chatId, messageId) => {
      options.raise();
      queue.emit({ kind: 'open', chatId, messageId });
    },
  });
  /** Chats of which the page has asked for messages, or written some. Of the others it holds none, and would throw the news away. */
  const shown = new Set<string>();
  // One stream of events: what the page is told is what the badge and the notifications say.
  const push: PushQueue = {
    ...queue,
    emit(event) {
      notifications.heard(event);
      if (event.kind !== 'messages' || shown.has(event.chatId)) queue.emit(event);
    },
    pageGone() {
      shown.clear();
      queue.pageGone();
    },
  };
  const settings = createSettingsService(options.document('settings'), logger);
  const http = createHttpClient({ clock });
  const gate = createFirstScreenGate(clock);
  const session = createSessionService({
    firstScreen: gate.shown,
    document: options.document('accounts'),
    secrets: options.secrets,
    clock,
    logger,
    defaultServer: options.defaultServer,
    askedServer: options.askedServer ?? null,
    probe: (typed) => probeServer(typed, http, logger),
    connect: (server, token, onTokenRefused) => ({
      api: createRelayApi({
        http,
        clock,
        logger,
        server,
        token,
        paths: settings.paths(),
        onTokenRefused,
        // The line of an account; a sign-in asks without a token, perhaps another server.
        ...(token === null ? {} : { onDate: serverTime.follow() }),
      }),
      // Without a token it is never started.
      socket: createRelaySocket({ server, token: token ?? '', clock, random, logger, onTokenRefused }),
    }),
  });
  const users = createUsersService(session);
  const data = createDataServices({
    sessions: session,
    push,
    clock,
    random,
    logger,
    power: options.power,
    userDataDir: options.userDataDir,
    workerUrl: options.workerUrl,
    settings,
    serverNow: () => serverTime.now(),
    onCounts: (counts) => notifications.begin(counts),
  });
  session.onChanged((view) => push.emit({ kind: 'session', session: view }));
  settings.onChanged((view) => push.emit({ kind: 'settings', settings: view }));

  let tellStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (tellStarted = resolve));
  /** A page that asks before the stored account is open waits for it, instead of showing a sign-in for a moment. */
  const ready = async (): Promise<Snapshot> => {
    await started;
    return push.snapshot(async () => ({
      ...(await data.snapshotParts()),
      session: session.view(),
      settings: settings.view(),
      ...options.about,
    }));
  };

  const messages = createMessageHandlers(data);
  /** From the question on, so that nothing falls between the answer and the first event. */
  const showing =
    <I extends { chatId: string }, O>(answer: (input: I) => O) =>
    (input: I): O => {
      shown.add(input.chatId);
      return answer(input);
    };

  return {
    push,
    notifications,
    session,
    settings,
    handlers: {
      ...createAppHandlers({
        ready,
        shown: () => gate.open(),
        openExternal: (url) => options.openExternal(url),
        copyText: (text) => options.copyText(text),
        tryNow: () => data.hurry(),
      }),
      ...createSessionHandlers(session),
      ...createSettingsHandlers(settings),
      ...createUserHandlers(users),
      ...createChatHandlers(data),
      ...messages,
      'messages.page': showing(messages['messages.page']),
      'messages.fill': showing(messages['messages.fill']),
      'messages.send': showing(messages['messages.send']),
      ...createSearchHandlers(data),
    },
    start: () => session.start().finally(tellStarted),
    async close() {
      gate.open();
      notifications.close();
      push.close();
      session.close();
      users.close();
      await data.close();
      http.close();
    },
  };
}
