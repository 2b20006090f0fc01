import type { Session } from 'electron';
import type { Logger } from '../services/ports.ts';
import { onEverySession } from './every-session.ts';

/** Nothing is granted: no feature needs a permission yet. Both handlers must say so, Electron approves by default. */
function denyAll(of: Session, logger: Logger): void {
  of.setPermissionRequestHandler((_contents, permission, decide) => {
    logger.warn('permission.denied', { permission });
    decide(false);
  });
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.setBluetoothPairingHandler((_details, decide) => decide({ confirmed: false }));
  of.setDisplayMediaRequestHandler((_request, decide) => decide(null));
  of.on('will-download', (event) => {
    logger.warn('download.prevented');
    event.preventDefault();
  });
}

/** Denies permissions, devices and downloads in every session that will ever be made. Before the app is ready. */
export function guardPermissions(logger: Logger): void {
  onEverySession((of) => denyAll(of, logger));
}
