/** The stand-in's modules in place of Electron's: for `vi.mock('electron', …)`, whose modules change with each test. */
import type { createStandIn } from './stand-in.ts';

type Modules = ReturnType<typeof createStandIn>['modules'];

/** `standIn` is hoisted, and its modules are set before each test. */
export function electronOf(standIn: { modules: Modules }) {
  return {
    get app() {
      return standIn.modules.app;
    },
    get BrowserWindow() {
      return standIn.modules.BrowserWindow;
    },
    get dialog() {
      return standIn.modules.dialog;
    },
    get nativeTheme() {
      return standIn.modules.nativeTheme;
    },
    get screen() {
      return standIn.modules.screen;
    },
    get session() {
      return standIn.modules.session;
    },
  };
}
