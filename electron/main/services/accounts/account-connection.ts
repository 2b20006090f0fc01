/**
 * The life of an account's connection: which one it has, whether its token is good, what the screens are told of it. A new
 * sign-in of the same person replaces it.
 */
import type { ConnectionView } from '#contract/ipc/views.ts';
import type { AccountContext, Disposer } from '../ports.ts';

export interface AccountConnectionOptions {
  /** What the screens show of a connection now. */
  look: (isExpired: boolean, socket: AccountContext['socket']) => ConnectionView;
  isSame: (a: ConnectionView, b: ConnectionView) => boolean;
  /** It looks different. */
  tell: (view: ConnectionView) => void;
  /** The token was refused; once for each connection. */
  onExpired: () => void;
}

export class AccountConnection {
  readonly #options: AccountConnectionOptions;
  /** As sign-in provided it. */
  #given: AccountContext;
  /** The same, wrapped for the account's services. */
  #context: AccountContext;
  #isExpired = true;
  #isEnding = false;
  #view: ConnectionView = { phase: 'connecting', retryAt: null, reason: null };
  #leave: Disposer = () => undefined;

  constructor(first: AccountContext, options: AccountConnectionOptions) {
    this.#options = options;
    this.#given = first;
    this.#context = this.#watched(first);
  }

  /** As sign-in provided it, to be told from another one. */
  get given(): AccountContext {
    return this.#given;
  }

  /** For the account's services, also while it may not be used. */
  get context(): AccountContext {
    return this.#context;
  }

  /** Null while it may not be used. */
  get usable(): AccountContext | null {
    return this.#isExpired ? null : this.#context;
  }

  /** What the screens were told last. */
  get view(): ConnectionView {
    return this.#view;
  }

  /** Takes another one. `listen` subscribes to its socket: those listeners leave it when the next one comes. */
  attach(given: AccountContext, online: boolean, listen: (socket: AccountContext['socket']) => Disposer): void {
    this.#given = given;
    this.#context = this.#watched(given);
    this.#isExpired = !online;
    this.#leave();
    const { socket } = given;
    const leaveState = socket.onState(() => {
      if (socket.reason === 'unauthenticated') this.expired();
      this.tell();
    });
    const leaveRest = listen(socket);
    this.#leave = () => {
      leaveState();
      leaveRest();
    };
  }

  /** The token was refused, whichever service noticed. */
  expired(): void {
    if (this.#isExpired) return;
    this.#isExpired = true;
    this.tell();
    this.#options.onExpired();
  }

  /** Looks at the connection, and tells what is new. */
  tell(): void {
    const { look, isSame, tell } = this.#options;
    const view = look(this.#isExpired, this.#context.socket);
    if (this.#isEnding || isSame(view, this.#view)) return;
    this.#view = view;
    tell(view);
  }

  /** The account begins to close: nothing more is told, while what ends with it may still use the connection. */
  ending(): void {
    this.#isEnding = true;
  }

  /** Leaves the socket. */
  leave(): void {
    this.#leave();
  }

  /** The context for the account's services: when one of them meets a refusal, it is known here at once. */
  #watched(context: AccountContext): AccountContext {
    return {
      account: context.account,
      api: context.api,
      socket: context.socket,
      serverTime: context.serverTime,
      has: (capability) => context.has(capability),
      tokenRefused: () => {
        if (this.#given !== context) return;
        this.expired();
        context.tokenRefused();
      },
      meChanged: (user) => context.meChanged(user),
    };
  }
}
