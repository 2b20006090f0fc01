/** The modules of the only stand-in in this process: set by run.ts before main is loaded, read by electron.ts. */
import type { createModules } from './modules/index.ts';

type Modules = ReturnType<typeof createModules>['modules'];

let current: Modules | null = null;

export function setCurrent(modules: Modules): void {
  current = modules;
}

/** Throws when main is loaded without the stand-in. */
export function currentModules(): Modules {
  if (!current) throw new Error("The module 'electron' was imported before the stand-in was started.");
  return current;
}
