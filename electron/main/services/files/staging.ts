/**
 * Takes a file of this computer for sending: where it really is, that it is a regular file of a size that can be sent,
 * what it is by its bytes, and what is left out of it. Nothing of it is copied.
 */
import { randomBytes } from 'node:crypto';
import { lstat, realpath } from 'node:fs/promises';
import { ok, fail, type Result } from '#contract/model/errors.ts';
import { MAX_UPLOAD_BYTES } from '#contract/model/limits.ts';
import { cleanName } from '../../lib/file-names.ts';
import { REDUCED_SIDE } from '../../lib/picture-size.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { StagedUpload } from '../store/staged-upload.ts';
import { type FileIdentity, type OpenFile, withFile } from './file-source.ts';
import type { ReadAt } from './pictures/bytes.ts';
import type { PictureScan, SendPlan } from './pictures/plan.ts';
import { canStrip, scanPicture } from './pictures/scan.ts';
import { SNIFFED_BYTES, typeOf } from './sniff.ts';
import { scanTags, type TagScan } from './tags/clean.ts';

/** Bytes above which a picture may be sent smaller even if its sides are not long. */
const LARGE_PICTURE = 1024 * 1024;
/** Pixels above which the page does not decode a picture to make a smaller one. */
const MOST_REDUCED_PIXELS = 64_000_000;
/** What a picture is called that is none. */
const UNKNOWN = 'application/octet-stream';
const NO_TAGS: TagScan = { plan: null, mayKeepTags: false };

/** A new id of an upload: nobody can guess it. */
export function newUploadId(): string {
  return randomBytes(16).toString('base64url');
}

/** What a file is, as far as it decides how it is shown and sent. */
interface Look {
  mimeType: string;
  scan: PictureScan | null;
  /** Of a container that is no plain picture: a film, sound, HEIC. */
  tags: TagScan;
}

/** Looks into an open file. A picture that is none by its structure is a document. */
async function lookInto({ identity, read }: OpenFile, name: string, { said = '', voice }: StageInput): Promise<Look> {
  const head = await read(0, Math.min(SNIFFED_BYTES, identity.size));
  const mimeType = typeOf(head, name, said);
  const scan = await scanPicture(mimeType, read, identity.size);
  const isBroken = scan === null && canStrip(mimeType);
  // What we have recorded ourselves has none.
  const tags = voice ? NO_TAGS : await scanTags(mimeType, read, identity.size);
  return { mimeType: isBroken ? UNKNOWN : mimeType, scan, tags };
}

function canBeReduced({ mimeType, scan }: Look, size: number): boolean {
  if (!scan || scan.isAnimated || !canStrip(mimeType)) return false;
  const { width, height } = scan;
  const isLarge = Math.max(width, height) > REDUCED_SIDE || size > LARGE_PICTURE;
  return isLarge && width * height <= MOST_REDUCED_PIXELS;
}

/** The tags of a file of a known type: how it is sent without them, and whether it may keep some. */
export async function tagsOf(mimeType: string, read: ReadAt, { size }: FileIdentity): Promise<TagScan> {
  if (!canStrip(mimeType)) return scanTags(mimeType, read, size);
  return { plan: (await scanPicture(mimeType, read, size))?.plan ?? null, mayKeepTags: false };
}

/** What of a file is sent; null: all of it. Found out again for each run: only its size is stored. */
export async function planOf(
  mimeType: string,
  read: ReadAt,
  identity: FileIdentity,
  keepTags: boolean,
): Promise<SendPlan | null> {
  return keepTags ? null : (await tagsOf(mimeType, read, identity)).plan;
}

export interface StageInput {
  path: string;
  /** As the page has it. */
  name: string;
  chatId: string;
  /** The type as the page says it; only decides between sound and film. */
  said?: string;
  voice?: boolean;
  /** It lies in our own folder. */
  own?: boolean;
  /** It is a smaller copy of a picture. */
  reduced?: boolean;
  id?: string;
}

/** Inspects a file that the user has chosen. Never throws. */
export async function stageFile(input: StageInput): Promise<Result<StagedUpload>> {
  try {
    // The last part is not followed: what stands behind a link is not what the user sees.
    const stats = await lstat(input.path);
    if (stats.isSymbolicLink()) return fail('file_is_link', 'a link');
    if (stats.isDirectory()) return fail('file_is_folder', 'a folder');
    const path = await realpath(input.path);
    return await withFile(path, async (file) => {
      const { identity } = file;
      if (identity.size === 0) return fail('file_empty', 'no bytes');
      if (identity.size > MAX_UPLOAD_BYTES) return fail('file_too_large', 'too many bytes');
      const name = cleanName(input.name);
      const look = await lookInto(file, name, input);
      const { mayKeepTags } = look.tags;
      // What may keep some is sent as it is, and says so.
      const plan = mayKeepTags ? null : (look.scan?.plan ?? look.tags.plan);
      const staged: StagedUpload = {
        id: input.id ?? newUploadId(),
        chatId: input.chatId,
        name,
        mimeType: look.mimeType,
        size: plan?.size ?? identity.size,
        width: look.scan?.width ?? null,
        height: look.scan?.height ?? null,
        voice: input.voice ?? false,
        path,
        own: input.own ?? false,
        identity,
        tagged: plan !== null || mayKeepTags,
        keepTags: mayKeepTags,
        canReduce: canBeReduced(look, identity.size),
        reduced: input.reduced ?? false,
      };
      return ok(staged);
    });
  } catch (error) {
    return { ok: false, error: failureOf(error) };
  }
}

/** Why a file could not be read. */
export function failureOf(error: unknown): TransferFailed['failure'] {
  if (error instanceof TransferFailed) return error.failure;
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const isGone = code === 'ENOENT' || code === 'ENOTDIR';
  return { code: isGone ? 'file_gone' : 'file_unreadable', message: String(code) };
}
