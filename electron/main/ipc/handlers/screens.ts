import type { Lobby } from '../../services/calls/lobby.ts';
import type { Screens } from '../../services/calls/screens.ts';
import type { Handlers } from '../answer.ts';

/** What a call may share, and its lobby: the same for all accounts. */
export function createScreenHandlers<Source>(
  screens: Screens<Source>,
  lobby: Lobby,
): Pick<Handlers, 'calls.lobby' | 'calls.screens' | 'calls.chooseScreen'> {
  return {
    'calls.lobby': async (input) => lobby.lobby(input),
    'calls.screens': () => screens.screens(),
    'calls.chooseScreen': async (input) => screens.chooseScreen(input),
  };
}
