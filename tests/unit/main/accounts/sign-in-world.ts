/** The sign-in on parts that the test holds: the server's answers, sockets that say what was done to them, a document in memory. */
import type { User } from '../../../../contract/api/user.ts';
import type { ServerView } from '../../../../contract/ipc/views.ts';
import { type AppError, fail, ok } from '../../../../contract/model/errors.ts';
import type { RouteName } from '../../../../contract/routes.ts';
import type { ServerFrameOf } from '../../../../contract/ws/server-frames.ts';
import { Emitter } from '../../../../electron/main/lib/emitter.ts';
import type { AccountContext, RelayApi } from '../../../../electron/main/services/ports.ts';
import { createSignIn, type SignIn, type SignInOptions } from '../../../../electron/main/services/accounts/sign-in.ts';
import { type OneAccount, oneAccount } from '../../../helpers/main-session.ts';
import { ManualClock, recordingLogger, secretStore, type TestSecretStore } from '../../../helpers/main-parts.ts';

type Hello = ServerFrameOf<'auth:success'>['data'];

export const SERVER = 'https://relay.example';
export const ADA: User = { id: 'u-ada', username: 'ada', firstName: 'Ada', lastName: 'L' };
export const BEN: User = { id: 'u-ben', username: 'ben', firstName: 'Ben', lastName: 'C' };

/** The parts that were made for one token. */
export interface Made {
  server: string;
  token: string | null;
  started: number;
  stopped: number;
  hello(more?: Partial<Hello>): void;
  refuseToken(): void;
}

export interface SignInWorld {
  signIn: SignIn;
  /** The same, for one account. */
  session: OneAccount;
  clock: ManualClock;
  logger: ReturnType<typeof recordingLogger>;
  secrets: TestSecretStore;
  stored: Record<string, unknown>;
  made: Made[];
  contexts: AccountContext[];
  /** What those who work for an account heard, in its order. */
  heard: string[];
  views: ReturnType<OneAccount['view']>[];
  asked: { route: RouteName; input: unknown }[];
  /** What the server says; `me` undefined leaves that request open for ever. */
  server: { capabilities: string[]; user: User; error: AppError | null; me: User | null | undefined; isThere: boolean };
  /** False: the disk takes nothing. */
  disk: { takes: boolean };
}

/** Makes a sign-in; a second one over the `stored` of a first is the next start of the program. */
export function signInOver(
  stored: Record<string, unknown> = {},
  secrets: TestSecretStore = secretStore('strong'),
  more: Partial<Pick<SignInOptions, 'firstScreen' | 'askedServer'>> = {},
): SignInWorld {
  const clock = new ManualClock();
  const logger = recordingLogger();
  const world: Omit<SignInWorld, 'session' | 'signIn'> = {
    clock,
    logger,
    secrets,
    stored,
    made: [],
    contexts: [],
    heard: [],
    views: [],
    asked: [],
    server: { capabilities: ['sync'], user: ADA, error: null, me: undefined, isThere: true },
    disk: { takes: true },
  };
  const call = async (route: RouteName, input: unknown): Promise<unknown> => {
    world.asked.push({ route, input });
    const { user, error, me } = world.server;
    if (route === 'me') {
      if (me === undefined) return new Promise(() => undefined);
      return me === null ? fail('server_error', '') : { ok: true, status: 200, value: { user: me } };
    }
    return error
      ? { ok: false, error }
      : { ok: true, status: 200, value: { user, token: `token of ${user.username}` } };
  };
  const signIn = createSignIn({
    document: {
      read: () => structuredClone(world.stored),
      write: (value) => {
        if (!world.disk.takes) return fail('storage_failed', 'full');
        world.stored = structuredClone(value);
        return ok(null);
      },
    },
    secrets,
    clock,
    logger,
    defaultServer: SERVER,
    ...more,
    probe: async (typed) => {
      const { isThere, capabilities } = world.server;
      if (!isThere) return fail('not_a_relay', '');
      const view: ServerView = { url: typed, encrypted: true, version: '1', capabilities };
      return ok(view);
    },
    connect: (server, token, onTokenRefused) => {
      const opened = new Emitter<[Hello]>('open', logger);
      const made: Made = {
        server,
        token,
        started: 0,
        stopped: 0,
        hello: (hello = {}) => opened.emit({ userId: 'u', username: 'u', ...hello }),
        refuseToken: onTokenRefused,
      };
      world.made.push(made);
      const never = () => () => undefined;
      return {
        serverTime: { now: () => null, aheadMs: () => 0 },
        api: { call } as unknown as RelayApi,
        socket: {
          state: 'closed',
          nextTryAt: null,
          reason: null,
          onState: never,
          send: () => false,
          onOpen: (run) => opened.on(run),
          onFrame: never,
          onClose: never,
          nudge: () => undefined,
          start: () => {
            made.started += 1;
          },
          stop: () => {
            made.stopped += 1;
          },
        },
      };
    },
  });
  const session = oneAccount(signIn);
  session.onOpened((context, online) => {
    world.contexts.push(context);
    world.heard.push(`opened ${context.account.user.username}${online ? '' : ' to read'}`);
  });
  session.onClosed((id, forget) =>
    world.heard.push(`closed ${id.split('/').at(-1) ?? ''}${forget ? ' for good' : ''}`),
  );
  session.onExpired((id) => world.heard.push(`expired ${id.split('/').at(-1) ?? ''}`));
  session.onChanged(() => world.views.push(session.view()));
  return Object.assign(world, { session, signIn });
}

/** Lets everything run that needs no time. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 30; n += 1) await Promise.resolve();
}
