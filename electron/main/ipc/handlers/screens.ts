import type { Screens } from '../../services/calls/screens.ts';
import type { Handlers } from '../answer.ts';

/** What a call may share: the same for all accounts. */
export function createScreenHandlers<Source>(
  screens: Screens<Source>,
): Pick<Handlers, 'calls.screens' | 'calls.chooseScreen'> {
  return {
    'calls.screens': () => screens.screens(),
    'calls.chooseScreen': async (input) => screens.chooseScreen(input),
  };
}
