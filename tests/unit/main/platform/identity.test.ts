import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App } from 'electron';
import { describe, expect, it } from 'vitest';
import { LINK_SCHEME } from '../../../../electron/main/lib/deep-link.ts';
import { DEVELOPMENT, PRODUCT, takeIdentity } from '../../../../electron/main/platform/identity.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** What of an `app` says who it is. */
function appOf(isPackaged: boolean) {
  const said: Record<string, string> = {};
  const app: Partial<App> = {
    isPackaged,
    getPath: (name) => join('/home/anna', name),
    setName: (name) => void (said['name'] = name),
    setPath: (name, path) => void (said[name] = path),
    setAppUserModelId: (id) => void (said['appUserModelId'] = id),
    setToastActivatorCLSID: (id) => void (said['toastActivatorId'] = id),
  };
  return { app: app as App, said };
}

function said(isPackaged: boolean, platform: NodeJS.Platform, folder: string | null = null): Record<string, string> {
  const { app, said: heard } = appOf(isPackaged);
  takeIdentity(app, platform, folder);
  return heard;
}

describe('who the program is', () => {
  it('a developer’s run shares nothing with an installed product', () => {
    const product = said(true, 'win32');
    const development = said(false, 'win32');
    expect(product).toEqual({ ...PRODUCT });
    expect(development).toEqual({ ...DEVELOPMENT, userData: '/home/anna/appData/Relay Development' });
    expect(Object.values(development).filter((value) => Object.values(product).includes(value))).toEqual([]);
  });

  it('is told to Windows alone by id, and to everybody by name and folder', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      expect(said(true, platform)).toEqual({ name: 'Relay' });
      expect(said(false, platform)).toEqual({
        name: 'Relay Development',
        userData: '/home/anna/appData/Relay Development',
      });
      expect(said(false, platform, '/tmp/mine')).toEqual({ name: 'Relay Development', userData: '/tmp/mine' });
    }
  });

  it('is, as a product, what the installer and the package say', () => {
    const builder = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
    const { productName } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { productName: string };
    expect(builder).toMatch(new RegExp(`^appId: ${PRODUCT.appUserModelId.replaceAll('.', '\\.')}$`, 'm'));
    expect(builder).toMatch(new RegExp(`^productName: ${PRODUCT.name}$`, 'm'));
    expect(productName).toBe(PRODUCT.name);
    for (const { toastActivatorId } of [PRODUCT, DEVELOPMENT]) {
      expect(toastActivatorId).toMatch(/^\{[\dA-F]{8}(-[\dA-F]{4}){3}-[\dA-F]{12}\}$/);
    }
  });

  it('claims the one kind of address that it answers, and no other', () => {
    const builder = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
    expect([...builder.matchAll(/schemes: \[(.*)\]/g)].map(([, schemes]) => schemes)).toEqual([LINK_SCHEME]);
    expect(builder).not.toContain('x-scheme-handler');
  });
});
