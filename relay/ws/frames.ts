/** Parses a socket's bytes into a frame of the contract, or the reason why they are not one. Pure. */
import { ClientId } from '#contract/api/message.ts';
import { ClientFrame } from '#contract/ws/client-frames.ts';
import { RelayError } from '../errors.ts';
import { validationError } from '../http/field-problems.ts';
import { parseJson } from '../http/json.ts';

export type ParsedFrame =
  | { ok: true; frame: ClientFrame }
  /** Well-formed, but not a known or valid frame: the connection may continue. */
  | { ok: false; fatal: false; error: RelayError; clientId: string | null }
  /** Not a frame at all. */
  | { ok: false; fatal: true };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The key of a refused send, so that the client knows which one it was. */
function clientIdOf(json: Record<string, unknown>): string | null {
  const data = json.data;
  const key = ClientId.safeParse(isRecord(data) ? data.clientId : undefined);
  return key.success ? key.data : null;
}

/** Reports problems for the fields of `data`, the way a response reports them for a request body. */
function refusalOf(json: Record<string, unknown>, issues: Parameters<typeof validationError>[0]['issues']): RelayError {
  if (issues.some((issue) => issue.path[0] === 'type')) return new RelayError('bad_request', 'There is no such frame.');
  const inData = issues.map((issue) => (issue.path[0] === 'data' ? { ...issue, path: issue.path.slice(1) } : issue));
  return validationError({ issues: inData }, json.data);
}

/** Parses one text message of a socket. */
export function parseFrame(bytes: Uint8Array): ParsedFrame {
  let json: unknown;
  try {
    json = parseJson(bytes);
  } catch (error) {
    if (error instanceof RelayError) return { ok: false, fatal: true };
    throw error;
  }
  if (!isRecord(json) || typeof json.type !== 'string') return { ok: false, fatal: true };
  const parsed = ClientFrame.safeParse(json);
  if (parsed.success) return { ok: true, frame: parsed.data };
  return { ok: false, fatal: false, error: refusalOf(json, parsed.error.issues), clientId: clientIdOf(json) };
}

/** The text of an `error` frame. @param clientId of the refused send. */
export function errorFrame({ code, message, retryAfterMs }: RelayError, clientId: string | null = null): string {
  const data = {
    code,
    message,
    ...(clientId === null ? {} : { clientId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) }),
  };
  return JSON.stringify({ type: 'error', data });
}

/** The key of a frame that was parsed but will not be served. */
export function keyOf(parsed: ParsedFrame): string | null {
  if (parsed.ok) return parsed.frame.type === 'message:send' ? (parsed.frame.data.clientId ?? null) : null;
  return parsed.fatal ? null : parsed.clientId;
}
