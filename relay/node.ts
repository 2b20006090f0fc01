/** The node without its network interfaces: opens the database and wires up the services. */
import type { Capability } from '#contract/api/capabilities.ts';
import { createHub } from './delivery/local.ts';
import { openDiskStore } from './files/disk-store.ts';
import { createMediaReader } from './media/reader.ts';
import { KNOWN_PASSWORD, type ResolvedOptions } from './options.ts';
import { createChats } from './repositories/sqlite/chats-table.ts';
import { createEvents } from './repositories/sqlite/events-table.ts';
import { createFiles as createFilesTable } from './repositories/sqlite/files-table.ts';
import { createMessages } from './repositories/sqlite/messages-table.ts';
import { createReactions } from './repositories/sqlite/reactions-table.ts';
import { createTracks } from './repositories/sqlite/tracks-table.ts';
import { createUploadSessions } from './repositories/sqlite/upload-sessions-table.ts';
import { createUsers } from './repositories/sqlite/users-table.ts';
import { createAccounts } from './services/accounts.ts';
import { createAdministration } from './services/administration.ts';
import { createRateLimiter } from './services/rate-limiter.ts';
import { createBudgets } from './services/budgets.ts';
import { createChatList } from './services/chat-list.ts';
import { createEventLog } from './services/event-log.ts';
import { createFileSweep } from './services/file-sweep.ts';
import { createFiles } from './services/files.ts';
import { createHistory } from './services/history.ts';
import { createLogIns } from './services/log-ins.ts';
import { createMessaging } from './services/messaging.ts';
import { createMusic } from './services/music.ts';
import { createNewChats } from './services/new-chats.ts';
import { createPasswords } from './services/passwords.ts';
import { createPresence } from './services/presence.ts';
import { createProfiles } from './services/profiles.ts';
import { createReceipts } from './services/receipts.ts';
import { createResumableUploads } from './services/resumable-uploads.ts';
import { createTokens } from './services/tokens.ts';
import { createTyping } from './services/typing.ts';
import { createUploadQuota } from './services/upload-quota.ts';
import { createUserSearch } from './services/user-search.ts';
import { createViews, type ViewsFor } from './services/views.ts';
import { dropAdminPassword, makeAdminPassword } from './storage/admin-password.ts';
import { openEpoch } from './storage/epoch.ts';
import { openFolder, startErrorOf } from './storage/folder.ts';
import { createLateWrites } from './storage/late-writes.ts';
import { lockFolder } from './storage/lock.ts';
import { openStorage, storageBytes } from './storage/open.ts';
import { signingSecret } from './storage/secret.ts';
import { createWriteQueue } from './storage/write-queue.ts';
import { createTurns } from './turns.ts';
import { VERSION } from './version.ts';

/** The subset of the server's logger that the services use. */
export interface NodeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const HOUR = 60 * 60_000;
/** The processes that read what strangers sent. An upload is answered when its file was examined, or one of these is up. */
const EXAMINERS = { atOnce: 2, fileMs: 15_000, waitMs: 20_000, idleMs: 60_000 };

export type RelayNode = Awaited<ReturnType<typeof openNode>>;

/**
 * Opens the data folder and everything in it.
 * @throws StartError with a one-line message for the user at the terminal.
 */
export async function openNode(options: ResolvedOptions, nodeLog: NodeLog) {
  const { limits, capabilities, emojis, now } = options;
  const folder = openFolder(options.dataDir);
  // Run in reverse order, on close or when the start fails halfway.
  const undo: (() => void)[] = [lockFolder(folder)];
  const release = (): void => {
    for (const step of undo.splice(0).toReversed()) step();
  };
  const startedAt = performance.now();
  try {
    const secret = signingSecret(folder, options.jwtSecret);
    const database = openStorage(folder);
    undo.push(() => database.close());
    const has = (capability: Capability): boolean => capabilities.includes(capability);
    // A full disk is up to the operator and logged as a warning each time; anything else is our own bug.
    const late = createLateWrites((error, again) => {
      if (again) nodeLog.warn({ err: error }, 'a mark is kept in memory: the disk does not take it');
      else nodeLog.error({ err: error }, 'background write failed');
    });
    undo.push(() => late.close());

    let epochKeeper: ReturnType<typeof openEpoch> | null = null;
    const queue = createWriteQueue(database, {
      onEffectError: (error) => nodeLog.error({ err: error }, 'telling others failed'),
      onCommit(commits) {
        epochKeeper?.committed(commits);
        late.retry();
      },
    });
    const epoch = openEpoch(database, folder, queue.commits, (error) =>
      nodeLog.warn({ err: error }, 'the mark of the epoch was not written'),
    );
    epochKeeper = epoch;
    undo.push(() => epoch.close());

    const turns = createTurns();
    const users = createUsers(database);
    const chats = createChats(database);
    const messages = createMessages(database);
    const reactions = createReactions(database);
    const files = createFilesTable(database);
    const sessions = createUploadSessions(database);
    const events = createEvents(database, limits.eventsPerUser, limits.eventsMs);

    const hub = createHub(limits.socketsPerUser);
    const presence = createPresence({
      graceMs: limits.presenceGraceMs,
      isConnected: hub.isOnline,
      peersOf: (userId) => chats.peersOf(userId),
      send: (userId, text) => hub.send(userId, text),
      saveSeen: (userId, at) =>
        void late.attempt(`seen ${userId}`, at, () => queue.run(() => users.setSeen(userId, at))),
      now,
    });
    if (has('presence')) hub.onChange(presence.changed);

    const sources = {
      users,
      chats,
      messages,
      reactions,
      files,
      isOnline: has('presence') ? presence.isOnline : null,
      showClientId: has('idempotency'),
      extendedFiles: has('files'),
    };
    const viewsFor: ViewsFor = (viewerId) => createViews(sources, viewerId);

    const log = createEventLog({
      events,
      messages,
      hub,
      sync: has('sync'),
      epoch: epoch.epoch,
      perAnswer: limits.eventsPerAnswer,
      now,
    });
    const receipts = createReceipts({
      chats,
      messages,
      queue,
      late,
      log,
      statusFrames: limits.statusFrames,
      extended: has('message-read'),
    });
    const typing = createTyping(limits.typingMs, (userId, text) => hub.send(userId, text));
    const messaging = createMessaging({
      users,
      chats,
      messages,
      reactions,
      files,
      queue,
      log,
      receipts,
      typing,
      viewsFor,
      idempotency: has('idempotency'),
      emojis,
      now,
    });
    const store = await openDiskStore(options.fileSystem, folder);
    const media = createMediaReader({
      ...EXAMINERS,
      folder: store.draftFolder,
      onFailure: (mimeType, reason) => nodeLog.warn({ mimeType, reason }, 'a file could not be examined'),
    });
    undo.push(() => media.close());
    const quota = createUploadQuota({ files, sessions, store, limits, now });
    const storedFiles = createFiles({ files, store, media, queue, quota, now });
    const sweep = createFileSweep({
      files,
      sessions,
      store,
      queue,
      limits,
      turns,
      now,
      onSwept: (swept) => nodeLog.info(swept, 'files removed'),
      onError: (error) => nodeLog.error({ err: error }, 'removing files failed'),
    });
    undo.push(() => void sweep.close());
    void sweep.run();
    const newChats = createNewChats({ chats, messaging, made: createRateLimiter(limits.chatsPerDay, 24 * HOUR, now) });
    const accounts = createAccounts({
      users,
      queue,
      passwords: createPasswords(options.passwordCost, limits),
      tokens: createTokens(secret, options.tokenLifetimeMs, now),
      logIns: createLogIns({
        failures: createRateLimiter(limits.loginFailures, limits.loginWindowMs, now),
        addressFailures: createRateLimiter(limits.loginFailuresPerAddress, limits.loginWindowMs, now),
        accountFailures: createRateLimiter(limits.loginFailuresPerAccount, limits.loginWindowMs, now),
      }),
      registrations: createRateLimiter(limits.registrationsPerHour, HOUR, now),
      now,
    });
    let newAdminPasswordFile = null as string | null;
    await accounts.ensureAdmin(options.adminPassword, options.demo ? null : KNOWN_PASSWORD, () => {
      const { password, file } = makeAdminPassword(folder);
      newAdminPasswordFile = file;
      return password;
    });
    if (options.adminPassword !== undefined) dropAdminPassword(folder, options.adminPassword);

    return {
      version: VERSION,
      capabilities,
      has,
      limits,
      emojis,
      epoch: epoch.epoch,
      turns,
      hub,
      viewsFor,
      log,
      receipts,
      typing,
      messaging,
      newChats,
      chatList: createChatList({ chats, receipts, viewsFor }),
      history: createHistory({ messages, messaging, receipts, turns, viewsFor, has }),
      profiles: createProfiles({ users, chats, files, queue, viewsFor }),
      files: storedFiles,
      quota,
      music: createMusic({ tracks: createTracks(database), files, queue, hasCovers: has('files'), now }),
      uploads: createResumableUploads({ sessions, files, keep: storedFiles.keep, store, queue, quota, limits, now }),
      searchUsers: createUserSearch(users, turns),
      administration: createAdministration({
        users,
        chats,
        messages,
        reactions,
        files,
        hub,
        viewsFor,
        storageBytes: () => storageBytes(folder),
        uptimeSeconds: () => (performance.now() - startedAt) / 1000,
      }),
      budgets: createBudgets(limits, () => performance.now()),
      accounts,
      /** The file with the administrator's password if it was generated just now, to be announced once. */
      newAdminPasswordFile,
      /** Completes the queued writes and releases everything. */
      async close(): Promise<void> {
        typing.close();
        presence.close();
        // Connections are closed by now: what was under way ends, and cleans up.
        media.close();
        await Promise.all([quota.settled(), sweep.close()]);
        await queue.drain();
        release();
      },
    };
  } catch (error) {
    release();
    throw startErrorOf(error, folder);
  }
}
