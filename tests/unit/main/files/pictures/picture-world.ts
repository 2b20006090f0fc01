/** Real pictures for the tests: made by a real encoder, tagged as cameras and editors tag them. */
import sharp, { type Sharp } from 'sharp';
import type { ReadAt } from '../../../../../electron/main/services/files/pictures/bytes.ts';
import type { SendPlan } from '../../../../../electron/main/services/files/pictures/plan.ts';
import { scanPicture } from '../../../../../electron/main/services/files/pictures/scan.ts';

/** Words that stand in the tags, and nowhere else. */
export const SECRETS = ['SecretCamera', 'SecretAuthor', 'SecretPlace'];

export type Format = 'jpeg' | 'png' | 'webp';

/** A picture in which no pixel is like another. */
export function plain(width = 40, height = 24): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let n = 0; n < pixels.length; n += 1) pixels[n] = (n * 7 + (n >> 5) * 13) % 256;
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"
 dc:creator="SecretAuthor"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

/** The same with EXIF (camera, place), XMP, a colour profile, and an orientation where one is given. */
export function tagged(format: Format, orientation?: number): Promise<Buffer> {
  return plain()
    .withIccProfile('p3')
    .withExif({
      IFD0: { Make: 'SecretCamera', ImageDescription: 'SecretPlace' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .withXmp(XMP)
    .withMetadata(orientation === undefined ? {} : { orientation })
    .toFormat(format)
    .toBuffer();
}

export const reading =
  (bytes: Uint8Array): ReadAt =>
  async (at, length) =>
    bytes.subarray(at, at + length);

/** What a plan makes of a file. */
export function sent(bytes: Uint8Array, plan: SendPlan): Buffer {
  const parts = plan.segments.map((part) => ('bytes' in part ? part.bytes : bytes.subarray(part.from, part.to)));
  return Buffer.concat(parts);
}

export async function strip(format: Format, bytes: Buffer): Promise<Buffer> {
  const scan = await scanPicture(`image/${format}`, reading(bytes), bytes.length);
  if (!scan) throw new Error('no picture');
  const result = scan.plan ? sent(bytes, scan.plan) : bytes;
  if (scan.plan && result.length !== scan.plan.size) throw new Error('another size than it said');
  return result;
}

/** The pixels as they are shown. */
export const pixels = (bytes: Buffer): Promise<Buffer> => sharp(bytes).autoOrient().raw().toBuffer();
