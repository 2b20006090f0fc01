/**
 * The first code that runs in a page of the stand-in: creates the modules that a sandboxed preload may require, and
 * runs the preload. Served as one classic script, so that it runs before the page's own scripts.
 */
import type { PageConfig } from './config.ts';
import { createContextBridge } from './context-bridge.ts';
import { watchGivenFiles } from './given-files.ts';
import { Link } from './link.ts';
import { watchNavigation } from './navigation.ts';
import { guardPermissions } from './permissions.ts';
import { createIpcRenderer } from './renderer-ipc.ts';
import { watchStages } from './stages.ts';

interface CommonJsModule {
  exports: object;
}

/** The preload file, wrapped in a function with CommonJS parameters. */
export type Preload = (
  require: (name: string) => unknown,
  module: CommonJsModule,
  exports: object,
  process: object,
) => void;

/** Runs the preload; null if the window has none. */
export function boot(config: PageConfig, preload: Preload | null): void {
  const link = new Link(`ws://${location.host}${config.socketPath}`);
  watchStages(link);
  watchNavigation(link);
  guardPermissions(link);
  const files = watchGivenFiles(config);
  if (!preload) return;
  const electron = {
    contextBridge: createContextBridge(window),
    ipcRenderer: createIpcRenderer(link, (text) => files.awaited(text)),
    webUtils: { getPathForFile: (file: File) => files.pathOf(file) },
  };
  const module: CommonJsModule = { exports: {} };
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const process = { platform: config.platform, type: 'renderer', sandboxed: true, contextIsolated: true };
  preload(require, module, module.exports, process);
}
