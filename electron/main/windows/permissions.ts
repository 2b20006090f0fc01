import type { Session, WebContents } from 'electron';
import { originOf } from '../lib/origin.ts';
import { ROLES, type WindowRole } from '../lib/roles.ts';
import type { Logger } from '../services/ports.ts';
import { onEverySession } from './every-session.ts';

export interface PermissionRules {
  roleOf(contents: WebContents | null): WindowRole | null;
  /** The exact origin of our page. */
  origin: string;
  logger: Logger;
}

/** A permission is granted only to our own page in the main frame of a window whose role has it. */
function isGranted(
  rules: PermissionRules,
  asked: { contents: WebContents | null; permission: string; isMainFrame: boolean; origin: string },
): boolean {
  const role = rules.roleOf(asked.contents);
  return (
    role !== null &&
    asked.isMainFrame &&
    originOf(asked.origin) === rules.origin &&
    ROLES[role].permissions.has(asked.permission)
  );
}

/** Both handlers must decide: Electron grants by default. */
function guard(of: Session, rules: PermissionRules): void {
  const { logger } = rules;
  of.setPermissionRequestHandler((contents, permission, decide, { isMainFrame, requestingUrl }) => {
    const granted = isGranted(rules, { contents, permission, isMainFrame, origin: requestingUrl });
    if (!granted) logger.warn('permission.denied', { permission });
    decide(granted);
  });
  of.setPermissionCheckHandler((contents, permission, origin, { isMainFrame }) =>
    isGranted(rules, { contents, permission, isMainFrame, origin }),
  );
  of.setDevicePermissionHandler(() => false);
  of.setBluetoothPairingHandler((_details, decide) => decide({ confirmed: false }));
  of.setDisplayMediaRequestHandler((_request, decide) => decide(null));
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
