/**
 * Statements: queries of the query builder, compiled once and run with new values. Building and compiling a query costs
 * more than SQLite needs to run it.
 */
import type { Compilable, CompiledQuery } from 'kysely';

/** What a statement was run for. */
export interface Outcome {
  rows: readonly unknown[];
  /** The number of rows that were inserted, updated or deleted. */
  changes: number;
}

/** Where statements are run: a connection, or one write's part of a transaction. */
export interface Session {
  execute(query: CompiledQuery, values: readonly unknown[]): Promise<Outcome>;
}

/** A session that ends with its write: what was forgotten and comes later finds no other write's transaction. */
export function createScopedSession(session: Session): Session & { end: () => void } {
  let ended = false;
  return {
    // Hands the session's own promise on: another one around it would take turns of its own, for every statement.
    execute(query, values) {
      if (ended) return Promise.reject(new Error('a statement after the end of its write'));
      return session.execute(query, values);
    },
    end() {
      ended = true;
    },
  };
}

/** A compiled query that takes the values `P` and returns rows `R`. */
export interface Statement<P, R> {
  all(session: Session, values: P): Promise<R[]>;
  first(session: Session, values: P): Promise<R | null>;
  /** @returns the number of changed rows. */
  run(session: Session, values: P): Promise<number>;
}

/** Stands for a value while its query is compiled. */
class Parameter<P> {
  readonly name: keyof P;
  constructor(name: keyof P) {
    this.name = name;
  }
}

/** Something that only looks like `P`: each property is a parameter with its name. */
function parametersOf<P extends object>(): P {
  const names = new Proxy<object>({}, { get: (_target, name) => new Parameter<P>(name as keyof P) });
  // The one place where types are stretched: the builder may hand its values on, and do nothing else with them.
  return names as P;
}

/**
 * Compiles a query.
 * @param build builds it from placeholders: it may pass them to the query builder, but cannot look at them.
 */
export function prepare<P extends object, R>(build: (values: P) => Compilable<R>): Statement<P, R> {
  const query: CompiledQuery = build(parametersOf<P>()).compile();
  const slots = query.parameters.map((value) => (value instanceof Parameter ? (value as Parameter<P>) : { value }));
  const bind = (values: P): unknown[] =>
    slots.map((slot) => (slot instanceof Parameter ? values[slot.name] : slot.value));
  return {
    // The rows are what the query selects; both databases enforce the columns' types.
    all: async (session, values) => (await session.execute(query, bind(values))).rows as R[],
    first: async (session, values) => ((await session.execute(query, bind(values))).rows[0] as R | undefined) ?? null,
    run: async (session, values) => (await session.execute(query, bind(values))).changes,
  };
}
