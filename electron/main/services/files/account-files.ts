/** The files of one account: staged, kept in order, sent and taken back; saved and copied. */
import type { UploadList, UploadView } from '#contract/ipc/file-views.ts';
import { type ErrorCode, fail, ok, type Result } from '#contract/model/errors.ts';
import { LIBRARY_PLACE, PROFILE_CHAT } from '#contract/model/limits.ts';
import { fileKind, type FileKind } from '#contract/model/media-types.ts';
import type { AccountSink, Clock, FilesSystem, Logger, Random } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';
import type { UploadResult } from '../store/ops/upload-operations.ts';
import type { ChangeSet } from '../store/protocol.ts';
import type { StagedUpload } from '../store/staged-upload.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import { Downloads } from './downloads.ts';
import { createFileBytes, type FileBytes } from './file-bytes.ts';
import { isSameFile, withFile } from './file-source.ts';
import type { MediaCache } from './media-cache.ts';
import { sendFile } from './send-file.ts';
import type { UploadSlots } from './slots.ts';
import { StagedBytes } from './staged-bytes.ts';
import { failureOf, stageFile, tagsOf } from './staging.ts';
import { type UploadConnection, UploadQueue } from './upload-queue.ts';
import { voiceName } from './voice-name.ts';

type Store = Pick<
  WriterApi,
  | 'uploads'
  | 'knownFile'
  | 'hasChat'
  | 'addUpload'
  | 'moveUpload'
  | 'refuseUpload'
  | 'uploadStored'
  | 'setUploadSession'
  | 'keepUploadTags'
  | 'arrangeUploads'
  | 'removeUpload'
  | 'restoreUpload'
>;

/** The most uploads of a chat that wait in its composer, and the most on their way to the library. */
const MOST_IN_COMPOSER = 100;
const MOST_FOR_LIBRARY = 500;
/** Kinds of which the server may make a track: sound alone is not always told from film here. */
const SOUNDS: ReadonlySet<FileKind> = new Set<FileKind>(['audio', 'video']);

/** What the files of all accounts share. */
export interface SharedFiles {
  /** Connections for uploads. */
  slots: UploadSlots;
  cache: MediaCache;
  system: FilesSystem;
}

export interface AccountFilesOptions {
  store: Store;
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  publish: (changes: ChangeSet) => void;
  /** Shared by all accounts. */
  shared: SharedFiles;
  /** Stands for the account in addresses. */
  tag: string;
  /** Where bytes without a file are collected; only for this account. */
  folder: string;
}

export class AccountFiles {
  readonly #options: AccountFilesOptions;
  readonly #bytes: StagedBytes;
  readonly #queue: UploadQueue;
  readonly #fileBytes: FileBytes;
  /** Files on their way to a folder of the user. */
  readonly downloads: Downloads;
  #connection: UploadConnection | null = null;
  /** What is being collected, by its id: the page names it again with each piece. */
  readonly #collected = new Map<string, string>();

  constructor(options: AccountFilesOptions) {
    const { folder, clock, logger, store, tag, shared } = options;
    const connection = (): UploadConnection | null => this.#connection;
    this.#options = options;
    this.#bytes = new StagedBytes(folder, clock, logger);
    this.#queue = new UploadQueue({
      ...options,
      slots: shared.slots,
      send: (connection, attempt) =>
        sendFile({ ...attempt, api: connection.api, canResume: connection.has('resumable-upload') }),
      onGone: (gone) => {
        for (const upload of gone) void this.#forget(upload);
      },
      store,
    });
    this.#fileBytes = createFileBytes({ cache: shared.cache, tag, connection });
    this.downloads = new Downloads({
      ...options,
      system: shared.system,
      connection,
      knownFile: (id) => store.knownFile({ id }),
      cached: (id) => this.#fileBytes.cached(id),
    });
  }

  /** Takes up what the last run left. */
  async open(): Promise<void> {
    const { store, clock, publish } = this.#options;
    await this.#queue.load();
    const { rows } = this.#queue;
    await this.#bytes.sweep(new Set(rows.flatMap(({ own, path }) => (own ? [path] : []))));
    for (const { id, state } of rows) {
      // A smaller picture that had not come: the page that was making it is gone.
      if (state !== 'staging') continue;
      const moved = await store.moveUpload({ id, event: 'staged', problem: null, now: clock.now() });
      if (moved.done) publish(moved.changes);
    }
    await this.#queue.load();
  }

  /** Frees what an upload held, here and at the server. */
  async #forget({ own, path, session }: UploadRecord): Promise<void> {
    if (own) await this.#bytes.remove(path);
    // What is not told ends there by itself.
    if (session !== null) await this.#connection?.api.call('cancelUpload', { params: { id: session } });
  }

  connect(connection: UploadConnection): void {
    this.#connection = connection;
    this.#queue.connect(connection);
  }

  disconnect(): void {
    this.#connection = null;
    this.#queue.disconnect();
  }

  retryNow(): void {
    this.#queue.retryNow();
  }

  /** An operation of the store changed uploads. */
  changed(): void {
    void this.#queue.load();
  }

  async close(): Promise<void> {
    await this.downloads.close();
    await this.#queue.stop();
    await this.#bytes.close();
  }

  list(chatId: string): UploadList {
    return this.#queue.list(chatId);
  }

  /** The row of an upload; null when there is none. */
  find(id: string): UploadRecord | null {
    return this.#queue.rows.find((row) => row.id === id) ?? null;
  }

  /** The server's file that an upload has become; null when it is still on its way, or was not sent in this run. */
  sentAs(id: string): string | null {
    return this.#queue.sentAs(id);
  }

  /** Stages files by their paths: those that can be sent, and why the others cannot. */
  async stage(
    chatId: string,
    files: readonly { path: string; name: string }[],
  ): Promise<Result<{ staged: UploadView[]; refused: { name: string; code: ErrorCode }[] }>> {
    if (!(await this.#isPlace(chatId))) return fail('not_found', 'no such chat');
    const added: string[] = [];
    const refused: { name: string; code: ErrorCode }[] = [];
    for (const { path, name } of files) {
      const staged = this.#isFull(chatId, added.length)
        ? fail('too_many_files', 'full')
        : await stageFile({ path, name, chatId });
      const problem = staged.ok ? await this.#add(staged.value, null) : staged.error.code;
      if (problem !== null) refused.push({ name, code: problem });
      else if (staged.ok) added.push(staged.value.id);
    }
    await this.#queue.load();
    return ok({ staged: added.flatMap((id) => this.#queue.view(id) ?? []), refused });
  }

  /** Files wait in the composer of a chat, or for the library. */
  async #isPlace(chatId: string): Promise<boolean> {
    return chatId === LIBRARY_PLACE || (await this.#options.store.hasChat({ chatId }));
  }

  #isFull(chatId: string, more: number): boolean {
    const most = chatId === LIBRARY_PLACE ? MOST_FOR_LIBRARY : MOST_IN_COMPOSER;
    return this.#queue.list(chatId).uploads.filter(({ messageKey }) => messageKey === null).length + more >= most;
  }

  async #add(upload: StagedUpload, replaces: string | null): Promise<ErrorCode | null> {
    const { store, clock, publish } = this.#options;
    // What cannot be a track is not sent in vain: it stays with its word until it is removed.
    const isNoTrack = upload.chatId === LIBRARY_PLACE && !SOUNDS.has(fileKind(upload.mimeType));
    const problem = isNoTrack ? ('unsupported_media' as const) : null;
    const changes = await store.addUpload({ upload, replaces, problem, now: clock.now() });
    if (!changes) return 'not_found';
    publish(changes);
    return null;
  }

  /** The server has a file, or never will, and nothing is made of it: it stays with that word. */
  async refuse(id: string, problem: ErrorCode): Promise<void> {
    const { store, clock, publish } = this.#options;
    const result = await store.refuseUpload({ id, problem, now: clock.now() });
    if (result.done) publish(result.changes);
  }

  /** Takes a piece of a file that the page makes; the last one stages it. */
  async stageBytes(input: {
    chatId: string;
    uploadId: string | null;
    name: string;
    mimeType: string;
    size: number;
    voice: boolean;
    replaces?: string | undefined;
    chunk: Uint8Array;
    last: boolean;
  }): Promise<Result<{ uploadId: string; upload: UploadView | null }>> {
    const { chatId, uploadId, size, chunk, last, replaces = null } = input;
    const isKnown = uploadId === null || this.#collected.get(uploadId) === chatId;
    if (!isKnown) return fail('not_found', 'no such upload');
    if (uploadId === null) {
      const problem = await this.#placeProblem(chatId, replaces);
      if (problem) return fail(problem, 'not here');
    }
    const taken = await this.#bytes.take({ id: uploadId, size, chunk, last });
    if (!taken.ok) {
      if (uploadId !== null) this.#collected.delete(uploadId);
      return taken;
    }
    const { id, path } = taken.value;
    if (path === null) {
      this.#collected.set(id, chatId);
      return ok({ uploadId: id, upload: null });
    }
    this.#collected.delete(id);
    const staged = await this.#stageOwn({ ...input, id, path });
    if (!staged.ok) {
      await this.#bytes.remove(path);
      return staged;
    }
    await this.#queue.load();
    return ok({ uploadId: id, upload: this.#queue.view(id) });
  }

  async #placeProblem(chatId: string, replaces: string | null): Promise<ErrorCode | null> {
    if (replaces !== null) return this.find(replaces)?.chatId === chatId ? null : 'not_found';
    if (this.#isFull(chatId, 0)) return 'too_many_files';
    return chatId === PROFILE_CHAT || (await this.#isPlace(chatId)) ? null : 'not_found';
  }

  async #stageOwn(input: {
    id: string;
    path: string;
    chatId: string;
    name: string;
    mimeType: string;
    voice: boolean;
    replaces?: string | undefined;
  }): Promise<Result<null>> {
    const { id, path, chatId, name, mimeType, voice, replaces = null } = input;
    const staged = await stageFile({ id, path, chatId, name, said: mimeType, own: true, reduced: replaces !== null });
    if (!staged.ok) return staged;
    const { clock } = this.#options;
    const spoken = voice ? voiceName(staged.value.mimeType, clock.now()) : null;
    // What the page calls a recording and is none is sent as what it is.
    const upload = spoken === null ? staged.value : { ...staged.value, name: spoken, voice: true };
    const problem = await this.#add(upload, replaces);
    return problem === null ? ok(null) : fail(problem, 'its place is taken');
  }

  async arrange(chatId: string, ids: string[]): Promise<Result<null>> {
    const { store, clock, publish } = this.#options;
    publish(await store.arrangeUploads({ chatId, ids, now: clock.now() }));
    await this.#queue.load();
    return ok(null);
  }

  async move(id: string, event: 'pause' | 'resume' | 'retry'): Promise<Result<null>> {
    return outcome(await this.#queue.move(id, event));
  }

  /** Takes it out of the composer. */
  async remove(id: string): Promise<Result<null>> {
    const { store, clock } = this.#options;
    return this.#done(await store.removeUpload({ id, now: clock.now() }));
  }

  /** Waits for a smaller picture in its place, or brings the original back. */
  async reduce(id: string, reduce: boolean): Promise<Result<null>> {
    const { store, clock } = this.#options;
    const row = this.find(id);
    if (row?.localId) return fail('too_late', 'a message has it');
    if (reduce && row && !row.canReduce) return fail('unsupported_media', 'no picture that can be made smaller');
    // One that the server has already needs no halt: the smaller one takes its place when it comes.
    if (reduce) return outcome(await this.#queue.move(id, 'prepare'));
    return this.#done(await store.restoreUpload({ id, now: clock.now() }));
  }

  /** Sends a picture or a film with its tags, or without. */
  async keepTags(id: string, keep: boolean): Promise<Result<null>> {
    const { store, clock } = this.#options;
    const row = this.find(id);
    if (!row) return fail('not_found', 'no such upload');
    if (row.keepTags === keep) return ok(null);
    const refused = fail('unsupported_media', 'its tags cannot be removed');
    let size: number | null;
    try {
      size = await withFile(row.path, async ({ identity, read }) => {
        if (!isSameFile(identity, row.identity)) return -1;
        const { plan, mayKeepTags } = await tagsOf(row.mimeType, read, identity);
        if (mayKeepTags) return null;
        return (keep ? null : plan)?.size ?? identity.size;
      });
    } catch (error) {
      return { ok: false, error: failureOf(error) };
    }
    if (size === null) return refused;
    if (size < 0) return fail('file_changed', 'since it was chosen');
    const result = await store.keepUploadTags({ id, keep, size, now: clock.now() });
    // What is under way are other bytes.
    if (result.done) this.#queue.void(id);
    return this.#done(result);
  }

  async #done(result: UploadResult): Promise<Result<null>> {
    if (result.done) this.#options.publish(result.changes);
    await this.#queue.load();
    return outcome(result);
  }

  /** All bytes of a file, if they are on this disk. */
  cached(fileId: string): Promise<AsyncIterable<Uint8Array> | null> {
    return this.#fileBytes.cached(fileId);
  }

  /** Copies a picture of a message to the clipboard. */
  async copyImage(fileId: string): Promise<Result<null>> {
    const { store, shared } = this.#options;
    return this.#fileBytes.copyImage(fileId, await store.knownFile({ id: fileId }), shared.system);
  }

  /** Waits for an upload: the server's id of the file, or why it is not there yet. */
  async sent(id: string): Promise<Result<string>> {
    const settled = await this.#queue.settled(id);
    return 'fileId' in settled ? ok(settled.fileId) : fail(settled.problem, 'not sent');
  }
}

function outcome(result: UploadResult): Result<null> {
  return result.done ? ok(null) : fail(result.reason, 'not in such a state');
}
