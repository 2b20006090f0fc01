import { expect, test } from 'vitest';
import { noteOf } from '../../../../renderer/src/features/conversation/note.ts';
import { stored } from './message.ts';

test.each([
  ['nobody knows whether it was sent', { state: 'failed', undecided: true }, 'undecided'],
  ['it was not sent', { state: 'failed', problem: 'validation' }, 'failed'],
  ['it waits for a sign-in', { state: 'waiting_auth', problem: 'unauthenticated' }, 'waiting_auth'],
  ['the server asks for a pause', { state: 'queued', problem: 'rate_limited' }, 'slowed'],
  ['it is under way again', { state: 'sending', problem: null }, null],
  ['no connection: the strip says it', { state: 'queued', problem: 'server_unreachable' }, null],
  ['it is there twice', { state: 'sent', doubleOf: 'm2' }, 'double'],
  ['nothing is wrong', { state: 'read' }, null],
] as const)('%s', (_what, more, note) => {
  expect(noteOf({ ...stored(1), mine: true, ...more })).toBe(note);
});
