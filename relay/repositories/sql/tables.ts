/** The repositories of a session. Each is made when it is first asked for: a write needs two or three of a dozen. */
import type { Repositories } from '../ports.ts';
import type { Tally } from './dialect.ts';
import type { Session } from './statement.ts';

/** How each of them is made. */
export type Makers = {
  [Name in Exclude<keyof Repositories, 'events'>]: (session: Session, tally: Tally) => Repositories[Name];
};

type Made = { [Name in keyof Makers]?: ReturnType<Makers[Name]> };

export class Tables<E> implements Omit<Repositories, 'events'> {
  readonly #of: Makers;
  readonly #session: Session;
  readonly #tally: Tally;
  readonly #made: Made = {};
  readonly events: E;

  constructor(of: Makers, session: Session, tally: Tally, events: E) {
    this.#of = of;
    this.#session = session;
    this.#tally = tally;
    this.events = events;
  }

  get users() {
    return (this.#made.users ??= this.#of.users(this.#session, this.#tally));
  }

  get chats() {
    return (this.#made.chats ??= this.#of.chats(this.#session, this.#tally));
  }

  get messages() {
    return (this.#made.messages ??= this.#of.messages(this.#session, this.#tally));
  }

  get reactions() {
    return (this.#made.reactions ??= this.#of.reactions(this.#session, this.#tally));
  }

  get files() {
    return (this.#made.files ??= this.#of.files(this.#session, this.#tally));
  }

  get uploadSessions() {
    return (this.#made.uploadSessions ??= this.#of.uploadSessions(this.#session, this.#tally));
  }

  get tracks() {
    return (this.#made.tracks ??= this.#of.tracks(this.#session, this.#tally));
  }

  get calls() {
    return (this.#made.calls ??= this.#of.calls(this.#session, this.#tally));
  }

  get totals() {
    return (this.#made.totals ??= this.#of.totals(this.#session, this.#tally));
  }

  get hours() {
    return (this.#made.hours ??= this.#of.hours(this.#session, this.#tally));
  }

  get activity() {
    return (this.#made.activity ??= this.#of.activity(this.#session, this.#tally));
  }

  get audit() {
    return (this.#made.audit ??= this.#of.audit(this.#session, this.#tally));
  }
}
