import { net, powerMonitor } from 'electron';
import { Emitter } from '../lib/emitter.ts';
import type { Clock, Logger, PowerEvents, Disposer } from '../services/ports.ts';

/** Milliseconds between two checks of the network: the app's most frequent idle timer. */
const CHECK_EVERY_MS = 15_000;

export interface OpenPowerEvents extends PowerEvents {
  /** Milliseconds since somebody touched the computer. */
  idleMs(): number;
  /** The user locked the system. */
  onScreenLocked(run: () => void): Disposer;
  close(): void;
}

/** Resume from sleep and the return of the network. Needs a ready app. */
export function openPowerEvents(clock: Clock, logger: Logger): OpenPowerEvents {
  const resumed = new Emitter<[]>('power.resume', logger);
  const online = new Emitter<[]>('power.online', logger);
  const onResume = (): void => {
    logger.info('power.resume');
    resumed.emit();
  };
  const screenLocked = new Emitter<[]>('power.lock_screen', logger);
  const onScreenLocked = (): void => screenLocked.emit();
  powerMonitor.on('lock-screen', onScreenLocked);
  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onResume);

  let wasOnline = net.isOnline();
  let cancelCheck: Disposer = clock.after(CHECK_EVERY_MS, check);
  function check(): void {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) {
      logger.info('power.online');
      online.emit();
    }
    wasOnline = isOnline;
    cancelCheck = clock.after(CHECK_EVERY_MS, check);
  }

  return {
    onBattery: () => powerMonitor.isOnBatteryPower(),
    onResume: (run) => resumed.on(run),
    onOnline: (run) => online.on(run),
    idleMs: () => powerMonitor.getSystemIdleTime() * 1000,
    onScreenLocked: (run) => screenLocked.on(run),
    close() {
      powerMonitor.off('lock-screen', onScreenLocked);
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onResume);
      cancelCheck();
    },
  };
}
