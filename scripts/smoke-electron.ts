/**
 * `npm run smoke:electron`: the application under Electron's own runtime, in the project and packaged, one line per
 * check. Without a runtime it prints "not run" and succeeds. See docs/RELEASING.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRelay } from '../relay/server.ts';
import { SHARED_STEPS, SmokeSkip, smokeWorld } from '../tests/helpers/smoke-steps.ts';
import { buildBundles } from './lib/bundles.ts';
import { Endings } from './lib/end.ts';
import { installedRuntime } from './lib/electron-runtime.ts';
import { hasDisplay } from './lib/host-choice.ts';
import { sandboxProblem } from './lib/sandbox.ts';
import { runMain, say } from './lib/say.ts';
import { ElectronDesk, MAIN_STEPS, versionLine } from './lib/smoke/electron-desk.ts';
import { packWith } from './lib/smoke/pack.ts';
import { PACKAGE_STEPS, PackageDesk } from './lib/smoke/package-desk.ts';
import { SmokeReport } from './lib/smoke/report.ts';

/** Milliseconds electron-builder may take. */
const PACK_MS = 300_000;

/** The runtime's executable, or why it cannot be used here. */
function usableRuntime(): { file: string } | { reason: string } {
  const file = installedRuntime();
  if (file === null) {
    return {
      reason: "Electron's runtime is not here (`npm start` fetches it, ELECTRON_OVERRIDE_DIST_PATH names another)",
    };
  }
  const problem = sandboxProblem(file);
  if (problem !== null) return { reason: `Electron ${problem}` };
  return hasDisplay(process.platform, process.env) ? { file } : { reason: 'there is no display here' };
}

/** A separate relay with the two demo people, and temporary folders for their data. */
async function prepare(folder: string, name: string, endings: Endings) {
  const dataDir = join(folder, `relay-${name}`);
  const relay = await startRelay({ host: '127.0.0.1', port: 0, dataDir, demo: true, logLevel: 'warn' });
  endings.add(() => relay.close());
  const options = { userDataDir: join(folder, `data-${name}`), env: { RELAY_SERVER: relay.url } };
  return { world: await smokeWorld(relay.url), options };
}

/** The application in the project folder. Returns the runtime's version. */
async function inTheProject(runtime: string, folder: string, report: SmokeReport, endings: Endings): Promise<string> {
  const { world, options } = await prepare(folder, 'project', endings);
  const desk = new ElectronDesk({ program: runtime, ...options });
  endings.add(() => desk.kill());
  let version = '';
  const opened = await report.step('start in the project', async () => {
    await desk.open();
    version = await desk.app.evaluate(() => process.versions.electron ?? '');
    return versionLine(desk.app);
  });
  if (!opened) return version;
  await report.take(SHARED_STEPS, desk, world);
  await report.take(MAIN_STEPS, desk, world);
  await report.step('quit', () => desk.quit());
  return version;
}

/** The packaged application, as users get it. */
async function packaged(
  runtime: string,
  version: string,
  folder: string,
  report: SmokeReport,
  endings: Endings,
): Promise<void> {
  const { world, options } = await prepare(folder, 'package', endings);
  let desk: PackageDesk | null = null;
  endings.add(() => desk?.kill());
  const opened = await report.step(
    'pack and start',
    async () => {
      const packed = await packWith(runtime, version, join(folder, 'release'));
      // A copy of the runtime lacks the setuid-root helper.
      const problem = sandboxProblem(packed.program);
      if (problem !== null) throw new SmokeSkip(`Electron ${problem}`);
      desk = new PackageDesk(packed, options);
      await desk.open();
    },
    PACK_MS,
  );
  if (!opened || desk === null) return;
  await report.take(SHARED_STEPS, desk, world);
  await report.take(PACKAGE_STEPS, desk, world);
}

await runMain(async () => {
  const runtime = usableRuntime();
  if ('reason' in runtime) {
    say(`not run: ${runtime.reason}.`);
    return 0;
  }
  const endings = new Endings();
  endings.onSignals();
  const folder = mkdtempSync(join(tmpdir(), 'relay-smoke-'));
  endings.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const report = new SmokeReport(say);
  try {
    await buildBundles();
    say('=== in the project');
    const version = await inTheProject(runtime.file, folder, report, endings);
    say('=== packaged');
    if (version === '') say('not run: it did not start in the project.');
    else await packaged(runtime.file, version, folder, report, endings);
  } finally {
    await endings.end();
  }
  say(report.summary());
  return report.failed > 0 ? 1 : 0;
});
