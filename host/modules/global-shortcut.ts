/** `globalShortcut`: keys that work while other applications are in front; pressed by tests. */
import { guard } from '../guard.ts';

export class HostGlobalShortcut {
  readonly whole: Electron.GlobalShortcut;
  private readonly keys = new Map<string, () => void>();

  constructor() {
    this.whole = guard<Electron.GlobalShortcut>('globalShortcut', {
      register: (accelerator, callback) => {
        if (this.keys.has(accelerator)) return false;
        this.keys.set(accelerator, callback);
        return true;
      },
      unregister: (accelerator) => {
        this.keys.delete(accelerator);
      },
      unregisterAll: () => this.keys.clear(),
      isRegistered: (accelerator) => this.keys.has(accelerator),
    });
  }

  /** Presses a key; false when nobody registered it. */
  press(accelerator: string): boolean {
    const run = this.keys.get(accelerator);
    run?.();
    return run !== undefined;
  }
}
