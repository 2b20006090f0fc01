/** The signed token that a person carries: one algorithm, no header that could lead elsewhere, checked in full each time. */
import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Id } from '#contract/api/shared.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'relay';
const AUDIENCE = 'relay';
const TYPE = 'JWT';

/** A text of base64url as its bytes are written: the spare bits of the last letter are zero, and there is no padding. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

/** Longer than any token of ours; a longer text is not worth verifying. */
const MAX_LENGTH = 2048;

/** `admin` only by the administrators' own log-in: the token of everyday life does not open the admin's doors. */
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

/** What a good token says. */
interface TokenClaims {
  userId: string;
  /** The holder's `token_version` when it was made. */
  version: number;
  scope: Scope;
}

/** The same, with the time (milliseconds since the epoch) at which it ends. */
interface VerifiedToken extends TokenClaims {
  expiresAt: number;
}

export interface Tokens {
  sign(claims: TokenClaims): Promise<string>;
  /** Null for whatever is no good token of this node; never says why to anybody but the log. */
  verify(token: string): Promise<VerifiedToken | null>;
}

/** @param lifetimeMs milliseconds a token is good for. */
export function createTokens(secret: Uint8Array, lifetimeMs: number, now: () => number): Tokens {
  const key = createSecretKey(secret);
  return {
    sign({ userId, version, scope }) {
      const issued = Math.floor(now() / 1000);
      return new SignJWT({ ver: version, scope })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issued)
        .setExpirationTime(issued + Math.floor(lifetimeMs / 1000))
        .sign(key);
    },
    async verify(token) {
      if (token.length > MAX_LENGTH) return null;
      // One token is one text: decoders that overlook spare bits would take many for the same.
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
        // kid, jku, jwk, x5u and whatever else a header may name: none of them is ours.
        if (!Header.safeParse(protectedHeader).success) return null;
        const claims = Claims.safeParse(payload);
        if (!claims.success) return null;
        const { sub, ver, scope, exp } = claims.data;
        return { userId: sub, version: ver, scope, expiresAt: exp * 1000 };
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        // jose throws plain TypeErrors for tokens of the wrong shape.
        if (error instanceof TypeError) return null;
        throw error;
      }
    },
  };
}
