/**
 * Exports of one account: a chat with its history from the server, written into a folder that the user chooses. An
 * export that cannot be finished is left as far as it came, under a name that says so; one that is cancelled is removed.
 *
 * States: `running` through the steps `messages`, `files`, `writing`, then `done`, `incomplete` (something is there),
 * `failed` (nothing is) or `cancelled`.
 */
import { join } from 'node:path';
import type { ExportFormat, ExportView } from '#contract/ipc/export-schemas.ts';
import type { ChatView, UserView } from '#contract/ipc/views.ts';
import { type ErrorCode, fail, ok, type Result } from '#contract/model/errors.ts';
import { errorName } from '../../../lib/emitter.ts';
import type { ExportTexts } from '../../../lib/export-texts.ts';
import { jitter } from '../../../lib/jitter.ts';
import { TransferFailed } from '../../../lib/transfer-failed.ts';
import type { AccountContext, AccountSink, Clock, FilesSystem, Logger, Random } from '../../ports.ts';
import { systemCode } from '../file-source.ts';
import { newUploadId } from '../staging.ts';
import { rest, ThrottledTeller, transferProblem } from '../transfer-work.ts';
import { ExportFolder } from './export-folder.ts';
import { fetchFiles } from './fetch-files.ts';
import type { ExportFacts, FilePlace } from './html.ts';
import { exportedMessage, type ExportedFile } from './message.ts';
import { type Patiently, readHistory } from './read-history.ts';
import { Spool } from './spool.ts';
import { writeHtml, writeJson } from './write-export.ts';

/** Attempts at one request, and milliseconds that a server may ask to wait between them. */
const MOST_TRIES = 6;
const LONGEST_ASKED_MS = 60_000;
/** Exports that the page is told of; the oldest that have ended go first. */
const MOST_TOLD = 20;

/** Failures that another attempt may mend. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'offline',
  'server_unreachable',
  'server_timeout',
  'server_error',
  'server_closing',
  'rate_limited',
  'busy',
  'bad_answer',
]);

export interface ExportsOptions {
  /** Who it is exported for. */
  me: () => Pick<UserView, 'id' | 'name'>;
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  system: Pick<FilesSystem, 'askFolder' | 'showInFolder' | 'marksOfTheWeb'>;
  connection: () => AccountContext | null;
  chat: (chatId: string) => Promise<ChatView | null>;
  /** The newest message of a chat that is stored here. */
  newest: (chatId: string) => Promise<string | null>;
  /** All bytes of a file, if they are on this disk. */
  cached: (id: string) => Promise<AsyncIterable<Uint8Array> | null>;
  texts: () => ExportTexts;
}

export interface ExportRequest {
  chatId: string;
  format: ExportFormat;
  /** Milliseconds since the epoch. */
  since: number | null;
  files: boolean;
}

interface Running {
  view: ExportView;
  abort: AbortController;
  /** Where it lies, once it has ended and something is there. */
  path: string | null;
  done: Promise<void>;
}

export class Exports {
  readonly #options: ExportsOptions;
  readonly #all = new Map<string, Running>();
  readonly #teller: ThrottledTeller;
  #isStopped = false;

  constructor(options: ExportsOptions) {
    this.#options = options;
    const { clock, push } = options;
    this.#teller = new ThrottledTeller(clock, () => push.emit({ kind: 'exports', exports: this.list() }));
  }

  /** This run's exports, oldest first. */
  list(): ExportView[] {
    return [...this.#all.values()].map(({ view }) => view);
  }

  /** Asks for a folder and begins; null when the user names none. */
  async start(request: ExportRequest): Promise<Result<{ exportId: string } | null>> {
    const chat = await this.#options.chat(request.chatId);
    if (!chat) return fail('not_found', 'no such chat');
    const isRunning = this.list().some(({ chatId, state }) => chatId === request.chatId && state === 'running');
    if (isRunning) return fail('busy', 'it is being exported');
    const parent = await this.#options.system.askFolder();
    if (parent === null || this.#isStopped) return ok(null);
    const id = newUploadId();
    const running: Running = {
      view: {
        ...{ id, chatId: request.chatId, state: 'running', step: 'messages', messages: 0, total: null },
        ...{ files: 0, filesTotal: 0, bytes: 0, missing: 0, problem: null },
      },
      abort: new AbortController(),
      path: null,
      done: Promise.resolve(),
    };
    this.#all.set(id, running);
    for (const [other, { view }] of this.#all) {
      if (this.#all.size <= MOST_TOLD) break;
      if (view.state !== 'running') this.#all.delete(other);
    }
    running.done = this.#run(running, request, chat, parent);
    this.#teller.tell();
    return ok({ exportId: id });
  }

  /** Ends one; what was written of it is removed. */
  cancel(exportId: string): Result<null> {
    const running = this.#all.get(exportId);
    if (!running) return fail('not_found', 'no such export');
    running.abort.abort();
    return ok(null);
  }

  /** Shows where one lies. */
  show(exportId: string): Result<null> {
    const path = this.#all.get(exportId)?.path ?? null;
    if (path === null) return fail('not_found', 'nothing was written');
    this.#options.system.showInFolder(path);
    return ok(null);
  }

  /** Cancels all of them. */
  async close(): Promise<void> {
    this.#isStopped = true;
    this.#teller.close();
    for (const { abort } of this.#all.values()) abort.abort();
    await Promise.allSettled([...this.#all.values()].map(({ done }) => done));
  }

  #set(running: Running, more: Partial<ExportView>): void {
    running.view = { ...running.view, ...more };
    this.#teller.tell();
  }

  async #run(running: Running, request: ExportRequest, chat: ChatView, parent: string): Promise<void> {
    const { logger, texts: wordsOf } = this.#options;
    const texts = wordsOf();
    let folder: ExportFolder | null = null;
    try {
      folder = await ExportFolder.begin(parent, texts.folder(chat.title), texts.incomplete);
      const problem = await this.#fill(running, request, chat, folder, texts);
      running.abort.signal.throwIfAborted();
      if (problem) logger.info('exports.incomplete', { code: problem });
      running.path = problem ? folder.path : await folder.finish();
      this.#set(running, { state: problem ? 'incomplete' : 'done', problem });
    } catch (error) {
      if (running.abort.signal.aborted) {
        await this.#remove(folder);
        this.#set(running, { state: 'cancelled' });
        return;
      }
      const { code } = transferProblem(error);
      logger.info('exports.failed', { code, error: errorName(error) });
      // What was written stays, with its name; there may be nothing.
      running.path = folder?.path ?? null;
      this.#set(running, { state: folder ? 'incomplete' : 'failed', problem: code });
    }
  }

  async #remove(folder: ExportFolder | null): Promise<void> {
    try {
      await folder?.discard();
    } catch (error) {
      this.#options.logger.warn('exports.left_behind', { system: systemCode(error) });
    }
  }

  /** Reads everything and writes it. @returns why it is not all, or null. */
  async #fill(
    running: Running,
    request: ExportRequest,
    chat: ChatView,
    folder: ExportFolder,
    texts: ExportTexts,
  ): Promise<ErrorCode | null> {
    const { clock } = this.#options;
    const { signal } = running.abort;
    const places = new Map<string, string | null>();
    const spool = await Spool.begin(join(folder.path, 'messages.part'));
    try {
      const files = new Map<string, ExportedFile>();
      let problem = await this.#attempt(running, () => this.#read(running, request, chat, spool, files));
      if (request.files && files.size > 0 && problem === null) {
        this.#set(running, { step: 'files', filesTotal: files.size });
        const target = await folder.filesFolder();
        problem = await this.#attempt(running, () => this.#fetch(running, files, places, target));
      }
      this.#set(running, { step: 'writing' });
      const facts: ExportFacts = {
        title: chat.title,
        exportedAt: clock.now(),
        since: request.since,
        count: spool.count,
        complete: problem === null,
        texts,
      };
      const place: FilePlace = (id) => {
        if (!request.files) return null;
        const name = places.get(id) ?? null;
        return name === null ? 'missing' : { path: `files/${name}` };
      };
      const what = { folder, facts, messages: spool.messages(), place, signal };
      const participants = chat.participants.map(({ id, username, name }) => ({ id, username, name }));
      if (request.format === 'html') await writeHtml(what);
      else await writeJson(what, { id: chat.id, participants });
      return problem;
    } finally {
      await spool.remove();
    }
  }

  /** Why `work` stopped early, if what it did so far is still worth writing; throws otherwise. */
  async #attempt(running: Running, work: () => Promise<void>): Promise<ErrorCode | null> {
    try {
      await work();
      return null;
    } catch (error) {
      running.abort.signal.throwIfAborted();
      const { code } = transferProblem(error);
      if (!(error instanceof TransferFailed) || running.view.messages === 0) throw error;
      return code;
    }
  }

  async #read(
    running: Running,
    { chatId, since }: ExportRequest,
    chat: ChatView,
    spool: Spool,
    files: Map<string, ExportedFile>,
  ): Promise<void> {
    const { newest } = this.#options;
    const me = this.#options.me();
    const people = { me: me.id, names: new Map([...chat.participants, me].map(({ id, name }) => [id, name])) };
    const pages = readHistory({
      chatId,
      since,
      hasCursors: this.#options.connection()?.has('cursors') ?? false,
      known: await newest(chatId),
      patiently: this.#patiently(running.abort.signal),
    });
    for await (const { messages, place, total } of pages) {
      const kept = messages.map((message) => exportedMessage(message, people));
      await spool.add(kept, place);
      for (const file of kept.flatMap((message) => message.files)) files.set(file.id, file);
      this.#set(running, {
        messages: spool.count,
        total: since === null ? (total ?? running.view.total) : null,
      });
    }
  }

  #fetch(
    running: Running,
    files: ReadonlyMap<string, ExportedFile>,
    places: Map<string, string | null>,
    folder: string,
  ): Promise<void> {
    const { cached, system } = this.#options;
    return fetchFiles(files.values(), places, {
      folder,
      cached,
      patiently: this.#patiently(running.abort.signal),
      marksOfTheWeb: system.marksOfTheWeb,
      signal: running.abort.signal,
      onBytes: (bytes) => this.#set(running, { bytes: running.view.bytes + bytes }),
      onFile: (isMissing) =>
        this.#set(running, {
          files: running.view.files + 1,
          missing: running.view.missing + (isMissing ? 1 : 0),
        }),
    });
  }

  #patiently(signal: AbortSignal): Patiently {
    const { clock, random } = this.#options;
    return async (request) => {
      for (let tries = 1; ; tries += 1) {
        signal.throwIfAborted();
        const context = this.#options.connection();
        if (!context) throw new TransferFailed('unauthenticated', 'no token');
        const answer = await request(context.api, signal);
        if (answer.ok) return answer.value;
        signal.throwIfAborted();
        const { code, message, retryAfterMs } = answer.error;
        if (code === 'unauthenticated') context.tokenRefused();
        if (!PASSING.has(code) || tries >= MOST_TRIES) throw new TransferFailed(code, message);
        await rest(clock, Math.min(retryAfterMs ?? jitter(tries, random()), LONGEST_ASKED_MS), signal);
      }
    };
  }
}
