/** People of the connected server. */
import type { UserView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { toUserView } from '../../lib/user-view.ts';
import type { AccountContext, SessionEvents, Undo } from '../ports.ts';

export interface UsersService {
  /** People whose username or name fits; the server chooses and orders them. */
  search(q: string): Promise<Result<UserView[]>>;
  get(id: string): Promise<Result<UserView>>;
  close(): void;
}

/** Follows the session: asks the server of the account that is open. */
export function createUsersService(sessions: SessionEvents): UsersService {
  let open: AccountContext | null = null;
  const undo: Undo[] = [
    sessions.onOpened((context) => {
      open = context;
    }),
    sessions.onClosed(() => {
      open = null;
    }),
  ];
  return {
    async search(q) {
      if (!open) return fail('not_signed_in', 'no account is open');
      const found = await open.api.call('searchUsers', { query: { q } });
      return found.ok ? ok(found.value.users.map(toUserView)) : { ok: false, error: found.error };
    },
    async get(id) {
      if (!open) return fail('not_signed_in', 'no account is open');
      const found = await open.api.call('user', { params: { id } });
      return found.ok ? ok(toUserView(found.value.user)) : { ok: false, error: found.error };
    },
    close() {
      for (const end of undo) end();
    },
  };
}
