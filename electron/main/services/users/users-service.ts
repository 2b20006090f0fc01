/** People of the connected server. */
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { ProfileView, UserView } from '#contract/ipc/views.ts';
import { fail, ok, type FieldProblem, type Result } from '#contract/model/errors.ts';
import { fieldProblem } from '#contract/model/field-rules.ts';
import { toProfileView, toUserView } from '../../lib/user-view.ts';
import type { AccountContext, SessionEvents, Undo } from '../ports.ts';

export interface UsersService {
  /** People whose username or name fits; the server chooses and orders them. */
  search(q: string): Promise<Result<UserView[]>>;
  get(id: string): Promise<Result<ProfileView>>;
  /** Changes one's own profile. `validation` names the fields in the way, before anything is sent. */
  updateMe(input: ChannelInput<'users.updateMe'>): Promise<Result<null>>;
  close(): void;
}

function problemsOf(input: ChannelInput<'users.updateMe'>): Record<string, FieldProblem> {
  return Object.fromEntries(
    (['firstName', 'lastName', 'bio'] as const).flatMap((field) => {
      const problem = fieldProblem(field, input[field]);
      return problem ? [[field, problem] as const] : [];
    }),
  );
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
      return found.ok ? ok(toProfileView(found.value.user)) : { ok: false, error: found.error };
    },
    async updateMe(input) {
      if (!open) return fail('not_signed_in', 'no account is open');
      const fields = problemsOf(input);
      if (Object.keys(fields).length > 0) return fail('validation', 'fields of the form', { fields });
      const context = open;
      const changed = await context.api.call('updateProfile', { body: input });
      if (!changed.ok) return { ok: false, error: changed.error };
      context.meChanged(changed.value.user);
      return ok(null);
    },
    close() {
      for (const end of undo) end();
    },
  };
}
