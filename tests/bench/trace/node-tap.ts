/** Stamps the node's commits. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { around } from './around.ts';
import type { Disposer, Recorder } from './recorder.ts';

/** Follows the transactions whose end is prepared from now on. */
export function tapCommits(recorder: Recorder): Disposer {
  return around(DatabaseSync.prototype, 'prepare', (_database, args, prepare) => {
    const statement = prepare() as StatementSync;
    if (args[0] === 'COMMIT') {
      around(statement, 'run', (_statement, _args, run) => {
        const changes = run();
        recorder.add('commit');
        return changes;
      });
    }
    return statement;
  });
}
