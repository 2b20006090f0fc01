/** Authenticates the caller: the bearer token of a request, checked against what the row requires. */
import type { IncomingMessage } from 'node:http';
import type { RouteAccess } from '#contract/routes.ts';
import { RelayError } from '../errors.ts';
import type { Accounts, Caller } from '../services/accounts.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i;

/** The token of a request; null when there is none, or when the header occurs more than once. */
function bearerToken(request: Pick<IncomingMessage, 'headers' | 'headersDistinct'>): string | null {
  // Node keeps the first of two headers, but a proxy in front may have checked the second.
  if ((request.headersDistinct.authorization ?? []).length > 1) return null;
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/**
 * The caller if the row admits them; null for a public row.
 * @throws RelayError `unauthenticated`, `forbidden`.
 */
export async function admit(
  access: RouteAccess,
  request: IncomingMessage,
  address: string,
  accounts: Pick<Accounts, 'authenticate'>,
): Promise<Caller | null> {
  if (access === 'public') return null;
  const token = bearerToken(request);
  const caller = token === null ? null : await accounts.authenticate(token, address);
  if (!caller) throw new RelayError('unauthenticated', 'Sign in first.');
  if (access === 'admin' && caller.scope !== 'admin') {
    throw new RelayError('forbidden', 'Only an administrator may do this.');
  }
  return caller;
}
