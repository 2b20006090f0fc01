/** The repositories of a session. Each is made when it is first asked for: a write needs two or three of a dozen. */
import type { Repositories } from '../ports.ts';
import type { Tally } from './dialect.ts';
import type { Session } from './statement.ts';

/** All that lie on tables; events are collected by a write, and kept by it. */
type Made = Omit<Repositories, 'events'>;

/** How each of them is made. */
type Makers = {
  readonly [Name in keyof Made]: (session: Session, tally: Tally) => Made[Name];
};

/** Prepares the repositories of sessions. @param of how each is made: there are no others than it has. */
export function prepareTables(of: Makers) {
  class Tables {
    readonly session: Session;
    readonly tally: Tally;
    readonly events: unknown;
    readonly made: { [Name in keyof Made]?: Made[Name] } = {};

    constructor(session: Session, tally: Tally, events: unknown) {
      this.session = session;
      this.tally = tally;
      this.events = events;
    }
  }

  function define<Name extends keyof Made>(name: Name): void {
    const make = of[name];
    Object.defineProperty(Tables.prototype, name, {
      get(this: Tables) {
        return (this.made[name] ??= make(this.session, this.tally));
      },
    });
  }
  // The makers' type says which names there are.
  for (const name of Object.keys(of) as (keyof Made)[]) define(name);

  return <Events>(session: Session, tally: Tally, events: Events): Made & { readonly events: Events } =>
    // Each name has just been defined.
    new Tables(session, tally, events) as Tables & Made & { readonly events: Events };
}
