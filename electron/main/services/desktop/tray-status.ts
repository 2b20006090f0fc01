import type { ConnectionView } from '#contract/ipc/views.ts';
import type { TrayStatus } from '../../lib/tray-state.ts';

/** One word for the connections of all accounts: the worst of them. Pure. */
export function trayStatus(phases: readonly ConnectionView['phase'][]): TrayStatus {
  if (phases.length === 0) return 'signed_out';
  if (phases.some((phase) => phase === 'offline' || phase === 'waiting' || phase === 'waiting_auth')) return 'offline';
  return phases.every((phase) => phase === 'live') ? 'online' : 'connecting';
}
