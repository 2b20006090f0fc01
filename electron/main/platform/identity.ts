/**
 * The app's identity in the system. A development run is a different app from an installed product: another folder, and
 * with it another lock; another name, by which the key store and Windows' start menu tell apps apart; another id on
 * Windows.
 */
import { join } from 'node:path';
import type { App } from 'electron';

export interface Identity {
  name: string;
  /** Windows: the owner of windows, the taskbar button and notifications. The installer's `appId`. */
  appUserModelId: string;
  /** Windows: what a click on a notification activates. Without a fixed one every start would register another. */
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

/** Applies the identity. Call before requesting the lock, which is one per folder, and before the app is ready. */
export function takeIdentity(app: App, platform: NodeJS.Platform, userDataDir: string | null): void {
  const identity = app.isPackaged ? PRODUCT : DEVELOPMENT;
  app.setName(identity.name);
  if (userDataDir !== null) app.setPath('userData', userDataDir);
  // The product's folder is named after its package and stays where its data is.
  else if (!app.isPackaged) app.setPath('userData', join(app.getPath('appData'), identity.name));
  if (platform !== 'win32') return;
  app.setAppUserModelId(identity.appUserModelId);
  app.setToastActivatorCLSID(identity.toastActivatorId);
}
