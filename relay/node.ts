/** The node without its network interfaces: opens the database and wires up the services. */
import { rmSync } from 'node:fs';
import type { Capability } from '#contract/api/capabilities.ts';
import { createLocalBus } from './delivery/local.ts';
import { createHub } from './delivery/local-hub.ts';
import { openDiskStore } from './files/disk-store.ts';
import { createMediaReader } from './media/reader.ts';
import { KNOWN_PASSWORD, type ResolvedOptions } from './options.ts';
import { createAccounts } from './services/accounts.ts';
import { createAdminExport } from './services/admin-export.ts';
import { createAdminLists } from './services/admin-lists.ts';
import { createAdministration } from './services/administration.ts';
import { createAuditLog } from './services/audit.ts';
import { createBudgets } from './services/budgets.ts';
import { createCallSignals } from './services/call-signals.ts';
import { createCallSweep } from './services/call-sweep.ts';
import { createCallTelling } from './services/call-telling.ts';
import { createCalls } from './services/calls.ts';
import { createChatList } from './services/chat-list.ts';
import { createEventExpiry } from './services/event-expiry.ts';
import { createEventLog } from './services/event-log.ts';
import { createFileSweep } from './services/file-sweep.ts';
import { createFiles } from './services/files.ts';
import { createHistory } from './services/history.ts';
import { iceServersFor } from './services/ice-servers.ts';
import { createKnownPlaces } from './services/known-places.ts';
import { createLastSeen } from './services/last-seen.ts';
import { createLeases } from './services/leases.ts';
import { createLogIns } from './services/log-ins.ts';
import { createMessaging } from './services/messaging.ts';
import { createMusic } from './services/music.ts';
import { createNewChats } from './services/new-chats.ts';
import { createOnlineSamples } from './services/online-samples.ts';
import { createPasswords } from './services/passwords.ts';
import { createPresence, type Absence } from './services/presence.ts';
import { createProfiles } from './services/profiles.ts';
import { createRateLimiter } from './services/rate-limiter.ts';
import { createReceipts } from './services/receipts.ts';
import { createResumableUploads } from './services/resumable-uploads.ts';
import { createTokenBuckets } from './services/token-bucket.ts';
import { createTokenVersions } from './services/token-versions.ts';
import { createTokens } from './services/tokens.ts';
import { createTyping, type Typist } from './services/typing.ts';
import { createUploadQuota } from './services/upload-quota.ts';
import { createUserSearch } from './services/user-search.ts';
import { createViews, type ViewsFor } from './services/views.ts';
import { dropAdminPassword, makeAdminPassword } from './storage/admin-password.ts';
import { openFolder, startErrorOf } from './storage/folder.ts';
import { createLateWrites } from './storage/late-writes.ts';
import { lockFolder } from './storage/lock.ts';
import { openPostgres } from './storage/postgres.ts';
import { signingSecret } from './storage/secret.ts';
import { openSqlite } from './storage/sqlite.ts';
import type { OpenStorage } from './storage/storage.ts';
import { createTurns } from './turns.ts';
import { VERSION } from './version.ts';

/** The subset of the server's logger that the services use. */
export interface NodeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The processes that read what strangers sent. An upload is answered when its file was examined, or one of these is up. */
const EXAMINERS = { atOnce: 2, fileMs: 15_000, waitMs: 20_000, idleMs: 60_000 };

/** A "delivered" tick is this much later at most, in milliseconds, while messages follow each other quickly. */
const RECEIPTS_SHARE_MS = 40;

/** Where the data is: what was given, a server elsewhere, or by default a file in the folder. */
function storageOf({ openStorage, databaseUrl }: ResolvedOptions, folder: string): OpenStorage {
  if (openStorage) return openStorage;
  if (databaseUrl !== undefined) return (retention, hooks) => openPostgres(databaseUrl, retention, hooks);
  return (retention, hooks) => openSqlite(folder, retention, hooks);
}

export type RelayNode = Awaited<ReturnType<typeof openNode>>;

/**
 * Opens the data folder and everything in it.
 * @throws StartError with a one-line message for the user at the terminal.
 */
export async function openNode(options: ResolvedOptions, nodeLog: NodeLog) {
  const { limits, capabilities, emojis, now } = options;
  const folder = openFolder(options.dataDir);
  // Run in reverse order, on close or when the start fails halfway.
  const undo: (() => void | Promise<void>)[] = [lockFolder(folder)];
  const release = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  const startedAt = performance.now();
  try {
    const secret = signingSecret(folder, options.jwtSecret);
    const has = (capability: Capability): boolean => capabilities.includes(capability);
    // A full disk is up to the operator and logged as a warning each time; anything else is our own bug.
    const late = createLateWrites((error, again) => {
      if (again) nodeLog.warn({ err: error }, 'a mark is kept in memory: the disk does not take it');
      else nodeLog.error({ err: error }, 'background write failed');
    });

    const retention = { keep: limits.eventsPerUser, keepMs: limits.eventsMs };
    const hooks = {
      onEffectError: (error: unknown) => nodeLog.error({ err: error }, 'telling others failed'),
      onCommit: () => late.retry(),
      onWarning: (error: unknown, message: string) => nodeLog.warn({ err: error }, message),
    };
    const storage = await storageOf(options, folder)(retention, hooks);
    undo.push(storage.close, () => late.close());
    const { reads, queue, epoch } = storage;
    const { users, chats, messages, files, uploadSessions: sessions } = reads;

    const turns = createTurns();

    const hub = createHub(limits.socketsPerUser);
    const bus = createLocalBus(hub);
    const onFault = (error: unknown): void => nodeLog.error({ err: error }, 'telling others failed');
    const absences = createLeases<Absence>(limits.presenceGraceMs);
    const lastSeen = createLastSeen({ queue, late, turns });
    const presence = createPresence({
      bus,
      absences,
      peersOf: (userId) => chats.peersOf(userId),
      saveSeen: (userId, at) => lastSeen.note(userId, at),
      turns,
      onFault,
      now,
    });
    if (has('presence')) bus.onChange(presence.changed);

    const shown = {
      online: has('presence') ? (userIds: readonly string[]) => presence.online(userIds) : null,
      showClientId: has('idempotency'),
      extendedFiles: has('files'),
    };
    const viewsFor: ViewsFor = (viewerId, sources = reads) => createViews(sources, shown, viewerId);

    const log = createEventLog({
      reads,
      bus,
      sync: has('sync'),
      epoch,
      perAnswer: limits.eventsPerAnswer,
      now,
    });
    const receipts = createReceipts({
      reads,
      queue,
      late,
      log,
      turns,
      statusFrames: limits.statusFrames,
      extended: has('message-read'),
      shareMs: RECEIPTS_SHARE_MS,
    });
    bus.onReceipt((userId, { chatId, upTo }) => receipts.received(userId, chatId, upTo));
    const expiry = createEventExpiry({
      reads,
      queue,
      turns,
      keepMs: limits.eventsMs,
      everyMs: HOUR,
      now,
      onError: (error) => nodeLog.warn({ err: error }, 'removing old events broke off'),
    });
    undo.push(() => expiry.close());
    const typing = createTyping({ bus, typists: createLeases<Typist>(limits.typingMs), onFault });
    const messaging = createMessaging({
      reads,
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
    const quota = createUploadQuota({ reads, store, limits, now });
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
    undo.push(() => sweep.close());
    void sweep.run();
    const telling = createCallTelling(bus);
    const started = createRateLimiter(limits.callsPerMinute, MINUTE, now);
    const callSweep = createCallSweep({
      reads,
      queue,
      telling,
      hub,
      limits,
      now,
      onError: (error) => nodeLog.warn({ err: error }, 'looking after calls broke off'),
    });
    undo.push(() => callSweep.close());
    // With a database of its own, no other node is running.
    await callSweep.resume(options.openStorage === undefined && options.databaseUrl === undefined);
    const budgets = createBudgets(limits, (_kind, rate) =>
      createTokenBuckets({ ...rate, now: () => performance.now() }),
    );
    const newChats = createNewChats({ chats, messaging, made: createRateLimiter(limits.chatsPerDay, 24 * HOUR, now) });
    const versions = createTokenVersions({ find: (userId) => users.find(userId), bus });
    const accounts = createAccounts({
      users,
      queue,
      passwords: createPasswords(options.passwordCost, limits),
      tokens: createTokens(secret, options.tokenLifetimeMs, now),
      versions,
      logIns: createLogIns({
        failures: createRateLimiter(limits.loginFailures, limits.loginWindowMs, now),
        addressFailures: createRateLimiter(limits.loginFailuresPerAddress, limits.loginWindowMs, now),
        accountFailures: createRateLimiter(limits.loginFailuresPerAccount, limits.loginWindowMs, now),
        places: createKnownPlaces(),
      }),
      registrations: createRateLimiter(limits.registrationsPerHour, HOUR, now),
      now,
    });
    const searchUsers = createUserSearch(users, turns);
    const lists = createAdminLists(reads, searchUsers);
    const onlineSamples = createOnlineSamples({
      count: () => bus.count(),
      queue,
      everyMs: 5 * MINUTE,
      now,
      onError: (error) => nodeLog.warn({ err: error }, 'how many are connected was not stored'),
    });
    undo.push(() => onlineSamples.close());
    let newAdminPasswordFile = null as string | null;
    const isInForce = await accounts.ensureAdmin(options.adminPassword, options.demo ? null : KNOWN_PASSWORD, () => {
      const { password, file } = makeAdminPassword(folder);
      newAdminPasswordFile = file;
      return password;
    });
    if (options.adminPassword !== undefined) dropAdminPassword(folder, options.adminPassword);
    if (newAdminPasswordFile !== null && !isInForce) {
      rmSync(newAdminPasswordFile);
      newAdminPasswordFile = null;
    }

    return {
      version: VERSION,
      capabilities,
      has,
      limits,
      emojis,
      epoch,
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
      profiles: createProfiles({ users, chats, queue, viewsFor, versions }),
      files: storedFiles,
      quota,
      music: createMusic({ reads, queue, hasCovers: has('files'), now }),
      uploads: createResumableUploads({ sessions, files, keep: storedFiles.keep, store, queue, quota, limits, now }),
      searchUsers,
      administration: createAdministration({
        reads,
        lists,
        turns,
        bus,
        viewsFor,
        isExtended: has('admin'),
        now,
        storageBytes: storage.bytes,
        uptimeSeconds: () => (performance.now() - startedAt) / 1000,
      }),
      exportList: createAdminExport({
        reads,
        lists,
        turns,
        onError: (error) => nodeLog.error({ err: error }, 'an export broke off'),
      }),
      auditLog: createAuditLog({ audit: reads.audit, queue, turns, log: nodeLog, now }),
      calls: createCalls({ reads, queue, telling, limits, started, now }),
      callSignals: createCallSignals({ reads, queue, telling, budgets }),
      iceServers: (userId: string) => iceServersFor(options.ice, userId, now()),
      budgets,
      accounts,
      /** The file with the administrator's password if it was generated just now, to be announced once. */
      newAdminPasswordFile,
      /** Completes the queued writes and releases everything. */
      async close(): Promise<void> {
        onlineSamples.close();
        typing.close();
        presence.close();
        expiry.close();
        callSweep.close();
        // Connections are closed by now: what was under way ends, and cleans up.
        media.close();
        await Promise.all([quota.settled(), lastSeen.settled(), sweep.close()]);
        receipts.close();
        await queue.drain();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw startErrorOf(error, folder);
  }
}
