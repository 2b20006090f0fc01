/** Whole lists as CSV: read page by page, so that a list may be of any length. */
import type { AdminList, UserSortName } from '#contract/api/admin.ts';
import { CSV_INCOMPLETE, CSV_START, csvLine } from '#contract/model/csv.ts';
import type { MessageRow, ReactionRow, UserRow } from '../records.ts';
import type { Reads } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';
import type { AdminLists } from './admin-lists.ts';
import type { Walk, WalkPlace } from './admin-walks.ts';

export interface AdminExportOptions {
  reads: Pick<Reads, 'users' | 'activity'>;
  lists: AdminLists;
  turns: Turns;
  /** Called when a list broke off. */
  onError: (error: unknown) => void;
}

export interface ExportQuery {
  q?: string | undefined;
  sort?: UserSortName | undefined;
}

type Cells = (string | number | null)[];

const PAGE = 500;
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

export type AdminExport = ReturnType<typeof createAdminExport>;

export function createAdminExport({ reads, lists, turns, onError }: AdminExportOptions) {
  /** All pages of a list. */
  async function* pagesOf<Row>(walk: Walk<Row>): AsyncGenerator<Row[], void> {
    for (let after: WalkPlace | null = null; ;) {
      await turns.next();
      const rows: Row[] = await walk.page(after, PAGE);
      yield rows;
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = walk.placeOf(last);
    }
  }

  async function namesOf(ids: readonly string[]): Promise<(id: string) => string | null> {
    const people = await reads.users.findAllEver([...new Set(ids)]);
    const names = new Map(people.map(({ id, username }) => [id, username]));
    return (id) => names.get(id) ?? null;
  }

  async function userLines(rows: readonly UserRow[]): Promise<Cells[]> {
    const done = await reads.activity.of(rows.map(({ id }) => id));
    return rows.map(({ id, username, firstName, lastName, age, createdAt, lastSeenAt }, at) => [
      ...[id, username, firstName, lastName, age, iso(createdAt), iso(lastSeenAt)],
      ...[done[at]?.messages ?? 0, done[at]?.storedBytes ?? 0],
    ]);
  }
  async function messageLines(rows: readonly MessageRow[]): Promise<Cells[]> {
    const nameOf = await namesOf(rows.map(({ senderId }) => senderId));
    return rows.map(({ id, chatId, senderId, content, createdAt }) => {
      return [id, iso(createdAt), chatId, senderId, nameOf(senderId), content];
    });
  }
  async function reactionLines(rows: readonly ReactionRow[]): Promise<Cells[]> {
    const nameOf = await namesOf(rows.map(({ userId }) => userId));
    return rows.map(({ id, messageId, userId, emoji, createdAt }) => {
      return [id, iso(createdAt), messageId, userId, nameOf(userId), emoji];
    });
  }

  async function* userRows({ q, sort }: ExportQuery): AsyncGenerator<Cells[], void> {
    yield [['id', 'username', 'first name', 'last name', 'age', 'registered', 'last seen', 'messages', 'stored bytes']];
    if (q !== undefined) yield await userLines(await lists.foundUsers(q, sort));
    else for await (const rows of pagesOf(lists.users(sort))) yield await userLines(rows);
  }
  async function* messageRows({ q, sort }: ExportQuery): AsyncGenerator<Cells[], void> {
    yield [['id', 'sent', 'chat', 'sender id', 'sender', 'text']];
    const matches = q === undefined ? () => true : await lists.messageMatches(q);
    for await (const rows of pagesOf(lists.messages(sort))) yield await messageLines(rows.filter(matches));
  }
  async function* reactionRows({ q, sort }: ExportQuery): AsyncGenerator<Cells[], void> {
    yield [['id', 'reacted', 'message', 'person id', 'person', 'emoji']];
    const matches = q === undefined ? () => true : await lists.reactionMatches(q);
    for await (const rows of pagesOf(lists.reactions(sort))) yield await reactionLines(rows.filter(matches));
  }
  const ROWS = { users: userRows, messages: messageRows, reactions: reactionRows } as const;

  /** The bytes of the file. What breaks off ends with a line that says so: its begin has been sent by then. */
  return async function* csvOf(list: AdminList, query: ExportQuery): AsyncGenerator<Uint8Array, void> {
    yield Buffer.from(CSV_START, 'utf8');
    try {
      for await (const lines of ROWS[list](query)) yield Buffer.from(lines.map(csvLine).join(''), 'utf8');
    } catch (error) {
      onError(error);
      yield Buffer.from(`${CSV_INCOMPLETE}\r\n`, 'utf8');
    }
  };
}
