/**
 * Signed tokens: a single algorithm, no headers that point elsewhere, and full verification. What was verified is kept
 * for the next time, under the token's digest: its claims never change, and its lifetime is checked every time. Whether
 * the user's version is still that of the token is up to the caller.
 */
import { createSecretKey, hash } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Id } from '#contract/api/shared.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'relay';
const AUDIENCE = 'relay';
const TYPE = 'JWT';

/** True for canonical base64url: the unused bits of the last character are zero, and there is no padding. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

/** Longer than any token we issue; anything longer is not worth verifying. */
const MAX_LENGTH = 2048;

/** About 4 MB. */
const MAX_VERIFIED = 20_000;

/** An administrator's token ends within the hour, however long everyday ones last. */
const ADMIN_LIFETIME_MS = 60 * 60_000;

/** `admin` is issued only by the administrators' own log-in: an everyday token does not open the admin routes. */
const SCOPES = ['user', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

const Claims = z.object({
  sub: Id,
  ver: z.number().int().min(1),
  scope: z.enum(SCOPES),
  iat: z.number().int(),
  exp: z.number().int(),
});
const Header = z.strictObject({ alg: z.literal(ALGORITHM), typ: z.literal(TYPE) });

/** The claims of a valid token. */
interface TokenClaims {
  userId: string;
  /** The user's `token_version` when it was issued. */
  version: number;
  scope: Scope;
}

/** The same, plus when it expires (milliseconds since the epoch). */
interface VerifiedToken extends TokenClaims {
  expiresAt: number;
}

export interface Tokens {
  sign(claims: TokenClaims): Promise<string>;
  /** Null for anything but a valid token of this node, without a reason. */
  verify(token: string): Promise<VerifiedToken | null>;
  /** How long a token of that scope is good for, in seconds. */
  lifetimeSeconds(scope: Scope): number;
}

/**
 * @param lifetimeMs token lifetime in milliseconds.
 * @param maxVerified verified tokens to keep; the least recently used is evicted first. Invalid ones are not kept.
 */
export function createTokens(
  secret: Uint8Array,
  lifetimeMs: number,
  now: () => number,
  maxVerified = MAX_VERIFIED,
): Tokens {
  const key = createSecretKey(secret);
  const verified = new Map<string, VerifiedToken>();
  const lifetimeSeconds = (scope: Scope): number =>
    Math.floor((scope === 'admin' ? Math.min(ADMIN_LIFETIME_MS, lifetimeMs) : lifetimeMs) / 1000);

  function remember(digest: string, token: VerifiedToken): void {
    // Deleting first moves it to the end: the map is in order of last use.
    verified.delete(digest);
    verified.set(digest, token);
    const oldest = verified.keys().next();
    if (verified.size > maxVerified && !oldest.done) verified.delete(oldest.value);
  }

  async function verifyAnew(token: string): Promise<VerifiedToken | null> {
    // One token has one spelling: lenient decoders that ignore unused bits would accept many.
    if (!token.split('.').every(isCanonical)) return null;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'iat', 'sub'],
        currentDate: new Date(now()),
      });
      // We use none of kid, jku, jwk, x5u or any other optional header.
      if (!Header.safeParse(protectedHeader).success) return null;
      const claims = Claims.safeParse(payload);
      if (!claims.success) return null;
      const { sub, ver, scope, exp } = claims.data;
      return { userId: sub, version: ver, scope, expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      // jose throws plain TypeErrors for malformed tokens.
      if (error instanceof TypeError) return null;
      throw error;
    }
  }

  return {
    lifetimeSeconds,
    sign({ userId, version, scope }) {
      const issued = Math.floor(now() / 1000);
      return new SignJWT({ ver: version, scope })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issued)
        .setExpirationTime(issued + lifetimeSeconds(scope))
        .sign(key);
    },
    async verify(token) {
      if (token.length > MAX_LENGTH) return null;
      const digest = hash('sha256', token, 'base64');
      const found = verified.get(digest) ?? (await verifyAnew(token));
      if (!found || found.expiresAt <= now()) {
        verified.delete(digest);
        return null;
      }
      remember(digest, found);
      return found;
    },
  };
}
