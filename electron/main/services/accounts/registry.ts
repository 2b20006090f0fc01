/** The accounts known on this computer, as stored on disk: never with a token in clear text. */
import { z } from 'zod';
import { AccountIdentity, UserView } from '#contract/ipc/views.ts';
import type { Result } from '#contract/model/errors.ts';
import type { JsonDocument, Logger } from '../ports.ts';

export const StoredAccount = z.object({
  account: AccountIdentity.extend({
    // Earlier versions did not store it.
    user: UserView.extend({ avatarUrl: UserView.shape.avatarUrl.default(null) }),
  }),
  capabilities: z.array(z.string().max(64)).max(100),
  /** The token as encrypted by the key store; null when it is not kept. */
  token: z.string().max(100_000).nullable(),
  /** True if a weak key store keeps it, by the user's choice. */
  weak: z.boolean(),
  /** False: signed out, with its data kept. */
  open: z.boolean(),
});
export type StoredAccount = z.infer<typeof StoredAccount>;

export interface Registry {
  /** Id of the open account that was shown last. */
  current: string | null;
  accounts: StoredAccount[];
  /** The user's decision about keeping tokens in a weak key store; null until asked. */
  keepWeakly: boolean | null;
}

/** No person has more accounts than this. */
const MOST_ACCOUNTS = 100;

const WithId = z.looseObject({ account: z.looseObject({ id: z.string() }), open: z.boolean().optional() });

/** Versions with a single open account named it as `current` and marked none as open. */
function withOpen(item: unknown, current: string | null): unknown {
  const parsed = WithId.safeParse(item);
  if (!parsed.success || parsed.data.open !== undefined) return item;
  return { ...parsed.data, open: parsed.data.account.id === current };
}

/** Reads the registry. An invalid account is dropped and logged, the others stay. */
export function readRegistry(document: JsonDocument, logger: Logger): Registry {
  const stored = document.read();
  const list = Array.isArray(stored['accounts']) ? stored['accounts'].slice(0, MOST_ACCOUNTS) : [];
  const current = z
    .string()
    .nullable()
    .catch(null)
    .parse(stored['current'] ?? null);
  const accounts: StoredAccount[] = [];
  for (const item of list) {
    const parsed = StoredAccount.safeParse(withOpen(item, current));
    if (parsed.success) accounts.push(parsed.data);
    else logger.warn('sign_in.account_dropped', { fields: parsed.error.issues.map((issue) => issue.path.join('.')) });
  }
  const keepWeakly = z
    .boolean()
    .nullable()
    .catch(null)
    .parse(stored['keepWeakly'] ?? null);
  const open = accounts.filter((record) => record.open);
  const shown = open.find(({ account }) => account.id === current) ?? open[0];
  return { current: shown?.account.id ?? null, accounts, keepWeakly };
}

/**
 * The accounts with one more, behind the open ones: of those that are closed the newest comes first.
 * @param others the accounts without it.
 */
export function afterOpen(others: readonly StoredAccount[], record: StoredAccount): StoredAccount[] {
  return others.toSpliced(others.filter((other) => other.open).length, 0, record);
}

/** The accounts with the open ones in the order of `ids`; open ones that are not named follow, then the closed ones. */
export function arranged(accounts: readonly StoredAccount[], ids: readonly string[]): StoredAccount[] {
  const placeOf = ({ account, open }: StoredAccount): number => {
    if (!open) return Number.POSITIVE_INFINITY;
    const place = ids.indexOf(account.id);
    return place < 0 ? ids.length : place;
  };
  return accounts.toSorted((a, b) => {
    const [first, second] = [placeOf(a), placeOf(b)];
    return first === second ? 0 : first - second;
  });
}

/** Writes the registry as a whole. */
export function writeRegistry(document: JsonDocument, registry: Registry): Result<null> {
  return document.write({ ...registry });
}
