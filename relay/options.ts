/** The options of a node. Only the folder is required; everything else has a default. */
import { CAPABILITIES, type Capability } from '#contract/api/capabilities.ts';
import { DEFAULT_REACTIONS } from '#contract/model/limits.ts';
import { nodeFileSystem, type FileSystem } from './files/file-system.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
import { hasIceServers, type IceSettings } from './services/ice-servers.ts';
import { DEFAULT_COST, type PasswordCost } from './services/passwords.ts';
import type { OpenStorage } from './storage/storage.ts';

/** The extensions this node offers. */
export const OFFERED = [
  'idempotency',
  'cursors',
  'sync',
  'message-read',
  'chat-pages',
  'presence',
  'resumable-upload',
  'files',
  'music',
  'calls',
  'turn',
  'admin',
] as const satisfies readonly Capability[];

/** The password from the published documentation. Everybody knows it, so it is for demonstrations only. */
export const KNOWN_PASSWORD = 'admin123';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
export const LOG_LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export interface RelayOptions {
  /** The folder of the database, the epoch and the secret; created if missing. */
  dataDir: string;
  /** `postgres://…`: keeps all user data in that database, and not in the folder. */
  databaseUrl?: string;
  /** Opens another database instead: for whoever embeds the node, such as tests. */
  openStorage?: OpenStorage;
  /** The administrator's password; by default one is generated at first start and kept in a file in the folder. */
  adminPassword?: string;
  /** Demonstration mode: allows the well-known administrator password. Loopback only. */
  demo?: boolean;
  /** At least 32 bytes; by default the secret kept in the folder. */
  jwtSecret?: string;
  /** Token lifetime in milliseconds. */
  tokenLifetimeMs?: number;
  limits?: Partial<RelayLimits>;
  passwordCost?: Partial<PasswordCost>;
  /** Extensions to offer; fewer make a node closer to the published API. */
  capabilities?: readonly Capability[];
  emojis?: readonly string[];
  logLevel?: LogLevel;
  /** Where the log goes, one JSON object per line; stderr by default. */
  logTo?: { write(line: string): void };
  /** Addresses and networks of proxies whose `X-Forwarded-For` is trusted. */
  trustProxy?: readonly string[];
  /** Additional host names of the node, without ports; pages from these names may call it. */
  allowedHosts?: readonly string[];
  /** Whether it listens on loopback only, and therefore accepts loopback names only. Defaults to true. */
  loopback?: boolean;
  /** Wall-clock time in milliseconds. */
  now?: () => number;
  /** STUN and TURN servers for calls; without them `turn` is not offered. */
  ice?: IceSettings;
  /** Where files are kept; the system's own by default. */
  fileSystem?: FileSystem;
}

export interface ResolvedOptions extends Omit<RelayOptions, 'limits' | 'passwordCost' | 'capabilities' | 'ice'> {
  limits: RelayLimits;
  passwordCost: PasswordCost;
  capabilities: readonly Capability[];
  ice: IceSettings;
  emojis: readonly string[];
  tokenLifetimeMs: number;
  logLevel: LogLevel;
  allowedHosts: readonly string[];
  loopback: boolean;
  now: () => number;
  fileSystem: FileSystem;
}

const DAY = 24 * 60 * 60_000;

/** Applies the defaults. Extensions this node does not support are not offered even if requested. */
export function resolveOptions(options: RelayOptions): ResolvedOptions {
  const wanted = options.capabilities ?? OFFERED;
  const ice = options.ice ?? {};
  const isOffered = (name: Capability): boolean =>
    OFFERED.some((offered) => offered === name) && (name !== 'turn' || hasIceServers(ice));
  return {
    ...options,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    passwordCost: { ...DEFAULT_COST, ...options.passwordCost },
    capabilities: CAPABILITIES.filter((name) => wanted.includes(name) && isOffered(name)),
    ice,
    emojis: options.emojis ?? DEFAULT_REACTIONS,
    tokenLifetimeMs: options.tokenLifetimeMs ?? 30 * DAY,
    logLevel: options.logLevel ?? 'info',
    allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    loopback: options.loopback ?? true,
    now: options.now ?? Date.now,
    fileSystem: options.fileSystem ?? nodeFileSystem,
  };
}
