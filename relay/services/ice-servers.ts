/**
 * The servers that help both sides of a call to reach each other. Credentials for TURN are what coturn expects with
 * `use-auth-secret`: the name is the second at which they end and the person, the password its HMAC with the shared
 * secret. So they are checked without asking this node, and end by themselves.
 */
import { createHmac } from 'node:crypto';
import type { IceServerEntry } from '#contract/api/call.ts';

export interface IceSettings {
  /** `stun:host:port`. */
  stun?: readonly string[];
  turn?: {
    /** `turn:host:port?transport=udp`, `turns:…`. */
    urls: readonly string[];
    /** The `static-auth-secret` of the TURN server. */
    secret: string;
    /** Milliseconds for which credentials are good. */
    lifetimeMs?: number;
  };
}

/** Long enough for a call to begin; a call that runs keeps its way. */
const LIFETIME_MS = 60 * 60_000;
/** Addresses per entry, as the contract has it. */
const MOST_URLS = 8;

/** Whether there is anything to tell. */
export function hasIceServers({ stun = [], turn }: IceSettings): boolean {
  return stun.length > 0 || (turn?.urls.length ?? 0) > 0;
}

/** @param now milliseconds since the epoch. */
export function iceServersFor({ stun = [], turn }: IceSettings, userId: string, now: number): IceServerEntry[] {
  const entries: IceServerEntry[] = [];
  if (stun.length > 0) entries.push({ urls: stun.slice(0, MOST_URLS) });
  if (turn && turn.urls.length > 0) {
    const username = `${Math.floor((now + (turn.lifetimeMs ?? LIFETIME_MS)) / 1000)}:${userId}`;
    const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
    entries.push({ urls: turn.urls.slice(0, MOST_URLS), username, credential });
  }
  return entries;
}
