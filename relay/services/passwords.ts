/**
 * Password hashes that record their own algorithm and cost: argon2id if the runtime has it, otherwise scrypt (both from
 * node:crypto, off the event loop). Either can be verified by any runtime that supports it.
 */
import * as crypto from 'node:crypto';
import type { RelayLimits } from '../limits.ts';
import { tooMany } from './budgets.ts';
import { createFairQueue } from './fair-queue.ts';

export type PasswordAlgorithm = 'argon2id' | 'scrypt';

/** The cost of one hash. */
export interface PasswordCost {
  /** argon2id: KiB of memory and number of passes. */
  memoryKiB: number;
  passes: number;
  /** scrypt: the exponent of N; r is 8 and p is 1. */
  scryptLogN: number;
}

/** 19 MiB and two passes, about 35 ms; scrypt with 32 MiB takes about as long. */
export const DEFAULT_COST: PasswordCost = { memoryKiB: 19_456, passes: 2, scryptLogN: 15 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Maximum cost accepted from a stored hash: a tampered row must not be able to stall the node. */
const MAX_COST: PasswordCost = { memoryKiB: 1 << 18, passes: 16, scryptLogN: 18 };

function hasArgon2(): boolean {
  return typeof crypto.argon2 === 'function';
}

function argon2id(password: Buffer, salt: Buffer, memoryKiB: number, passes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    crypto.argon2(
      'argon2id',
      { message: password, nonce: salt, parallelism: 1, tagLength: KEY_BYTES, memory: memoryKiB, passes },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}

function scrypt(password: Buffer, salt: Buffer, logN: number): Promise<Buffer> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    crypto.scrypt(password, salt, KEY_BYTES, { N, r: 8, p: 1, maxmem: 256 * N * 8 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

// The same password may arrive composed or decomposed, depending on the system it is typed on.
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'), 'utf8');
}

const ARGON2 = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const SCRYPT = /^\$scrypt\$ln=(\d{1,2}),r=8,p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** Hashes with a fresh salt. */
export async function hashPassword(
  password: string,
  cost: PasswordCost,
  algorithm: PasswordAlgorithm = hasArgon2() ? 'argon2id' : 'scrypt',
): Promise<string> {
  const salt = crypto.randomBytes(SALT_BYTES);
  if (algorithm === 'argon2id') {
    const key = await argon2id(bytesOf(password), salt, cost.memoryKiB, cost.passes);
    return `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=1$${base64(salt)}$${base64(key)}`;
  }
  const key = await scrypt(bytesOf(password), salt, cost.scryptLogN);
  return `$scrypt$ln=${cost.scryptLogN},r=8,p=1$${base64(salt)}$${base64(key)}`;
}

/**
 * True when the password matches the hash.
 * @throws when the hash is malformed, or names an algorithm this runtime lacks.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const argon = ARGON2.exec(hash);
  const [salt, key] = argon ? [argon[3], argon[4]] : (SCRYPT.exec(hash)?.slice(2) ?? []);
  if (salt === undefined || key === undefined) throw new Error('a stored password hash is not readable');
  const wanted = Buffer.from(key, 'base64');
  const saltBytes = Buffer.from(salt, 'base64');
  let made: Buffer;
  if (argon) {
    const memoryKiB = Number(argon[1]);
    const passes = Number(argon[2]);
    if (memoryKiB > MAX_COST.memoryKiB || passes > MAX_COST.passes)
      throw new Error('a stored hash names too high a cost');
    if (!hasArgon2()) throw new Error('this runtime cannot verify argon2id: run the relay with Node 24 or newer');
    made = await argon2id(bytesOf(password), saltBytes, memoryKiB, passes);
  } else {
    const logN = Number(SCRYPT.exec(hash)?.[1]);
    if (logN > MAX_COST.scryptLogN) throw new Error('a stored hash names too high a cost');
    made = await scrypt(bytesOf(password), saltBytes, logN);
  }
  return wanted.length === made.length && crypto.timingSafeEqual(wanted, made);
}

export interface Passwords {
  /** @param lane the fair-queue lane: an address, or an account at its known place. */
  hash(password: string, lane: string): Promise<string>;
  /** `stored` is null for an unknown username: takes as long as a wrong password and returns false. */
  verify(password: string, stored: string | null, lane: string): Promise<boolean>;
}

/**
 * Queued hashing: each hash takes a thread and megabytes, so few run concurrently, the rest wait in lanes, and a flood
 * is refused with 429 instead of piling up.
 */
export function createPasswords(
  cost: PasswordCost,
  limits: Pick<RelayLimits, 'hashesAtOnce' | 'waitingHashes' | 'waitingHashesPerAddress'>,
): Passwords {
  const turns = createFairQueue({
    atOnce: limits.hashesAtOnce,
    waiting: limits.waitingHashes,
    waitingPerLane: limits.waitingHashesPerAddress,
    refusal: () => tooMany('Too many people are signing in at this moment.', 1000),
  });
  // The hash of a random string, at the same cost as a real one.
  let decoy: Promise<string> | null = null;

  return {
    hash: (password, lane) => turns.take(lane, () => hashPassword(password, cost)),
    verify: (password, stored, lane) =>
      turns.take(lane, async () => {
        if (stored !== null) return verifyPassword(password, stored);
        decoy ??= hashPassword(crypto.randomBytes(SALT_BYTES).toString('hex'), cost);
        await verifyPassword(password, await decoy);
        return false;
      }),
  };
}
