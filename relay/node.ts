/** The node without its network interfaces: opens the database and wires up the services. */
import { rmSync } from 'node:fs';
import type { Capability } from '#contract/api/capabilities.ts';
import { createHub } from './delivery/local.ts';
import { KNOWN_PASSWORD, type ResolvedOptions } from './options.ts';
import { createAccounts } from './services/accounts.ts';
import { createAdministration } from './services/administration.ts';
import { createRateLimiter } from './services/rate-limiter.ts';
import { createBudgets } from './services/budgets.ts';
import { createChatList } from './services/chat-list.ts';
import { createEventExpiry } from './services/event-expiry.ts';
import { createEventLog } from './services/event-log.ts';
import { createHistory } from './services/history.ts';
import { createLogIns } from './services/log-ins.ts';
import { createMessaging } from './services/messaging.ts';
import { createNewChats } from './services/new-chats.ts';
import { createPasswords } from './services/passwords.ts';
import { createPresence } from './services/presence.ts';
import { createProfiles } from './services/profiles.ts';
import { createReceipts } from './services/receipts.ts';
import { createTokens } from './services/tokens.ts';
import { createTyping } from './services/typing.ts';
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
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const HOUR = 60 * 60_000;

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
    const { users, chats, messages } = reads;

    const turns = createTurns();

    const hub = createHub(limits.socketsPerUser);
    const presence = createPresence({
      graceMs: limits.presenceGraceMs,
      isConnected: hub.isOnline,
      peersOf: (userId) => chats.peersOf(userId),
      send: (userId, text) => hub.send(userId, text),
      saveSeen: (userId, at) =>
        void late.attempt(`seen ${userId}`, at, () => queue.run((tx) => tx.users.setSeen(userId, at))),
      onError: (error) => nodeLog.error({ err: error }, 'telling of presence failed'),
      now,
    });
    if (has('presence')) hub.onChange(presence.changed);

    const shown = { isOnline: has('presence') ? presence.isOnline : null, showClientId: has('idempotency') };
    const viewsFor: ViewsFor = (viewerId, sources = reads) => createViews(sources, shown, viewerId);

    const log = createEventLog({
      reads,
      hub,
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
    });
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
    const typing = createTyping(limits.typingMs, (userId, text) => hub.send(userId, text));
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
      profiles: createProfiles({ users, chats, queue, viewsFor }),
      searchUsers: createUserSearch(users, turns),
      administration: createAdministration({
        reads,
        turns,
        hub,
        viewsFor,
        storageBytes: storage.bytes,
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
        expiry.close();
        await queue.drain();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw startErrorOf(error, folder);
  }
}
