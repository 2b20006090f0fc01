/** The user's settings, stored on this computer. An invalid stored value is replaced by the default and logged. */
import { SettingsView } from '#contract/ipc/views.ts';
import { CALL_DEFAULTS } from '#contract/ipc/call-defaults.ts';
import { DESKTOP_DEFAULTS } from '#contract/ipc/desktop-defaults.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { ROUTE_NAMES, routeOf } from '#contract/routes.ts';
import { Emitter } from '../../lib/emitter.ts';
import type { JsonDocument, Logger, Disposer } from '../ports.ts';

export const DEFAULT_SETTINGS: SettingsView = {
  theme: 'system',
  language: 'system',
  textSize: 'normal',
  sendTyping: true,
  enterSends: true,
  density: 'normal',
  accent: 'indigo',
  chatLight: true,
  moreContrast: false,
  listWidth: null,
  olderMessages: 'usual',
  callDevices: { microphone: null, camera: null, speaker: null },
  ...CALL_DEFAULTS,
  ...DESKTOP_DEFAULTS,
};

export interface SettingsService {
  view(): SettingsView;
  /** Changes the given settings and stores them. `storage_failed`: they hold until the app ends. */
  update(patch: { [K in keyof SettingsView]?: SettingsView[K] | undefined }): Result<SettingsView>;
  onChanged(run: (view: SettingsView) => void): Disposer;
  /** Other paths of a server's operations, by operation name, from the file's `paths`. */
  paths(): Record<string, string>;
}

/** Reads field by field, so that one bad value does not cost the others. */
function readSettings(stored: Record<string, unknown>, logger: Logger): SettingsView {
  const merged: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const [name, schema] of Object.entries(SettingsView.shape)) {
    if (!(name in stored)) continue;
    const parsed = schema.safeParse(stored[name]);
    if (parsed.success) merged[name] = parsed.data;
    else logger.warn('settings.value_dropped', { name });
  }
  return SettingsView.parse(merged);
}

function parametersOf(path: string): string {
  return [...path.matchAll(/\{\w+\}/g)].map(String).sort().join();
}

/** Paths that can replace the table's: below `/api`, with the same parameters. */
function readPaths(stored: unknown, logger: Logger): Record<string, string> {
  if (typeof stored !== 'object' || stored === null) return {};
  const given = new Map<string, unknown>(Object.entries(stored));
  const paths: Record<string, string> = {};
  for (const name of ROUTE_NAMES) {
    const path = given.get(name);
    if (path === undefined) continue;
    const fits =
      typeof path === 'string' &&
      /^\/[\w\-./{}]{1,200}$/.test(path) &&
      !path.includes('..') &&
      !path.includes('//') &&
      parametersOf(path) === parametersOf(routeOf(name).path);
    if (fits) paths[name] = path;
    else logger.warn('settings.path_dropped', { name });
  }
  return paths;
}

export function createSettingsService(document: JsonDocument, logger: Logger): SettingsService {
  const changed = new Emitter<[SettingsView]>('settings.changed', logger);
  const stored = document.read();
  const paths = readPaths(stored['paths'], logger);
  let view = readSettings(stored, logger);
  return {
    view: () => ({ ...view }),
    onChanged: (run) => changed.on(run),
    paths: () => ({ ...paths }),
    update(patch) {
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const next = SettingsView.parse({ ...view, ...given });
      if (JSON.stringify(next) === JSON.stringify(view)) return ok({ ...view });
      view = next;
      // Values unknown to this version stay in the file.
      const written = document.write({ ...document.read(), ...view });
      changed.emit({ ...view });
      return written.ok ? ok({ ...view }) : written;
    },
  };
}
