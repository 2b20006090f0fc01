/** The diagnostics as text to be passed on: in English and by stable names, so that whoever helps can read it. Pure. */
import type { Diagnostics } from '#contract/ipc/desktop-views.ts';

export function diagnosticsText(view: Diagnostics): string {
  const { versions, system, accounts, desktop, notices, limits, update, log } = view;
  const lines: string[] = [
    `Relay diagnostics, ${new Date(view.at).toISOString()}`,
    ...versions.map(({ name, version }) => `${name}: ${version}`),
    ...Object.entries(system).map(([name, value]) => `system.${name}: ${String(value)}`),
    ...accounts.map(
      ({ phase, reason, capabilities }, index) =>
        `account.${String(index + 1)}: ${phase}, reason ${reason ?? 'none'}, ${String(capabilities)} capabilities`,
    ),
    ...Object.entries(desktop).map(([name, value]) => `desktop.${name}: ${String(value)}`),
    `notifications.shown: ${String(notices.shown)}`,
    ...notices.silences.map(
      ({ why, count, last }) => `notifications.${why}: ${String(count)}, last ${new Date(last).toISOString()}`,
    ),
    `limits: ${limits.length > 0 ? limits.join(', ') : 'none'}`,
    `update: ${update.phase}, reason ${update.why ?? 'none'}`,
    `log: ${String(log.files)} files, ${String(log.bytes)} bytes`,
  ];
  return `${lines.join('\n')}\n`;
}
