/** Reads the options of a node from environment variables. Pure; an error is one line that names the variable. */
import type { Capability } from '#contract/api/capabilities.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';
import { isLoopback, readNetworks } from './http/address.ts';
import type { RelayLimits } from './limits.ts';
import { KNOWN_PASSWORD, LOG_LEVELS, OFFERED, type LogLevel, type RelayOptions } from './options.ts';
import type { IceSettings } from './services/ice-servers.ts';
import { StartError } from './start-error.ts';
import { SECRET_BYTES } from './storage/secret.ts';

/** Where to listen, and how to build the node. */
export interface StartOptions extends RelayOptions {
  host: string;
  port: number;
}

/** A host name or address as in the `Host` header, without brackets and port. */
const HOST_NAME = /^(?:[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|[0-9a-f:.]*:[0-9a-f:.]*)$/i;

type Environment = Record<string, string | undefined>;

function whole(env: Environment, name: string, min: number, max: number): number | undefined {
  const value = env[name];
  if (value === undefined || value === '') return undefined;
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max)) throw new StartError(`${name} must be a whole number from ${min} to ${max}`);
  return number;
}

/**
 * Checks that apply however a node is started.
 * @throws StartError
 */
export function checkStart({
  host,
  demo,
  adminPassword,
  trustProxy,
  allowedHosts,
}: Pick<StartOptions, 'host' | 'demo' | 'adminPassword' | 'trustProxy' | 'allowedHosts'>): void {
  readNetworks(trustProxy ?? []);
  for (const name of allowedHosts ?? []) {
    if (HOST_NAME.test(name)) continue;
    throw new StartError(
      `RELAY_ALLOWED_HOSTS names hosts without scheme and port, and ${JSON.stringify(name)} is none`,
    );
  }
  if (demo && !isLoopback(host))
    throw new StartError('a demonstration uses a known password: RELAY_HOST must be loopback');
  if (adminPassword === undefined || demo) return;
  if (adminPassword === KNOWN_PASSWORD) {
    throw new StartError('RELAY_ADMIN_PASSWORD is a known password: choose another one');
  }
  const { min, max } = LIMITS.password;
  const length = characterCount(adminPassword);
  if (length < min || length > max) throw new StartError(`RELAY_ADMIN_PASSWORD must have ${min} to ${max} characters`);
}

function jwtSecret(env: Environment): string | undefined {
  const secret = env.RELAY_JWT_SECRET || undefined;
  if (secret !== undefined && Buffer.byteLength(secret) < SECRET_BYTES) {
    throw new StartError(`RELAY_JWT_SECRET is too short: at least ${SECRET_BYTES} bytes are needed`);
  }
  return secret;
}

/** The address of a PostgreSQL database; what is wrong with it is told without its password. */
function databaseUrl(env: Environment): string | undefined {
  const url = env.RELAY_DATABASE_URL || undefined;
  if (url === undefined) return undefined;
  const { protocol, hostname, pathname } = URL.parse(url) ?? {};
  const isPostgres = protocol === 'postgres:' || protocol === 'postgresql:';
  if (!isPostgres || !hostname || (pathname ?? '').length < 2) {
    throw new StartError('RELAY_DATABASE_URL must be postgres://user:password@host:port/database');
  }
  return url;
}

function logLevel(env: Environment): LogLevel {
  const wanted = env.RELAY_LOG || 'info';
  const level = LOG_LEVELS.find((known) => known === wanted);
  if (!level) throw new StartError(`RELAY_LOG must be one of ${LOG_LEVELS.join(', ')}`);
  return level;
}

/** All by default; a list selects some, `none` makes a node that offers only the published API. */
function capabilities(env: Environment): readonly Capability[] {
  const wanted = env.RELAY_CAPABILITIES || undefined;
  if (wanted === undefined) return OFFERED;
  if (wanted === 'none') return [];
  return wanted.split(',').map((part) => {
    const known = OFFERED.find((name) => name === part.trim());
    if (!known) throw new StartError(`RELAY_CAPABILITIES must be "none" or some of ${OFFERED.join(',')}`);
    return known;
  });
}

/** `stun:host`, `turns:host:port?transport=tcp`; the host may be an IPv6 address in brackets. */
const ICE_HOST = /(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]+\])(?::\d{1,5})?/i.source;
const STUN_URL = new RegExp(`^stuns?:${ICE_HOST}$`, 'i');
const TURN_URL = new RegExp(`^turns?:${ICE_HOST}(?:\\?transport=(?:udp|tcp))?$`, 'i');
/** As many as clients accept. */
const MOST_ICE_URLS = 8;
const TURN_SECRET_CHARACTERS = 16;

function iceUrls(env: Environment, name: string, shape: RegExp, example: string): string[] {
  const urls = list(env[name]);
  if (urls.length > MOST_ICE_URLS) throw new StartError(`${name} may name ${MOST_ICE_URLS} addresses at most`);
  for (const url of urls) {
    if (!shape.test(url))
      throw new StartError(`${name} must be addresses like ${example}, and ${JSON.stringify(url)} is none`);
  }
  return urls;
}

/** The servers that help calls; undefined when none is named. */
function ice(env: Environment): IceSettings | undefined {
  const stun = iceUrls(env, 'RELAY_STUN_URLS', STUN_URL, 'stun:host:port');
  const urls = iceUrls(env, 'RELAY_TURN_URLS', TURN_URL, 'turn:host:port?transport=udp');
  const secret = env.RELAY_TURN_SECRET || undefined;
  if (urls.length > 0 !== (secret !== undefined)) {
    throw new StartError('RELAY_TURN_URLS and RELAY_TURN_SECRET are needed together');
  }
  if (secret !== undefined && secret.length < TURN_SECRET_CHARACTERS) {
    throw new StartError(`RELAY_TURN_SECRET is too short: at least ${TURN_SECRET_CHARACTERS} characters are needed`);
  }
  const minutes = whole(env, 'RELAY_TURN_MINUTES', 1, 24 * 60);
  if (stun.length === 0 && secret === undefined) return undefined;
  const lifetime = minutes === undefined ? {} : { lifetimeMs: minutes * MINUTE };
  return {
    ...(stun.length === 0 ? {} : { stun }),
    ...(secret === undefined ? {} : { turn: { urls, secret, ...lifetime } }),
  };
}

const MEBIBYTE = 1024 * 1024;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Limits configurable by environment: variable, minimum, maximum, and the size of its unit in the limit's own unit. */
const LIMIT_VARIABLES: readonly [keyof RelayLimits, string, number, number, number?][] = [
  ['connectionsPerAddress', 'RELAY_CONNECTIONS_PER_ADDRESS', 1, 1_000_000],
  ['addressRequestsPerSecond', 'RELAY_ADDRESS_REQUESTS_PER_SECOND', 1, 1_000_000],
  ['addressRequestsBurst', 'RELAY_ADDRESS_REQUESTS_BURST', 1, 1_000_000],
  ['requestsPerSecond', 'RELAY_REQUESTS_PER_SECOND', 1, 1_000_000],
  ['requestsBurst', 'RELAY_REQUESTS_BURST', 10, 1_000_000],
  ['sendsPerSecond', 'RELAY_SENDS_PER_SECOND', 1, 1_000_000],
  ['sendsBurst', 'RELAY_SENDS_BURST', 1, 1_000_000],
  ['sendBytesPerSecond', 'RELAY_SEND_KILOBYTES_PER_SECOND', 1, 1_000_000, 1024],
  ['sendBytesBurst', 'RELAY_SEND_KILOBYTES_BURST', 16, 1_000_000, 1024],
  ['chatsPerDay', 'RELAY_CHATS_PER_DAY', 1, 1_000_000],
  ['uploadsAtOnce', 'RELAY_UPLOADS_AT_ONCE', 1, 1000],
  ['openUploads', 'RELAY_OPEN_UPLOADS', 1, 100_000],
  ['uploadKeptMs', 'RELAY_UPLOAD_HOURS', 1, 24 * 365, 60 * MINUTE],
  ['fileBytesPerDay', 'RELAY_FILES_PER_DAY_MB', 1, 1_000_000_000, MEBIBYTE],
  ['fileBytesPerUser', 'RELAY_FILES_PER_USER_MB', 1, 1_000_000_000, MEBIBYTE],
  ['diskReserveBytes', 'RELAY_DISK_RESERVE_MB', 0, 1_000_000_000, MEBIBYTE],
  ['unusedFileMs', 'RELAY_UNUSED_FILE_DAYS', 1, 3650, DAY],
  ['loginFailures', 'RELAY_LOGIN_FAILURES', 1, 10_000],
  ['loginFailuresPerAddress', 'RELAY_LOGIN_FAILURES_PER_ADDRESS', 1, 1_000_000],
  ['loginFailuresPerAccount', 'RELAY_LOGIN_FAILURES_PER_ACCOUNT', 1, 1_000_000],
  ['loginWindowMs', 'RELAY_LOGIN_WINDOW_MINUTES', 1, 24 * 60, MINUTE],
  ['callsPerMinute', 'RELAY_CALLS_PER_MINUTE', 1, 1_000_000],
  ['registrationsPerHour', 'RELAY_REGISTRATIONS_PER_HOUR', 1, 10_000_000],
  ['hashesAtOnce', 'RELAY_HASHES_AT_ONCE', 1, 64],
  ['waitingHashes', 'RELAY_WAITING_HASHES', 1, 100_000],
  ['waitingHashesPerAddress', 'RELAY_WAITING_HASHES_PER_ADDRESS', 1, 100_000],
  ['framesPerSecond', 'RELAY_FRAMES_PER_SECOND', 1, 100_000],
  ['framesBurst', 'RELAY_FRAMES_BURST', 1, 100_000],
  ['socketsPerUser', 'RELAY_SOCKETS_PER_USER', 1, 10_000],
  ['unauthenticatedSockets', 'RELAY_UNAUTHENTICATED_SOCKETS', 1, 100_000],
  ['unauthenticatedSocketsPerAddress', 'RELAY_UNAUTHENTICATED_SOCKETS_PER_ADDRESS', 1, 100_000],
  ['eventsPerUser', 'RELAY_EVENTS_PER_USER', 1, 10_000_000],
  ['eventsMs', 'RELAY_EVENT_DAYS', 1, 3650, DAY],
];

/** Only those that are set: the rest keep their defaults. */
function limits(env: Environment): Partial<RelayLimits> {
  const found: Partial<RelayLimits> = {};
  for (const [limit, name, min, max, unit = 1] of LIMIT_VARIABLES) {
    const value = whole(env, name, min, max);
    if (value !== undefined) found[limit] = value * unit;
  }
  return found;
}

/** Splits a comma-separated list. */
function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Reads the variables listed in the README.
 * @throws StartError naming the first invalid variable.
 */
export function readSettings(env: Environment): StartOptions {
  const host = env.RELAY_HOST || '127.0.0.1';
  const demo = env.RELAY_DEMO === '1';
  const admin = env.RELAY_ADMIN_PASSWORD || (demo ? KNOWN_PASSWORD : undefined);
  const secret = jwtSecret(env);
  const database = databaseUrl(env);
  const servers = ice(env);
  const days = whole(env, 'RELAY_TOKEN_DAYS', 1, 3650);
  const trusted = list(env.RELAY_TRUST_PROXY);
  const hosts = list(env.RELAY_ALLOWED_HOSTS);
  const options: StartOptions = {
    host,
    port: whole(env, 'RELAY_PORT', 0, 65_535) ?? 3000,
    dataDir: env.RELAY_DATA_DIR || './relay-data',
    logLevel: logLevel(env),
    limits: limits(env),
    demo,
    capabilities: capabilities(env),
    ...(admin === undefined ? {} : { adminPassword: admin }),
    ...(database === undefined ? {} : { databaseUrl: database }),
    ...(secret === undefined ? {} : { jwtSecret: secret }),
    ...(servers === undefined ? {} : { ice: servers }),
    ...(days === undefined ? {} : { tokenLifetimeMs: days * DAY }),
    ...(trusted.length === 0 ? {} : { trustProxy: trusted }),
    ...(hosts.length === 0 ? {} : { allowedHosts: hosts }),
  };
  checkStart(options);
  return options;
}
