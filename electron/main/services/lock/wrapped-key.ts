/**
 * A key that only a PIN can read: AES-256-GCM under a key that scrypt makes of the PIN. The cost of scrypt is stored
 * with it, so that it can grow. Nothing here keeps the PIN.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

const IV_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** The cost of one try: 128 MiB and some tenths of a second. */
export const USUAL_COST = { N: 2 ** 17, r: 8, p: 1 } as const;
export interface ScryptCost {
  N: number;
  r: number;
  p: number;
}

export const WrappedKey = z.object({
  salt: z.base64().min(16).max(256),
  cost: z.object({
    N: z
      .number()
      .int()
      .min(2)
      .max(2 ** 20),
    r: z.number().int().min(1).max(32),
    p: z.number().int().min(1).max(16),
  }),
  /** IV, tag and ciphertext. */
  key: z.base64().min(16).max(256),
});
export type WrappedKey = z.infer<typeof WrappedKey>;

function keyOf(pin: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The same PIN typed with another input method is the same PIN.
    scrypt(pin.normalize('NFKC'), salt, KEY_BYTES, { ...cost, maxmem: 256 * cost.N * cost.r }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** Seals bytes under a key: IV, tag and ciphertext in base64. */
export function seal(key: Buffer, plain: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Opens what was sealed; null if the key is another one, or the bytes are not what was sealed. */
export function unseal(key: Buffer, sealed: string): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (error) {
    // GCM tells apart only right from wrong; everything else is a fault of ours.
    if (error instanceof Error && /authenticate/i.test(error.message)) return null;
    throw error;
  }
}

/** Wraps a key with a PIN. */
export async function wrapKey(key: Buffer, pin: string, cost: ScryptCost): Promise<WrappedKey> {
  const salt = randomBytes(16);
  const wrapping = await keyOf(pin, salt, cost);
  const wrapped = { salt: salt.toString('base64'), cost: { ...cost }, key: seal(wrapping, key) };
  wrapping.fill(0);
  return wrapped;
}

/** The key, or null if the PIN is wrong. */
export async function unwrapKey(wrapped: WrappedKey, pin: string): Promise<Buffer | null> {
  const wrapping = await keyOf(pin, Buffer.from(wrapped.salt, 'base64'), wrapped.cost);
  const key = unseal(wrapping, wrapped.key);
  wrapping.fill(0);
  return key?.length === KEY_BYTES ? key : null;
}
