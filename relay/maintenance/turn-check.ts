/** Tries a TURN server as a caller would: an allocation with credentials, with old ones, and towards inner addresses. */
import { randomBytes } from 'node:crypto';
import { iceServersFor, type IceSettings } from '../services/ice-servers.ts';
import type { Finding } from './finding.ts';
import { turnPlace, turnRequest, type TurnAnswer, type TurnLogin, type TurnMethod } from './stun.ts';
import { openTurnLine, type TurnLine } from './turn-line.ts';

type Turn = NonNullable<IceSettings['turn']>;

const TIMEOUT_MS = 3000;
/** As RFC 8656 has it by default; a server that gives much less ends calls that cannot refresh in time. */
const SHORT_LIFETIME_S = 60;
const UNAUTHENTICATED = 401;
const STALE_NONCE = 438;
const DAY_MS = 24 * 60 * 60_000;

/** One of each range that only machines beside the server can reach: callers must not reach these through it. */
const INNER_PEERS = ['10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '127.0.0.1', '100.64.0.1'] as const;

type Login = Pick<TurnLogin, 'username' | 'password'>;

/** What this node would tell somebody at that time. @param at milliseconds since the epoch. */
function credentials(turn: Turn, at: number): Login {
  const [entry] = iceServersFor({ turn }, 'doctor', at);
  return { username: entry?.username ?? '', password: entry?.credential ?? '' };
}

/** Asks with the realm and nonce that the server gives on the first refusal. */
async function ask(
  line: TurnLine,
  login: Login & Partial<TurnLogin>,
  method: TurnMethod,
  more: { lifetime?: number; peer?: string } = {},
): Promise<{ answer: TurnAnswer; login: Login & Partial<TurnLogin> }> {
  const { username, password, realm, nonce } = login;
  const signed = realm === undefined || nonce === undefined ? {} : { login: { username, password, realm, nonce } };
  const answer = await line.ask(turnRequest({ method, id: randomBytes(12), ...more, ...signed }));
  const isAsked = answer.error === UNAUTHENTICATED || answer.error === STALE_NONCE;
  if (!isAsked || answer.realm === null || answer.nonce === null || answer.nonce === nonce) return { answer, login };
  if (signed.login && answer.error === UNAUTHENTICATED) return { answer, login };
  return ask(line, { username, password, realm: answer.realm, nonce: answer.nonce }, method, more);
}

/** On a line of its own: an allocation is one per line. */
async function onLine<T>(url: string, timeoutMs: number, work: (line: TurnLine) => Promise<T>): Promise<T> {
  const line = await openTurnLine(turnPlace(url), timeoutMs);
  try {
    return await work(line);
  } finally {
    line.close();
  }
}

async function innerPeers(line: TurnLine, login: Login & Partial<TurnLogin>): Promise<string[]> {
  const reached: string[] = [];
  for (const peer of INNER_PEERS) {
    const { answer } = await ask(line, login, 'createPermission', { peer });
    if (answer.error === 0) reached.push(peer);
  }
  return reached;
}

async function tryOne(url: string, turn: Turn, now: number, timeoutMs: number): Promise<Finding[]> {
  const problem = (text: string): Finding => ({ state: 'problem', text: `calls: ${url} ${text}` });
  const findings = await onLine(url, timeoutMs, async (line): Promise<Finding[]> => {
    const { answer, login } = await ask(line, credentials(turn, now), 'allocate');
    if (login.realm === undefined && answer.error === 0) return [problem('lets anybody in, without credentials')];
    if (answer.error === UNAUTHENTICATED)
      return [problem('refuses our credentials: is RELAY_TURN_SECRET its static-auth-secret?')];
    if (answer.error !== 0 || !answer.hasRelay) return [problem(`gives no address (${String(answer.error)})`)];
    const seconds = answer.lifetime ?? 0;
    const reached = await innerPeers(line, login);
    await ask(line, login, 'refresh', { lifetime: 0 });
    return [
      {
        state: seconds < SHORT_LIFETIME_S ? 'warning' : 'ok',
        text: `calls: ${url} gave an address for ${String(seconds)} s`,
      },
      reached.length > 0
        ? problem(`lets callers reach ${reached.join(', ')}: deny these ranges (denied-peer-ip)`)
        : { state: 'ok', text: `calls: ${url} lets nobody reach inner addresses` },
    ];
  });
  if (findings.length === 1) return findings;
  const old = await onLine(url, timeoutMs, (line) => ask(line, credentials(turn, now - 2 * DAY_MS), 'allocate'));
  return old.answer.error === 0
    ? [...findings, problem('takes credentials that ended long ago: is it started with use-auth-secret?')]
    : [...findings, { state: 'ok', text: `calls: ${url} refuses credentials that have ended` }];
}

/**
 * Asks every TURN server for an allocation; empty when none is configured. @param now milliseconds since the epoch.
 * @param timeoutMs for each answer.
 */
export async function examineTurn(
  ice: IceSettings | undefined,
  now: number,
  timeoutMs = TIMEOUT_MS,
): Promise<Finding[]> {
  const turn = ice?.turn;
  if (!turn) return [];
  const tried = turn.urls.map(async (url): Promise<Finding[]> => {
    try {
      return await tryOne(url, turn, now, timeoutMs);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ state: 'problem', text: `calls: ${url} cannot be asked from here: ${reason}` }];
    }
  });
  return (await Promise.all(tried)).flat();
}
