/**
 * Who the program is to the system. A developer's run is somebody else than an installed product: another folder, and with
 * it another lock; another name, by which the key store and Windows' start menu tell programs apart; another id on Windows.
 */
import { join } from 'node:path';
import type { App } from 'electron';

export interface Identity {
  name: string;
  /** Windows: what windows, the taskbar's button and notifications belong to. The installer's `appId`. */
  appUserModelId: string;
  /** Windows: whom a click on a notification calls. Without one of its own each start would register another. */
  toastActivatorId: string;
}

export const PRODUCT: Identity = {
  name: 'Relay',
  appUserModelId: 'app.relay.desktop',
  toastActivatorId: '{1042E8DA-9C76-4F2A-97DC-247D0D6120BE}',
};

export const DEVELOPMENT: Identity = {
  name: 'Relay Development',
  appUserModelId: 'app.relay.desktop.development',
  toastActivatorId: '{4BB692B5-CF1D-45CE-9A86-F9F528AC25DE}',
};

/** Takes it on. Before the lock is asked for, which is one for each folder, and before the app is ready. */
export function takeIdentity(app: App, platform: NodeJS.Platform, userDataDir: string | null): void {
  const identity = app.isPackaged ? PRODUCT : DEVELOPMENT;
  app.setName(identity.name);
  if (userDataDir !== null) app.setPath('userData', userDataDir);
  // The folder of a product goes by its package's name: it stays where its data lies.
  else if (!app.isPackaged) app.setPath('userData', join(app.getPath('appData'), identity.name));
  if (platform !== 'win32') return;
  app.setAppUserModelId(identity.appUserModelId);
  app.setToastActivatorCLSID(identity.toastActivatorId);
}
