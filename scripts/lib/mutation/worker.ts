/** The process that runs the tests. Vitest's own ends after each run; this one goes on, so that a mutant costs its tests alone. */
import process from 'node:process';
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';

const send = process.send?.bind(process);
if (!send) throw new Error('to be started by the mutation run');
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

init({
  post: (message) => void send(message),
  on: (run) => void process.on('message', run),
  off: (run) => void process.off('message', run),
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  setup: setupEnvironment,
});
