/** The administrator's console: everything is asked of the server, which decides who may see it; nothing is stored here. */
import type { AdminList, UserSortName } from '#contract/api/admin.ts';
import type { ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { diskProblem } from '../../lib/disk-problem.ts';
import type { Download, FilesSystem, Logger } from '../ports.ts';
import { writeList, type GrowingFile } from './export-list.ts';
import type { AdminSessions } from './sessions.ts';
import { lookRow, messageRow, reactionRow, userRow } from './views.ts';

export interface AdminServiceOptions {
  sessions: AdminSessions;
  files: Pick<FilesSystem, 'askPlace' | 'marksOfTheWeb'>;
  /** Begins a file beside its place. @throws what the system says. */
  begin: (path: string) => Promise<GrowingFile>;
  logger: Logger;
}

/** A cursor of our own, for servers that page by offset. */
const OFFSET = /^offset:(\d{1,9})$/;

interface ListInput<Sort> {
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
  sort: Sort;
}

function queryOf<Sort extends UserSortName>({ q, cursor, limit, sort }: ListInput<Sort>) {
  const offset = OFFSET.exec(cursor ?? '')?.[1];
  const place = offset === undefined ? { ...(cursor === undefined ? {} : { cursor }) } : { offset: Number(offset) };
  return { limit, sort, ...(q === undefined ? {} : { q }), ...place };
}

interface Answered {
  total?: number | undefined;
  next?: string | undefined;
}

/** Where the next page begins: by the server's cursor, or by how many there were so far. */
function pageOf<Row>(rows: Row[], { total, next }: Answered, { cursor }: { cursor?: string | undefined }) {
  const before = Number(OFFSET.exec(cursor ?? '')?.[1] ?? 0);
  const isCounted = next === undefined && total !== undefined && (cursor === undefined || OFFSET.test(cursor));
  const isMore = isCounted && rows.length > 0 && before + rows.length < total;
  return { rows, total: total ?? null, next: next ?? (isMore ? `offset:${before + rows.length}` : null) };
}

export function createAdminService({ sessions, files, begin, logger }: AdminServiceOptions) {
  async function save(download: Download, path: string): Promise<Result<{ complete: boolean; bytes: number }>> {
    let file: GrowingFile | null = null;
    try {
      file = await begin(path);
      const complete = await writeList(download, file, logger);
      const { size: bytes } = file;
      await file.finish(files.marksOfTheWeb);
      return ok({ complete, bytes });
    } catch (error) {
      download.cancel();
      logger.warn('admin.export_failed', { reason: error instanceof Error ? error.name : 'unknown' });
      await file?.discard();
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      return fail(diskProblem(code), 'the file could not be written');
    }
  }

  return {
    session: ({ accountId }: ChannelInput<'admin.session'>): Result<ChannelOutput<'admin.session'>> =>
      ok(sessions.session(accountId)),
    login: ({ accountId, username, password }: ChannelInput<'admin.login'>) =>
      sessions.login(accountId, username, password),
    logout({ accountId }: ChannelInput<'admin.logout'>): Result<null> {
      sessions.end(accountId);
      return ok(null);
    },
    statistics: ({ accountId, from, to, stepHours }: ChannelInput<'admin.statistics'>) =>
      sessions.use(accountId, (api) => api.call('statistics', { query: { from, to, step: stepHours } })),
    async users({ accountId, ...list }: ChannelInput<'admin.users'>): Promise<Result<ChannelOutput<'admin.users'>>> {
      const answer = await sessions.use(accountId, (api) => api.call('allUsers', { query: queryOf(list) }));
      return answer.ok ? ok(pageOf(answer.value.users.map(userRow), answer.value, list)) : answer;
    },
    async messages({
      accountId,
      ...list
    }: ChannelInput<'admin.messages'>): Promise<Result<ChannelOutput<'admin.messages'>>> {
      const answer = await sessions.use(accountId, (api) => api.call('allMessages', { query: queryOf(list) }));
      return answer.ok ? ok(pageOf(answer.value.messages.map(messageRow), answer.value, list)) : answer;
    },
    async reactions({
      accountId,
      ...list
    }: ChannelInput<'admin.reactions'>): Promise<Result<ChannelOutput<'admin.reactions'>>> {
      const answer = await sessions.use(accountId, (api) => api.call('allReactions', { query: queryOf(list) }));
      if (!answer.ok) return answer;
      const { reactions, people = [] } = answer.value;
      return ok(pageOf(reactions.map(reactionRow(people)), answer.value, list));
    },
    async looks({
      accountId,
      cursor,
      limit,
    }: ChannelInput<'admin.looks'>): Promise<Result<ChannelOutput<'admin.looks'>>> {
      const query = { limit, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await sessions.use(accountId, (api) => api.call('adminAudit', { query }));
      return answer.ok
        ? ok({ rows: answer.value.entries.map(lookRow), next: answer.value.next ?? null, total: null })
        : answer;
    },
    async export({
      accountId,
      list,
      q,
      sort,
    }: ChannelInput<'admin.export'>): Promise<Result<ChannelOutput<'admin.export'>>> {
      if (!sessions.session(accountId)) return fail('unauthenticated', 'no administrator is signed in');
      const path = await files.askPlace(nameOf(list));
      if (path === null) return ok(null);
      const query = { sort, ...(q === undefined ? {} : { q }) };
      const answer = await sessions.use(accountId, (api) => api.download('adminExport', { params: { list }, query }));
      return answer.ok ? save(answer.value, path) : answer;
    },
  };
}

const nameOf = (list: AdminList): string => `relay-${list}.csv`;
