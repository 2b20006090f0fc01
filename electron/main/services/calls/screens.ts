/**
 * Which screen or window is shared. The page shows what there is and says which one the user chose; the next request for a
 * display gets that one, once. Where the system has a picker of its own (Wayland, macOS 15), nothing is listed: to list is
 * to ask the user there, and nobody is asked twice.
 */
import type { ScreenView } from '#contract/ipc/call-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { errorName } from '../../lib/emitter.ts';
import type { ChosenScreen, Clock, Logger, ScreenSources } from '../ports.ts';

export interface ScreensOptions<Source> {
  sources: ScreenSources<Source>;
  /** A call was accepted: before that nothing is shared. */
  isActive: () => boolean;
  clock: Pick<Clock, 'monotonic'>;
  logger: Logger;
}

export interface Screens<Source> {
  screens(): Promise<Result<{ screens: ScreenView[]; ownPicker: boolean }>>;
  chooseScreen(input: { id: string | null; sound: boolean }): Result<null>;
  /** Answers a request of the page for a display; null refuses it. */
  answer(): Promise<ChosenScreen<Source> | null>;
}

/** Milliseconds between the choice and the page's request. */
const CHOICE_MS = 10_000;
const MOST_SCREENS = 100;

export function createScreens<Source>(options: ScreensOptions<Source>): Screens<Source> {
  const { sources, isActive, clock, logger } = options;
  let listed = new Map<string, Source>();
  let chosen: { screen: ChosenScreen<Source> | null; at: number } | null = null;

  async function list(): Promise<{ source: Source; view: ScreenView }[]> {
    try {
      return (await sources.list()).slice(0, MOST_SCREENS);
    } catch (error) {
      // The user closed the system's picker, or forbade to record the screen.
      logger.info('screens.not_listed', { error: errorName(error) });
      return [];
    }
  }

  async function asked(sound: boolean): Promise<ChosenScreen<Source> | null> {
    const [first] = await list();
    return first ? { source: first.source, sound: sound && sources.hasSound } : null;
  }

  return {
    async screens() {
      if (!isActive()) return fail('denied', 'no call');
      if (sources.ownPicker) return ok({ screens: [], ownPicker: true });
      const found = await list();
      listed = new Map(found.map(({ source, view }) => [view.id, source]));
      return ok({ screens: found.map(({ view }) => view), ownPicker: false });
    },
    chooseScreen({ id, sound }) {
      const at = clock.monotonic();
      if (id === null) {
        chosen = { screen: null, at };
        return ok(null);
      }
      const source = listed.get(id);
      if (source === undefined) return fail('not_found', 'no such screen');
      chosen = { screen: { source, sound: sound && sources.hasSound }, at };
      return ok(null);
    },
    async answer() {
      const choice = chosen;
      chosen = null;
      if (!isActive()) return null;
      const isFresh = choice !== null && clock.monotonic() - choice.at <= CHOICE_MS;
      if (isFresh) return choice.screen;
      return sources.ownPicker ? asked(true) : null;
    },
  };
}
