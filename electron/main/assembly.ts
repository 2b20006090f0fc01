/**
 * Assembles the services from the platform's parts. Does not depend on Electron, so that tests assemble the same app on
 * real files and sockets.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Snapshot } from '#contract/ipc/views.ts';
import { accountCommands, filesOfAccount } from './account-commands.ts';
import type { Assembly, AssemblyOptions } from './assembly-options.ts';
import { createAppHandlers } from './ipc/handlers/app.ts';
import { createScreenHandlers } from './ipc/handlers/screens.ts';
import { behindLock } from './ipc/handlers/behind-lock.ts';
import { handlersOf } from './ipc/handlers/of-service.ts';
import { createPages } from './ipc/pages.ts';
import { accountTag, MEDIA_PATH } from './lib/media-id.ts';
import type { WindowRole } from './lib/roles.ts';
import { accountName } from './lib/account-name.ts';
import { createFirstScreenGate } from './lib/first-screen.ts';
import { chosenTexts, type MainTexts } from './lib/main-texts.ts';
import { createAdminService } from './services/admin/admin-service.ts';
import { createAdminSessions } from './services/admin/sessions.ts';
import { createAccounts } from './services/accounts/accounts.ts';
import { createSignIn } from './services/accounts/sign-in.ts';
import { createHttpClient } from './services/api/http-client.ts';
import { probeServer } from './services/api/probe.ts';
import { createRelayApi } from './services/api/relay-api.ts';
import { createAppCalls } from './services/calls/app-calls.ts';
import { CallLine } from './services/calls/call-line.ts';
import { createLobby } from './services/calls/lobby.ts';
import { createMiniCalls } from './services/calls/mini-call.ts';
import { createScreens } from './services/calls/screens.ts';
import { chatCommands } from './services/commands/chats.ts';
import { messageCommands } from './services/commands/messages.ts';
import { DesktopService } from './services/desktop/desktop-service.ts';
import { createNoticeAnswers } from './services/desktop/notice-answers.ts';
import { decodableSides } from './services/files/pictures/sides.ts';
import { createMedia } from './services/files/media.ts';
import { MediaCache } from './services/files/media-cache.ts';
import { SavedFile } from './services/files/saved-file.ts';
import { UploadSlots } from './services/files/slots.ts';
import { createStorageService, storedCacheLimit } from './services/files/storage-service.ts';
import { isToldWhileLocked, lockedSnapshot } from './services/lock/behind-lock.ts';
import { Lock } from './services/lock/lock.ts';
import { createLockService } from './services/lock/lock-service.ts';
import { createSealedSecrets } from './services/lock/sealed-secrets.ts';
import { veiledCalls } from './services/lock/veiled-calls.ts';
import { isMuted } from './services/notifications/decide.ts';
import { createFaces } from './services/notifications/faces.ts';
import { createNotificationsService } from './services/notifications/notifications-service.ts';
import { noticeRules } from './services/notifications/notice-rules.ts';
import { Silences } from './services/notifications/silences.ts';
import { createLargeDocument } from './services/player/large-document.ts';
import { PlayerMemoryKeeper } from './services/player/player-memory.ts';
import { createPlayerService } from './services/player/player-service.ts';
import type { PushSink } from './services/ports.ts';
import { createSettingsService } from './services/settings/settings-service.ts';
import { createRelaySocket } from './services/socket/relay-socket.ts';
import { createServerTime } from './services/time/server-time.ts';
import { sumUnread, UnreadSum } from './services/unread/unread-sum.ts';
import { UpdatesService } from './services/updates/updates-service.ts';

/** Milliseconds in which a server should answer when somebody calls or answers a call. */
const CALL_ANSWER_MS = 8_000;
/** Uploads at once, over all accounts. */
const UPLOADS_AT_ONCE = 3;

/** Creates every service; nothing runs before `start`. */
export function assemble(options: AssemblyOptions): Assembly {
  const { clock, random, logger } = options;
  const lock = new Lock({
    ...{ document: options.document('lock'), clock, logger, presence: options.presence },
    inCall: () => calls.current !== null,
  });
  const pages = createPages({
    ...{ clock, logger },
    send: (role, batch) => options.send(role, batch),
    mayTell: (push) => !lock.isLocked || isToldWhileLocked(push),
  });
  const settingsDocument = options.document('settings');
  const settings = createSettingsService(settingsDocument, logger);
  const texts = (): MainTexts => chosenTexts(settings.view().language, options.about.systemLocale);
  const http = createHttpClient({ clock });
  const firstScreen = createFirstScreenGate(clock);
  const device = randomUUID();
  const signIn = createSignIn({
    firstScreen: firstScreen.shown,
    document: options.document('accounts'),
    secrets: createSealedSecrets(options.secrets, lock),
    clock,
    logger,
    defaultServer: options.defaultServer,
    askedServer: options.askedServer ?? null,
    probe: (typed) => probeServer(typed, http, logger),
    connect: (server, token, onTokenRefused) => {
      const serverTime = createServerTime(clock);
      const paths = settings.paths();
      const onDate = (date: string | undefined): void => serverTime.hear(date);
      return {
        serverTime,
        api: createRelayApi({ http, clock, logger, server, token, paths, onTokenRefused, onDate }),
        // Never started without a token.
        socket: createRelaySocket({ server, token: token ?? '', device, clock, random, logger, onTokenRefused }),
      };
    },
  });
  const silences = new Silences(clock);
  /** What a locked page would not hear, and its user asked for: done once it is unlocked, the newest only. */
  let wanted: (() => void) | null = null;
  const unlessLocked = (run: () => void): void => {
    if (lock.isLocked) wanted = run;
    else run();
  };
  const openPlace = (accountId: string, chatId: string, messageId: string | null): void => {
    options.raise();
    unlessLocked(() => pages.emit({ accountId, event: { kind: 'open', chatId, messageId } }));
  };
  const notifications = createNotificationsService({
    clock,
    serverNow: (accountId) => accounts.get(accountId)?.serverNow() ?? null,
    logger,
    system: options.system,
    locked: () => lock.isLocked,
    watching: () => options.watching(),
    presenting: () => calls.current?.media.sharing ?? false,
    rules: () => {
      const rules = noticeRules(settings.view(), clock.now());
      return lock.isLocked ? { ...rules, content: 'nothing' } : rules;
    },
    words: () => {
      const { files, desktop: words } = texts();
      return { files: (count) => files(count), message: words.newMessage, app: words.app };
    },
    silences,
    faces: (url) => faces(url),
    reply: (...answer) => void answers.reply(...answer),
    read: (...answer) => void answers.read(...answer),
    accountName: (accountId) => accountName(signIn.view().open, accountId),
    open: openPlace,
  });
  const calls = createAppCalls({
    logger,
    system: veiledCalls(options.calls, {
      isLocked: () => lock.isLocked,
      // First: the small window closes whatever fails in the tray.
      onShow(call) {
        mini.show(lock.isLocked ? null : call);
        updates.callChanged(call !== null);
      },
      raise: () => options.raise(),
    }),
    callsOf: (accountId) => accounts.get(accountId)?.calls ?? null,
    async isMuted(accountId, chatId) {
      const chat = await accounts.get(accountId)?.store.writer.chat({ chatId, now: clock.now() });
      return chat ? isMuted(chat, clock.now()) : false;
    },
    watching: () => options.watching(),
    accountName: (accountId) => accountName(signIn.view().open, accountId),
    raise: () => options.raise(),
    open: (accountId, chatId) => openPlace(accountId, chatId, null),
    command: (accountId, key, command) => pages.emit({ accountId, event: { kind: 'call:command', key, command } }),
  });
  const mini = createMiniCalls({
    logger,
    system: options.calls,
    byItself: () => settings.view().callMini,
    look() {
      const { theme, accent, textSize, moreContrast, language } = settings.view();
      return { theme, accent, textSize, moreContrast, language, systemLocale: options.about.systemLocale };
    },
    emit: (view) => pages.emit({ kind: 'mini', mini: view }),
    picture: (jpeg) => pages.emit({ kind: 'mini:picture', jpeg }),
    wanted: (accountId, key, open) => pages.emit({ accountId, event: { kind: 'call:mini', key, open } }),
    snapshot: (read) => pages.of('call').queue.snapshot(read),
    command: (accountId, key, command) => pages.emit({ accountId, event: { kind: 'call:command', key, command } }),
    hangUp: () => calls.hangUp(),
    raise: () => options.raise(),
  });
  const screens = createScreens({
    sources: options.screens,
    isActive: () => calls.current?.view.state === 'active',
    clock,
    logger,
  });
  const sum = new UnreadSum((unread) => {
    notifications.unread(unread.messages);
    pages.emit({ kind: 'unread', unread });
  });
  // One stream of events: the page, the badge and the notifications agree.
  const push: PushSink = {
    account(accountId, event) {
      notifications.heard(accountId, event);
      calls.heard(accountId, event);
      desktop.heard(accountId, event);
      if (event.kind === 'unread') sum.set(accountId, event.unread);
      pages.emit({ accountId, event });
    },
  };
  const desktop = new DesktopService({
    ...{ clock, logger, settings, silences, lock },
    system: options.desktop,
    power: options.power,
    update: () => updates.view(),
    locale: options.about.systemLocale,
    accounts: () => signIn.view(),
    chatTitle: async (accountId, chatId) =>
      (await accounts.get(accountId)?.store.writer.chat({ chatId, now: clock.now() }))?.title ?? null,
    raise: () => options.raise(),
    follow: (link) => unlessLocked(() => pages.emit({ kind: 'link', link })),
    tell: (what) => unlessLocked(() => pages.emit({ kind: 'told', what })),
  });
  const updates = new UpdatesService({
    ...{ clock, random, logger, settings, source: options.updates, memory: options.document('updates') },
    current: options.about.version,
    onBattery: () => options.power.onBattery(),
    inCall: () => calls.current !== null,
    changed: (update) => pages.emit({ kind: 'update', update }),
  });
  const answers = createNoticeAnswers({
    logger,
    send: (accountId, input) => accounts.command(accountId, (account) => messageCommands.send(account, input)),
    markRead: (accountId, input) => accounts.command(accountId, (account) => chatCommands.markRead(account, input)),
    saveDraft: (accountId, input) => accounts.command(accountId, (account) => chatCommands.saveDraft(account, input)),
    open: openPlace,
  });
  const cache = new MediaCache({
    folder: join(options.userDataDir, 'media'),
    limit: storedCacheLimit(settingsDocument),
    clock,
    logger,
  });
  const accounts = createAccounts({
    signIn,
    push,
    clock,
    random,
    logger,
    power: options.power,
    files: { slots: new UploadSlots(UPLOADS_AT_ONCE), cache, system: options.files },
    calls: { line: new CallLine(), device, answerMs: CALL_ANSWER_MS, onMedia: calls.media },
    userDataDir: options.userDataDir,
    workerUrl: options.workerUrl,
    settings,
    systemLocale: options.about.systemLocale,
    onCounts: (accountId, counts) => notifications.begin(accountId, counts),
  });
  const media = createMedia({
    cache,
    logger,
    accountOf: (tag) => filesOfAccount(accounts.tagged(tag)),
  });
  const faces = createFaces({
    open: (url, signal) => media.openAvatar(url.slice(MEDIA_PATH.length), signal),
    sidesOf: decodableSides,
    clock,
    logger,
  });
  const player = createPlayerService({
    memory: new PlayerMemoryKeeper({
      queue: createLargeDocument(join(options.userDataDir, 'player.json'), logger),
      place: options.document('player-place'),
      clock,
    }),
    isOpen: (accountId) => accounts.get(accountId) !== null,
    tagOf: (accountId) => accounts.get(accountId)?.tag ?? null,
    onBattery: () => options.power.onBattery(),
    media,
    cacheLimit: async () => (await cache.usage()).limit,
    show: (now) => options.showPlaying(now),
    logger,
  });
  const adminSessions = createAdminSessions({
    clock,
    serverOf: (accountId) => signIn.view().open.find(({ id }) => id === accountId)?.server ?? null,
    connect: (server, token, onTokenRefused) =>
      createRelayApi({ http, clock, logger, server, token, paths: settings.paths(), onTokenRefused }),
  });
  const admin = createAdminService({
    sessions: adminSessions,
    files: options.files,
    begin: (path) => SavedFile.begin(path),
    logger,
  });
  signIn.onClosed((accountId, forget) => {
    adminSessions.end(accountId);
    if (forget) {
      void cache.clear(accountTag(accountId));
      void player.forget(accountId);
    }
    notifications.closed(accountId);
    desktop.accountClosed(accountId);
    sum.delete(accountId);
  });
  signIn.onChanged((view) => pages.emit({ kind: 'accounts', accounts: view }));
  settings.onChanged((view) => pages.emit({ kind: 'settings', settings: view }));
  settings.onChanged(() => mini.changed());

  let wasLocked = lock.isLocked;
  lock.onChanged((view) => {
    pages.emit({ kind: 'lock', lock: view });
    if (view.locked === wasLocked) return;
    wasLocked = view.locked;
    mini.show(view.locked ? null : calls.current);
    // What was shown has content; and a page that begins anew holds nothing of what it held.
    if (view.locked) notifications.looked();
    options.reloadPage();
  });

  const started = Promise.withResolvers<void>();
  /**
   * A page that asks before the stored accounts are open waits for them, instead of showing a sign-in screen briefly.
   */
  const ready = async (role: WindowRole): Promise<Snapshot> => {
    await started.promise;
    accounts.page(true);
    const snapshot = await pages.of(role).queue.snapshot(async () => {
      const read = await accounts.snapshots();
      // After the states: an account that was opened meanwhile is pushed as an event as well, one that was closed is left out.
      const view = signIn.view();
      const states = read.filter(({ accountId }) => view.open.some(({ id }) => id === accountId));
      const whole = {
        states,
        accounts: view,
        unread: sumUnread(states.map(({ unread }) => unread)),
        settings: settings.view(),
        lock: lock.view(),
        ...options.about,
      };
      return lock.isLocked ? lockedSnapshot(whole) : whole;
    });
    if (!lock.isLocked) {
      const run = wanted;
      wanted = null;
      run?.();
    }
    return snapshot;
  };

  return {
    pages,
    notifications,
    calls,
    mini,
    screens,
    pageGone(role) {
      pages.gone(role);
      if (role === 'main') accounts.page(false);
    },
    signIn,
    settings,
    desktop,
    updates,
    openPlace,
    tell: (what) => pages.emit({ kind: 'told', what }),
    media: {
      open: async (...asked) => (lock.isLocked ? { problem: 'unknown' } : media.open(...asked)),
    },
    playerCommand: (command) => pages.emit({ kind: 'player:command', command }),
    handlers: behindLock(lock, {
      ...createAppHandlers({
        ready,
        shown: () => firstScreen.open(),
        openExternal: (url) => options.openExternal(url),
        copyText: (text) => options.copyText(text),
        tryNow: () => accounts.retryNow(),
      }),
      ...handlersOf('accounts', signIn),
      ...handlersOf('settings', settings),
      ...accountCommands(accounts, pages),
      ...handlersOf('desktop', desktop),
      ...handlersOf('updates', updates),
      ...handlersOf('player', player),
      ...handlersOf('storage', createStorageService(cache, settingsDocument)),
      ...createScreenHandlers(
        screens,
        createLobby(clock, (open) => options.calls.lobby(open)),
      ),
      ...handlersOf('admin', admin),
      ...handlersOf('mini', mini),
      ...handlersOf('lock', createLockService({ lock, signIn, opened: () => accounts.retryNow() })),
    }),
    firstScreen: firstScreen.shown,
    start: () => (updates.start(), signIn.start().finally(() => started.resolve())),
    async close() {
      firstScreen.open();
      updates.close();
      lock.close();
      notifications.close();
      desktop.close();
      pages.close();
      adminSessions.close();
      signIn.close();
      await player.close();
      await accounts.close();
      calls.close();
      await cache.close();
      http.close();
    },
  };
}
