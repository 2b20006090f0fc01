/** How a node is built. Only the folder is asked for; everything else has a default. */
import { CAPABILITIES, type Capability } from '#contract/api/capabilities.ts';
import { DEFAULT_REACTIONS } from '#contract/model/limits.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
import { DEFAULT_COST, type PasswordCost } from './services/passwords.ts';

/** The extensions of this node. */
export const OFFERED = [
  'idempotency',
  'cursors',
  'sync',
  'message-read',
  'chat-pages',
  'presence',
] as const satisfies readonly Capability[];

/** The password that the published documentation shows: known to everybody, so good for a demonstration only. */
export const KNOWN_PASSWORD = 'admin123';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
export const LOG_LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export interface RelayOptions {
  /** The folder of the database, the epoch and the secret; made when it is missing. */
  dataDir: string;
  /** The administrator's password; without it one is made at first start and kept in a file of the folder. */
  adminPassword?: string;
  /** A demonstration: the known administrator's password is allowed. On the loopback interface only. */
  demo?: boolean;
  /** At least 32 bytes; without it the folder keeps its own. */
  jwtSecret?: string;
  /** Milliseconds a token is good for. */
  tokenLifetimeMs?: number;
  limits?: Partial<RelayLimits>;
  passwordCost?: Partial<PasswordCost>;
  /** Extensions that are offered: fewer make a node that speaks only what is published. */
  capabilities?: readonly Capability[];
  emojis?: readonly string[];
  logLevel?: LogLevel;
  /** Where the log goes, a line of JSON each; the standard error stream when nothing is given. */
  logTo?: { write(line: string): void };
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  trustProxy?: readonly string[];
  /** Further names under which the node is reached, without ports; pages of these names may call it. */
  allowedHosts?: readonly string[];
  /** Whether it listens on the loopback interface alone, and so answers to loopback names only. True when not given. */
  loopback?: boolean;
  /** Wall time in milliseconds. */
  now?: () => number;
}

export interface ResolvedOptions extends Omit<RelayOptions, 'limits' | 'passwordCost' | 'capabilities'> {
  limits: RelayLimits;
  passwordCost: PasswordCost;
  capabilities: readonly Capability[];
  emojis: readonly string[];
  tokenLifetimeMs: number;
  logLevel: LogLevel;
  allowedHosts: readonly string[];
  loopback: boolean;
  now: () => number;
}

const DAY = 24 * 60 * 60_000;

/** Fills in what was not given. What this node cannot do is not offered even when it was asked for. */
export function resolveOptions(options: RelayOptions): ResolvedOptions {
  const wanted = options.capabilities ?? OFFERED;
  return {
    ...options,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    passwordCost: { ...DEFAULT_COST, ...options.passwordCost },
    capabilities: CAPABILITIES.filter((name) => wanted.includes(name) && OFFERED.some((offered) => offered === name)),
    emojis: options.emojis ?? DEFAULT_REACTIONS,
    tokenLifetimeMs: options.tokenLifetimeMs ?? 30 * DAY,
    logLevel: options.logLevel ?? 'info',
    allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    loopback: options.loopback ?? true,
    now: options.now ?? Date.now,
  };
}
