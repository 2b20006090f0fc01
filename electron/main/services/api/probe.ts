/** Finds out whether there is a Relay server at an address, before it is given a password. */
import { z } from 'zod';
import { Capabilities } from '#contract/api/capabilities.ts';
import type { ServerView } from '#contract/ipc/views.ts';
import { type AppError, fail, ok, type Result } from '#contract/model/errors.ts';
import { ROUTES } from '#contract/routes.ts';
import type { Logger } from '../ports.ts';
import { addressCandidates } from './address.ts';
import { openAnswer } from './answer.ts';
import { classifyEnd } from './failure.ts';
import type { HttpAnswer } from './connection.ts';
import type { HttpClient } from './http-client.ts';

/** Milliseconds for one request of a probe: the user is waiting. */
const PROBE_TIMEOUT_MS = 8_000;

/** Errors from an unencrypted server when a client starts TLS. */
const NOT_ENCRYPTED_THERE = new Set([
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ECONNRESET',
]);

type Tried =
  | { kind: 'relay'; server: ServerView }
  | { kind: 'moved'; origin: string }
  | { kind: 'failed'; error: AppError; plainMayHelp: boolean };

/** The part of an OpenAPI document that identifies a messenger with this API. */
const OpenApi = z.object({ openapi: z.string().startsWith('3.'), paths: z.record(z.string(), z.unknown()) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The target of a redirect that only moves the same host to encryption; else null. */
function movedTo(origin: string, answer: HttpAnswer): string | null {
  const location = answer.header('location');
  if (answer.status < 300 || answer.status > 399 || !location || !URL.canParse(location, origin)) return null;
  const from = new URL(origin);
  const to = new URL(location, origin);
  return from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname ? to.origin : null;
}

function looksLikeDocs(text: string): boolean {
  const parsed = OpenApi.safeParse(parseJson(text));
  if (!parsed.success) return false;
  const paths = Object.keys(parsed.data.paths).map((path) => path.replace(/^\/api(?=\/)/, ''));
  return [ROUTES.login.path, ROUTES.sendMessage.path].every((path) => paths.includes(path));
}

/** Asks the server at the typed address what it is; fails with a code that the sign-in screen has a text for. */
export async function probeServer(typed: string, http: HttpClient, logger: Logger): Promise<Result<ServerView>> {
  const candidates = addressCandidates(typed);
  if (!candidates.ok) return candidates;

  const get = (origin: string, path: string) =>
    http.request({
      method: 'GET',
      url: new URL(`${origin}/api${path}`),
      headers: { Accept: 'application/json' },
      timeoutMs: PROBE_TIMEOUT_MS,
    });

  /** True for a server of this API that announces no extensions: by its document, or by how it asks for a token. */
  async function speaksTheApi(origin: string): Promise<boolean> {
    const docs = await get(origin, '/docs');
    if (docs.answered && docs.answer.status === 200 && looksLikeDocs(docs.answer.text)) return true;
    const me = await get(origin, ROUTES.me.path);
    if (!me.answered || me.answer.status !== 401) return false;
    const json = parseJson(me.answer.text);
    return typeof json === 'object' && json !== null;
  }

  async function tryOrigin(origin: string): Promise<Tried> {
    const asked = await get(origin, ROUTES.capabilities.path);
    if (!asked.answered) {
      const { code } = classifyEnd(asked.end);
      const plainMayHelp = code !== 'tls_failed' || NOT_ENCRYPTED_THERE.has(asked.end.systemCode);
      return { kind: 'failed', error: fail(code, asked.end.systemCode || asked.end.cause).error, plainMayHelp };
    }
    const moved = movedTo(origin, asked.answer);
    if (moved !== null) return { kind: 'moved', origin: moved };
    const encrypted = origin.startsWith('https:');
    const opened = asked.answer.status === 200 ? openAnswer(Capabilities, parseJson(asked.answer.text)) : null;
    const announced = opened?.ok ? Capabilities.safeParse(opened.value) : null;
    if (announced?.success) {
      const { version, capabilities } = announced.data;
      return { kind: 'relay', server: { url: origin, encrypted, version, capabilities } };
    }
    if (await speaksTheApi(origin)) {
      return { kind: 'relay', server: { url: origin, encrypted, version: null, capabilities: [] } };
    }
    return {
      kind: 'failed',
      error: fail('not_a_relay', `status ${String(asked.answer.status)}`).error,
      plainMayHelp: false,
    };
  }

  const waiting = [...candidates.value];
  let failure: AppError | null = null;
  let moves = 0;
  for (let origin = waiting.shift(); origin !== undefined; origin = waiting.shift()) {
    const tried = await tryOrigin(origin);
    if (tried.kind === 'relay') return ok(tried.server);
    if (tried.kind === 'moved') {
      if (moves++ === 0) waiting.unshift(tried.origin);
      else failure = fail('not_a_relay', 'moved more than once').error;
      continue;
    }
    logger.info('probe.failed', { code: tried.error.code, encrypted: origin.startsWith('https:') });
    failure = worse(failure, tried.error);
    if (!tried.plainMayHelp) break;
  }
  return { ok: false, error: failure ?? fail('server_unreachable', 'nothing to try').error };
}

/** The more informative of two errors: an answer beats a broken handshake beats silence. */
function worse(a: AppError | null, b: AppError): AppError {
  const weight = (error: AppError): number =>
    ['offline', 'server_unreachable', 'server_timeout', 'tls_failed', 'bad_answer', 'not_a_relay'].indexOf(error.code);
  return a === null || weight(b) >= weight(a) ? b : a;
}
