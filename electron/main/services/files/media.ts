/**
 * Answers the page's requests for media: pictures, sound and films of messages, people's pictures, and files on their way
 * out. The page names what main has named to it; main knows which account and which file that is, adds the token, and
 * keeps what comes on the disk.
 */
import { type AskedRange, type ByteRange, resolveRange } from '#contract/api/byte-range.ts';
import type { FileVariant } from '#contract/api/file.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { inlineType } from '#contract/model/media-types.ts';
import { mediaKey } from '../../lib/cache-name.ts';
import { type MediaKind, readMediaId } from '../../lib/media-id.ts';
import type { MediaOpener, MediaProblem, OpenedMedia } from '../../lib/media.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { AccountContext, Download, Logger } from '../ports.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import { BLOCK_BYTES, type CachedFile, type FetchRange } from './cached-file.ts';
import { fileSource } from './file-source.ts';
import type { MediaCache } from './media-cache.ts';

/** What is known of a file of a message. */
export interface KnownFile {
  mimeType: string;
  size: number;
}

/** An open account, as far as media need it. */
export interface MediaAccount {
  readonly connection: Pick<AccountContext, 'api' | 'has'> | null;
  /** A file of a message that is stored here; null when there is none. */
  knownFile(id: string): Promise<KnownFile | null>;
  /** A file on its way out; null when there is none. */
  upload(id: string): UploadRecord | null;
  /** The file of a message that an upload has become; null when it has not left, or not in this run. */
  sentAs(id: string): string | null;
}

export interface MediaOptions {
  /** The open account that this stands for in addresses. */
  accountOf(tag: string): MediaAccount | null;
  cache: MediaCache;
  logger: Logger;
}

const VARIANTS: Partial<Record<MediaKind, FileVariant>> = {
  thumb: 'thumb',
  preview: 'preview',
  cover: 'cover',
  avatar: 'thumb',
};

/** The largest picture that stands in where a smaller one is missing, in bytes. */
const LARGEST_STAND_IN = 10 * 1024 * 1024;

const UNKNOWN: MediaProblem = { problem: 'unknown' };
const UNAVAILABLE: MediaProblem = { problem: 'unavailable' };

/** Codes by which the server says that there is no such file for this user. */
const NOT_THERE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['not_found', 'forbidden', 'validation', 'bad_request']);

interface Wanted {
  tag: string;
  id: string;
  variant: FileVariant | null;
  known: KnownFile | null;
}

export interface Media extends MediaOpener {
  /**
   * Opens a person's picture itself, in place of the smaller one that the page shows: the system's notifications decode
   * PNG and JPEG only. Never throws.
   * @param id of an avatar, as for `open`.
   */
  openAvatar(id: string, signal: AbortSignal): Promise<OpenedMedia | MediaProblem>;
}

export function createMedia(options: MediaOptions): Media {
  const { cache, logger } = options;

  /** Opens the bytes at the server. @throws TransferFailed with the reason. */
  async function ask(
    account: MediaAccount,
    { id, variant }: Wanted,
    range: { start: number; end?: number },
    more: { etag: string | null; signal: AbortSignal },
  ): Promise<Download> {
    if (!account.connection) throw new TransferFailed('unauthenticated', 'no token');
    const answer = await account.connection.api.download(
      'download',
      { params: { id }, ...(variant === null ? {} : { query: { variant } }) },
      { signal: more.signal, range, ...(more.etag === null ? {} : { ifRange: more.etag }) },
    );
    if (answer.ok) return answer.value;
    throw new TransferFailed(answer.error.code, answer.error.message);
  }

  const keyOf = ({ id, variant }: Wanted): string => mediaKey(id, variant);

  /** The cached file, with what is known of its size and type; asks the server when nothing of it is here. */
  async function fileOf(
    account: MediaAccount,
    wanted: Wanted,
    range: AskedRange | null,
    signal: AbortSignal,
  ): Promise<{ file: CachedFile; first: Download | null }> {
    const key = keyOf(wanted);
    const cached = await cache.find(wanted.tag, key);
    if (cached) return { file: cached, first: null };
    const start = range && 'start' in range ? range.start : 0;
    // A file that is known is asked for where it is wanted, and its size is right there.
    const isInside = wanted.known !== null && start < wanted.known.size;
    const from = isInside ? start - (start % BLOCK_BYTES) : 0;
    const first = await ask(account, wanted, { start: from }, { etag: null, signal });
    const size = first.size ?? wanted.known?.size ?? null;
    if (size === null || size === 0) {
      first.cancel();
      throw new TransferFailed('bad_answer', 'no size');
    }
    const known = wanted.variant === null ? wanted.known?.mimeType : undefined;
    const type = known ?? first.type ?? 'application/octet-stream';
    const file = await cache.begin(wanted.tag, key, { size, type, etag: first.etag });
    return { file, first };
  }

  /** The next run of bytes: the one that told of the file, if it is the one that is wanted, else another. */
  function fetchOf(
    account: MediaAccount,
    wanted: Wanted,
    { file, first }: { file: CachedFile; first: Download | null },
    signal: AbortSignal,
  ): FetchRange {
    let unused = first;
    return async (range) => {
      const begun = unused;
      unused = null;
      if (begun?.start === range.start) return begun;
      begun?.cancel();
      const { etag, size } = file.facts;
      const download = await ask(account, wanted, range, { etag, signal });
      const isSame = (download.etag ?? etag) === (etag ?? download.etag) && (download.size ?? size) === size;
      if (isSame && download.start <= range.start) return download;
      // Other bytes than those that are here: none of them are of use any more.
      download.cancel();
      await cache.drop(wanted.tag, keyOf(wanted));
      throw new TransferFailed('file_changed', 'another file at the server');
    };
  }

  async function openRemote(
    account: MediaAccount,
    wanted: Wanted,
    range: AskedRange | null,
    signal: AbortSignal,
  ): Promise<OpenedMedia | MediaProblem> {
    const found = await fileOf(account, wanted, range, signal);
    const { file, first } = found;
    const { size } = file.facts;
    const part = range && resolveRange(range, size);
    const isTooLarge = wanted.known === null && size > LARGEST_STAND_IN;
    const isPicture = wanted.variant !== null || wanted.known === null;
    const type = wanted.variant === null ? (wanted.known?.mimeType ?? file.facts.type) : file.facts.type;
    if (isTooLarge || (isPicture && !(inlineType(type) ?? '').startsWith('image/'))) {
      first?.cancel();
      return UNKNOWN;
    }
    if (range && !part) {
      first?.cancel();
      return { problem: 'out_of_range', size };
    }
    const whole: ByteRange = { start: 0, end: size - 1 };
    const fetchRange = fetchOf(account, wanted, found, signal);
    return { type, size, part, body: file.read(part ?? whole, fetchRange), cancel: () => first?.cancel() };
  }

  /** The picture of that kind, or the file itself where the server has none. */
  async function openPicture(
    account: MediaAccount,
    wanted: Wanted,
    range: AskedRange | null,
    signal: AbortSignal,
  ): Promise<OpenedMedia | MediaProblem> {
    const hasVariants = account.connection?.has('files') ?? true;
    try {
      if (hasVariants) return await openRemote(account, wanted, range, signal);
    } catch (error) {
      if (!(error instanceof TransferFailed) || error.failure.code !== 'not_found') throw error;
    }
    if (wanted.variant === 'cover' || wanted.variant === 'preview') return UNKNOWN;
    if (wanted.known && wanted.known.size > LARGEST_STAND_IN) return UNKNOWN;
    return openRemote(account, { ...wanted, variant: null }, range, signal);
  }

  function openUpload(upload: UploadRecord, range: AskedRange | null): OpenedMedia | MediaProblem {
    const { path, identity, mimeType } = upload;
    const { size } = identity;
    const part = range && resolveRange(range, size);
    if (range && !part) return { problem: 'out_of_range', size };
    const { start, end } = part ?? { start: 0, end: size - 1 };
    const plan = { segments: [{ from: start, to: end + 1 }], size: end + 1 - start };
    const body = fileSource({ path, identity, plan }).open();
    return { type: mimeType, size, part, body, cancel: () => undefined };
  }

  async function openKind(
    media: NonNullable<ReturnType<typeof readMediaId>>,
    account: MediaAccount,
    range: AskedRange | null,
    signal: AbortSignal,
  ): Promise<OpenedMedia | MediaProblem> {
    const { kind, tag, id } = media;
    if (kind === 'upload') {
      const upload = account.upload(id);
      if (upload) return openUpload(upload, range);
      // The page may still ask, and a film go on playing, when the message has just left.
      const sent = account.sentAs(id);
      return sent === null ? UNKNOWN : openKind({ kind: 'file', tag, id: sent }, account, range, signal);
    }
    const known = kind === 'avatar' ? null : await account.knownFile(id);
    if (kind !== 'avatar' && !known) return UNKNOWN;
    const variant = VARIANTS[kind] ?? null;
    const wanted: Wanted = { tag, id, variant, known };
    return variant === null ? openRemote(account, wanted, range, signal) : openPicture(account, wanted, range, signal);
  }

  /** Opens what an id stands for, in a way that may fail. */
  async function openBy(
    mediaId: string,
    open: (
      media: NonNullable<ReturnType<typeof readMediaId>>,
      account: MediaAccount,
    ) => Promise<OpenedMedia | MediaProblem>,
  ): Promise<OpenedMedia | MediaProblem> {
    const media = readMediaId(mediaId);
    const account = media && options.accountOf(media.tag);
    if (!media || !account) return UNKNOWN;
    try {
      return await open(media, account);
    } catch (error) {
      if (!(error instanceof TransferFailed)) throw error;
      const { code } = error.failure;
      logger.info('media.not_opened', { kind: media.kind, code });
      return NOT_THERE.has(code) ? UNKNOWN : UNAVAILABLE;
    }
  }

  return {
    open: (mediaId, range, signal) => openBy(mediaId, (media, account) => openKind(media, account, range, signal)),
    openAvatar: (mediaId, signal) =>
      openBy(mediaId, async ({ kind, tag, id }, account) =>
        kind === 'avatar' ? openRemote(account, { tag, id, variant: null, known: null }, null, signal) : UNKNOWN,
      ),
  };
}
