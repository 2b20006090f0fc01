/** The columns of the console's lists, and how they are sorted. Pure. */
import type { UserSortName } from '#contract/api/admin.ts';
import type { AdminLook, AdminMessageView, AdminReactionView, AdminUserView } from '#contract/ipc/admin-schemas.ts';

export const LISTS = ['users', 'messages', 'reactions', 'looks'] as const;
export type ListName = (typeof LISTS)[number];

/** One row of any list. */
export type ListRow =
  | { list: 'users'; row: AdminUserView }
  | { list: 'messages'; row: AdminMessageView }
  | { list: 'reactions'; row: AdminReactionView }
  | { list: 'looks'; row: AdminLook };

export type ColumnName =
  'person' | 'messages' | 'stored' | 'created' | 'seen' | 'text' | 'files' | 'emoji' | 'action' | 'detail' | 'address';

export interface Column {
  name: ColumnName;
  /** The order of the first press, and that of the second one. */
  sorts?: readonly [UserSortName, UserSortName];
  isNumber?: boolean;
  /** Only where there is room. */
  isExtra?: boolean;
}

const BY_TIME = ['newest', 'oldest'] as const;

export const COLUMNS: Record<ListName, readonly Column[]> = {
  users: [
    { name: 'person', sorts: ['name', '-name'] },
    { name: 'messages', isNumber: true },
    { name: 'stored', isNumber: true, isExtra: true },
    { name: 'created', sorts: BY_TIME },
    { name: 'seen', sorts: ['seen', '-seen'] },
  ],
  messages: [
    { name: 'person' },
    { name: 'text' },
    { name: 'files', isNumber: true, isExtra: true },
    { name: 'created', sorts: BY_TIME },
  ],
  reactions: [{ name: 'person' }, { name: 'emoji' }, { name: 'created', sorts: BY_TIME }],
  looks: [{ name: 'action' }, { name: 'detail' }, { name: 'address', isExtra: true }, { name: 'created' }],
};

/** How a column is sorted now, for its head; undefined for one that cannot be. */
export function sortedAs({ sorts }: Column, sort: UserSortName): 'ascending' | 'descending' | 'none' | undefined {
  if (!sorts) return undefined;
  if (!sorts.includes(sort)) return 'none';
  return sort === 'name' || sort === 'oldest' || sort === '-seen' ? 'ascending' : 'descending';
}

/** The order after a press on a column's head. */
export function pressed({ sorts }: Column, sort: UserSortName): UserSortName {
  if (!sorts) return sort;
  return sort === sorts[0] ? sorts[1] : sorts[0];
}
