/**
 * Administrators' sessions, one per account at most: apart from the account's own sign-in, with a token that is in memory
 * only. A session ends when its token does, when it was not used for a while, when the server refuses it, and with its
 * account.
 */
import type { AdminSession } from '#contract/ipc/admin-schemas.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import type { ApiOutcome, Clock, Disposer, RelayApi } from '../ports.ts';

/** Milliseconds without use after which a session ends. */
export const IDLE_MS = 15 * 60_000;
/** For a server that does not say how long its tokens are good for. */
const USUAL_MS = 60 * 60_000;
/** Timers take no more than this. */
const MOST_MS = 24 * 60 * 60_000;

export interface AdminSessionsOptions {
  clock: Clock;
  /** The server of an open account; null when it is not open. */
  serverOf: (accountId: string) => string | null;
  /** A client of a server. Without a token only the log-in can be called. */
  connect: (server: string, token: string | null, onTokenRefused: () => void) => RelayApi;
}

interface Session {
  readonly view: AdminSession;
  readonly api: RelayApi;
  stopEnd: Disposer;
  stopIdle: Disposer;
}

export function createAdminSessions({ clock, serverOf, connect }: AdminSessionsOptions) {
  const sessions = new Map<string, Session>();

  function end(accountId: string): void {
    const session = sessions.get(accountId);
    if (!session) return;
    sessions.delete(accountId);
    session.stopEnd();
    session.stopIdle();
  }

  function used(accountId: string, session: Session): void {
    session.stopIdle();
    session.stopIdle = clock.after(IDLE_MS, () => end(accountId));
  }

  return {
    session: (accountId: string): AdminSession | null => sessions.get(accountId)?.view ?? null,
    async login(accountId: string, username: string, password: string): Promise<Result<AdminSession>> {
      const server = serverOf(accountId);
      if (server === null) return fail('not_signed_in', 'the account is not open');
      const answer = await connect(server, null, () => undefined).call('adminLogin', { body: { username, password } });
      if (!answer.ok) return { ok: false, error: answer.error };
      // It may have been closed meanwhile.
      if (serverOf(accountId) !== server) return fail('not_signed_in', 'the account is not open');
      const { token, expiresInSeconds } = answer.value;
      const lasts = Math.min(expiresInSeconds === undefined ? USUAL_MS : expiresInSeconds * 1000, MOST_MS);
      end(accountId);
      const session: Session = {
        view: { server, username, endsAt: clock.now() + lasts },
        api: connect(server, token, () => {
          if (sessions.get(accountId) === session) end(accountId);
        }),
        stopEnd: clock.after(lasts, () => end(accountId)),
        stopIdle: () => undefined,
      };
      sessions.set(accountId, session);
      used(accountId, session);
      return ok(session.view);
    },
    end,
    /** Runs a call of an open session; `unauthenticated` when there is none. */
    async use<T>(accountId: string, run: (api: RelayApi) => Promise<ApiOutcome<T>>): Promise<Result<T>> {
      const session = sessions.get(accountId);
      if (!session) return fail('unauthenticated', 'no administrator is signed in');
      used(accountId, session);
      const answer = await run(session.api);
      return answer.ok ? ok(answer.value) : { ok: false, error: answer.error };
    },
    close(): void {
      for (const accountId of [...sessions.keys()]) end(accountId);
    },
  };
}

export type AdminSessions = ReturnType<typeof createAdminSessions>;
