/** What a feed says of the newest version: judged here, whatever the library made of it. Pure. */
import { z } from 'zod';
import type { UpdateProblem } from '#contract/model/updates.ts';
import { LARGEST_UPDATE } from '../../lib/update-address.ts';
import { mayReplace } from '../../lib/version.ts';

/** A SHA-512 in base64. Nothing weaker is accepted. */
const Sha512 = z.string().regex(/^[A-Za-z0-9+/]{86}==$/);

const Named = z.object({ version: z.string() });
const Offered = z.object({
  files: z
    .array(
      z.object({
        url: z.string().min(1).max(2048),
        sha512: Sha512,
        size: z.number().int().min(1).optional(),
      }),
    )
    .min(1)
    .max(64),
});

export type Offer =
  { kind: 'newer'; version: string } | { kind: 'current' } | { kind: 'refused'; problem: UpdateProblem };

/**
 * Reads it. An older or equal version is `current`, whatever else the feed demands; of a newer one every file must have
 * its checksum and a bearable size.
 * @param current version of the running program.
 */
export function readOffer(feed: unknown, current: string): Offer {
  const named = Named.safeParse(feed);
  if (!named.success) return { kind: 'refused', problem: 'bad_feed' };
  const { version } = named.data;
  const verdict = mayReplace(current, version);
  if (verdict === 'invalid') return { kind: 'refused', problem: 'bad_feed' };
  if (verdict === 'not_newer') return { kind: 'current' };
  const offered = Offered.safeParse(feed);
  if (!offered.success) return { kind: 'refused', problem: 'bad_feed' };
  if (offered.data.files.some(({ size = 0 }) => size > LARGEST_UPDATE))
    return { kind: 'refused', problem: 'too_large' };
  return { kind: 'newer', version };
}
