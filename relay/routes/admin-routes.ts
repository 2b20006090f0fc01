import type { Capability } from '#contract/api/capabilities.ts';
import { isStorableText } from '#contract/model/text.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { invalidField } from '../errors.ts';
import type { Serve } from '../http/serve.ts';
import type { Accounts } from '../services/accounts.ts';
import type { AdminExport } from '../services/admin-export.ts';
import type { Administration } from '../services/administration.ts';
import { cursorOf, placeOf } from '../services/admin-walks.ts';
import { auditView, type AuditLog } from '../services/audit.ts';

interface AdminServices {
  accounts: Accounts;
  administration: Administration;
  exportList: AdminExport;
  auditLog: AuditLog;
  has: (capability: Capability) => boolean;
}

/** A search that no text can hold is none. */
function checked<Q extends { q?: string | undefined }>(query: Q): Q {
  if (query.q !== undefined && !isStorableText(query.q)) {
    throw invalidField('q', 'bad_characters', 'The query cannot be searched for.');
  }
  return query;
}

/** Routes of the administrator. What they look at is noted where callers are admitted. */
export function adminRoutes(
  serve: Serve,
  { accounts, administration, exportList, auditLog, has }: AdminServices,
): void {
  serve('adminLogin', async ({ body, address }) => {
    const token = await accounts.adminLogin(body, address);
    const caller = await accounts.authenticate(token, address);
    if (caller) await auditLog.note({ userId: caller.user.id, action: 'adminLogin', detail: '', address });
    const extra = has('admin') ? { expiresInSeconds: accounts.adminTokenSeconds } : {};
    return { status: 200, body: { token, ...extra } };
  });

  serve('statistics', async ({ query }) => ({ status: 200, body: await administration.statistics(query) }));

  serve('allUsers', async ({ query }) => {
    const { items, rest } = await administration.users(checked(query));
    return { status: 200, list: 'users', items, rest: () => rest };
  });

  serve('allMessages', async ({ query }) => {
    const { items, rest } = await administration.messages(checked(query));
    return { status: 200, list: 'messages', items, rest: () => rest };
  });

  serve('allReactions', async ({ query }) => {
    const { items, rest } = await administration.reactions(checked(query));
    return { status: 200, list: 'reactions', items, rest: () => rest };
  });

  if (!has('admin')) return;

  serve('adminAudit', async ({ query: { cursor, limit = LIMITS.page.default } }) => {
    const { rows, next } = await auditLog.page(cursor === undefined ? null : placeOf(cursor), limit);
    return { status: 200, body: { entries: rows.map(auditView), ...(next ? { next: cursorOf(next) } : {}) } };
  });

  serve('adminExport', ({ params: { list }, query }) => {
    const search = checked(query);
    return { type: 'text/csv; charset=utf-8', name: `${list}.csv`, size: null, stream: () => exportList(list, search) };
  });
}
