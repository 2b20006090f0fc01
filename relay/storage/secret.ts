/** The secret that signs the tokens: given, or generated at first start and kept in the folder. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { StartError } from '../start-error.ts';
import { keptFile, reasonOf, writePrivately } from './folder.ts';

/** Size of the secret in bytes: the output size of HMAC-SHA256. */
export const SECRET_BYTES = 32;

/** Maximum size in bytes of a secret file, with room for what an editor may append. */
const MAX_LENGTH = 4096;
const HEX = /^(?:[0-9a-f]{2})+$/i;

function keepToOwner(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    throw new StartError(`${path} can be read by others, and that cannot be changed: ${reasonOf(error)}`);
  }
}

/**
 * The signing secret: the given one, otherwise the folder's own, readable by its owner only. Call it while the folder
 * is locked: two concurrent first starts must not generate one each.
 */
export function signingSecret(folder: string, given: string | undefined): Uint8Array {
  if (given !== undefined) {
    const secret = Buffer.from(given, 'utf8');
    if (secret.length < SECRET_BYTES) {
      throw new StartError(
        `RELAY_JWT_SECRET is too short: ${secret.length} bytes, at least ${SECRET_BYTES} are needed`,
      );
    }
    return secret;
  }
  const { path, size } = keptFile(folder, 'jwt-secret');
  if (size === null) writePrivately(path, randomBytes(SECRET_BYTES).toString('hex'));
  keepToOwner(path);
  const text = (size ?? 0) > MAX_LENGTH ? '' : readFileSync(path, 'utf8').trim();
  const secret = HEX.test(text) ? Buffer.from(text, 'hex') : Buffer.alloc(0);
  if (secret.length < SECRET_BYTES) {
    throw new StartError(`${path} does not hold a secret: remove it to get a new one (everybody signs in again)`);
  }
  return secret;
}
