/** People of the account's server. */
import { fail, ok, type FieldProblem, type Result } from '#contract/model/errors.ts';
import { fieldProblem } from '#contract/model/field-rules.ts';
import { fileKind } from '#contract/model/media-types.ts';
import { toProfileView, toUserView } from '../../lib/user-view.ts';
import type { Account } from '../accounts/account.ts';
import type { CommandInput, Commands } from './command.ts';
import { withConnection } from './with-connection.ts';

function problemsOf(input: CommandInput<'users.updateMe'>): Record<string, FieldProblem> {
  return Object.fromEntries(
    (['firstName', 'lastName', 'bio'] as const).flatMap((field) => {
      const problem = fieldProblem(field, input[field]);
      return problem ? [[field, problem] as const] : [];
    }),
  );
}

/** The address of the new picture, once the server has it: empty for none, undefined to leave it as it is. */
async function pictureOf(
  { files }: Account,
  avatar: CommandInput<'users.updateMe'>['avatar'],
): Promise<Result<string | undefined>> {
  if (!avatar) return ok(avatar === null ? '' : undefined);
  const upload = files.find(avatar.uploadId);
  if (!upload) return fail('not_found', 'no such upload');
  if (fileKind(upload.mimeType) !== 'image') return fail('unsupported_media', 'no picture');
  const sent = await files.sent(avatar.uploadId);
  return sent.ok ? ok(`/api/files/${sent.value}`) : sent;
}

export const userCommands: Commands<'users'> = {
  /** People whose username or name matches; the server selects and orders them. */
  search: (account, { q }) =>
    withConnection(account, async ({ api }) => {
      const found = await api.call('searchUsers', { query: { q } });
      return found.ok
        ? ok(found.value.users.map((user) => toUserView(user, account.id)))
        : { ok: false, error: found.error };
    }),

  get: (account, { id }) =>
    withConnection(account, async ({ api }) => {
      const found = await api.call('user', { params: { id } });
      return found.ok ? ok(toProfileView(found.value.user, account.id)) : { ok: false, error: found.error };
    }),

  /** Updates the user's own profile. `validation` names the invalid fields, before anything is sent. */
  updateMe: (account, input) =>
    withConnection(account, async (connection): Promise<Result<null>> => {
      const fields = problemsOf(input);
      if (Object.keys(fields).length > 0) return fail('validation', 'fields of the form', { fields });
      const { firstName, lastName, bio, avatar } = input;
      const picture = await pictureOf(account, avatar);
      if (!picture.ok) return picture;
      const avatarUrl = picture.value === undefined ? {} : { avatarUrl: picture.value };
      const changed = await connection.api.call('updateProfile', { body: { firstName, lastName, bio, ...avatarUrl } });
      if (!changed.ok) return { ok: false, error: changed.error };
      if (avatar) await account.files.remove(avatar.uploadId);
      connection.meChanged(changed.value.user);
      return ok(null);
    }),
};
