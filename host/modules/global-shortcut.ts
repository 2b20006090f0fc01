/** `globalShortcut`: shortcuts that work while another application is in front; tests trigger them. */
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

  /** Triggers a shortcut; false when it is not registered. */
  press(accelerator: string): boolean {
    const run = this.keys.get(accelerator);
    run?.();
    return run !== undefined;
  }
}
