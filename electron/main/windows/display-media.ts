/** Requests of a page for a display: answered for our own page, on a click, in a call, and for nobody else. */
import type { DisplayMediaRequestHandlerHandlerRequest, Streams, WebFrameMain } from 'electron';
import { originOf } from '../lib/origin.ts';
import type { WindowRole } from '../lib/roles.ts';
import { errorName } from '../lib/emitter.ts';
import type { ScreenSource } from '../lib/screen-source.ts';
import type { ChosenScreen, Logger } from '../services/ports.ts';

export interface DisplayRules {
  /** The role of the window whose main frame this is; null for any other frame. */
  roleOfFrame(frame: WebFrameMain): WindowRole | null;
  /** The exact origin of our page. */
  origin: string;
  /** What the user chose; null for nothing. */
  choice(): Promise<ChosenScreen<ScreenSource> | null>;
  logger: Logger;
}

type Request = Pick<
  DisplayMediaRequestHandlerHandlerRequest,
  'frame' | 'securityOrigin' | 'videoRequested' | 'audioRequested' | 'userGesture'
>;

function isOurs({ frame, securityOrigin, videoRequested, userGesture }: Request, rules: DisplayRules): boolean {
  return (
    frame !== null &&
    videoRequested &&
    userGesture &&
    rules.roleOfFrame(frame) === 'main' &&
    originOf(securityOrigin) === rules.origin
  );
}

/** The streams for a request; null refuses it. Never throws: a frame that has gone does on every access. */
export async function answerDisplayMedia(request: Request, rules: DisplayRules): Promise<Streams | null> {
  try {
    const isAllowed = isOurs(request, rules);
    // A choice is used up even by a request that it was not for.
    const chosen = await rules.choice();
    if (!isAllowed || !chosen) {
      rules.logger.warn('display.denied', { ours: isAllowed });
      return null;
    }
    const { source, sound } = chosen;
    return { video: source, ...(sound && request.audioRequested ? { audio: 'loopback' as const } : {}) };
  } catch (error) {
    rules.logger.warn('display.failed', { error: errorName(error) });
    return null;
  }
}
