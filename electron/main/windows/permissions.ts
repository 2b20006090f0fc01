import type { DisplayMediaRequestHandlerHandlerRequest, Session, Streams, WebContents } from 'electron';
import { originOf } from '../lib/origin.ts';
import { ROLES, type WindowRole } from '../lib/roles.ts';
import type { Logger } from '../services/ports.ts';
import { onEverySession } from './every-session.ts';

export interface PermissionRules {
  roleOf(contents: WebContents | null): WindowRole | null;
  /** The exact origin of our page. */
  origin: string;
  /** Whether something that a role may have is granted at this moment: the camera and the display are for calls. */
  isTimeFor(name: string): boolean;
  /** Answers a request for a display; null refuses it. */
  display(request: DisplayMediaRequestHandlerHandlerRequest): Promise<Streams | null>;
  /** The system asks the user for a display itself, and main is not asked. */
  systemPicker: boolean;
  logger: Logger;
}

type MediaType = 'audio' | 'video' | 'unknown';

/** What is asked for by the names of the roles: `media` is a microphone, a camera or both, and may be neither. */
function namesOf(permission: string, mediaTypes: readonly MediaType[]): string[] {
  if (permission !== 'media') return [permission];
  const names: Record<MediaType, string> = { audio: 'microphone', video: 'camera', unknown: 'media' };
  return mediaTypes.length === 0 ? ['media'] : mediaTypes.map((type) => names[type]);
}

/** A permission is granted only to our own page in the main frame of a window whose role has it. */
function isGranted(
  rules: PermissionRules,
  asked: { contents: WebContents | null; names: string[]; isMainFrame: boolean; origin: string },
): boolean {
  const role = rules.roleOf(asked.contents);
  return (
    role !== null &&
    asked.isMainFrame &&
    originOf(asked.origin) === rules.origin &&
    asked.names.every((name) => ROLES[role].permissions.has(name) && rules.isTimeFor(name))
  );
}

/** Both handlers must decide: Electron grants by default. */
function guard(of: Session, rules: PermissionRules): void {
  const { logger } = rules;
  of.setPermissionRequestHandler((contents, permission, decide, details) => {
    const { isMainFrame, requestingUrl } = details;
    const names = namesOf(permission, ('mediaTypes' in details ? details.mediaTypes : undefined) ?? []);
    const granted = isGranted(rules, { contents, names, isMainFrame, origin: requestingUrl });
    if (!granted) logger.warn('permission.denied', { permission });
    decide(granted);
  });
  of.setPermissionCheckHandler((contents, permission, origin, { isMainFrame, mediaType }) =>
    isGranted(rules, { contents, names: namesOf(permission, mediaType ? [mediaType] : []), isMainFrame, origin }),
  );
  of.setDevicePermissionHandler(() => false);
  of.setBluetoothPairingHandler((_details, decide) => decide({ confirmed: false }));
  of.setDisplayMediaRequestHandler((request, decide) => void rules.display(request).then(decide), {
    useSystemPicker: rules.systemPicker,
  });
  of.on('will-download', (event) => {
    logger.warn('download.prevented');
    event.preventDefault();
  });
}

/**
 * Denies permissions that no role has, devices and downloads in all sessions, present and future. Call before the app
 * is ready.
 */
export function guardPermissions(rules: PermissionRules): void {
  onEverySession((of) => guard(of, rules));
}
