import { net, powerMonitor } from 'electron';
import { Emitter } from '../lib/emitter.ts';
import type { Clock, Logger, PowerEvents, Disposer } from '../services/ports.ts';

/** Milliseconds between two looks at the network: the program's quickest idle timer. */
const LOOK_EVERY_MS = 15_000;

export interface OpenPowerEvents extends PowerEvents {
  close(): void;
}

/** The computer's sleep and the network's coming back. Needs a ready app. */
export function openPowerEvents(clock: Clock, logger: Logger): OpenPowerEvents {
  const resumed = new Emitter<[]>('power.resume', logger);
  const online = new Emitter<[]>('power.online', logger);
  const onResume = (): void => {
    logger.info('power.resume');
    resumed.emit();
  };
  powerMonitor.on('resume', onResume);
  powerMonitor.on('unlock-screen', onResume);

  let wasOnline = net.isOnline();
  let cancelLook: Disposer = clock.after(LOOK_EVERY_MS, look);
  function look(): void {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) {
      logger.info('power.online');
      online.emit();
    }
    wasOnline = isOnline;
    cancelLook = clock.after(LOOK_EVERY_MS, look);
  }

  return {
    onBattery: () => powerMonitor.isOnBatteryPower(),
    onResume: (run) => resumed.on(run),
    onOnline: (run) => online.on(run),
    close() {
      powerMonitor.off('resume', onResume);
      powerMonitor.off('unlock-screen', onResume);
      cancelLook();
    },
  };
}
