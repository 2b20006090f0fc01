/** The package as electron-builder makes it of the real bundles, with a stand-in in the place of Electron's runtime. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundles } from '../../scripts/lib/bundles.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { programWithFuses } from './build-program.ts';

export const builderRequire = createRequire(createRequire(import.meta.url).resolve('electron-builder'));

/** electron-builder.yml as the builder reads it. */
export async function builderConfiguration(): Promise<Record<string, unknown>> {
  const yaml = builderRequire('js-yaml') as { load(text: string): unknown };
  return yaml.load(await readFile(join(ROOT, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>;
}

export interface BuiltPackage {
  /** The folder that becomes `/opt/Relay`, or the inside of an AppImage. */
  program: string;
  /** The archive in it. */
  asar: string;
  /** A folder for the test's own. */
  folder: string;
  /** What each Linux package starts the program with: the whole desktop entry. */
  desktopEntries: { AppImage: string; deb: string };
  remove(): Promise<void>;
}

/** What lies about in a developer's folder and must not be packed. */
const STRAY = {
  'host/run.ts': 'host',
  'tests/secret.txt': 'tests',
  '.env': 'RELAY_SECRET=1',
  'relay-data/jwt-secret': 'secret',
  'electron/main/index.ts': 'source',
  'out/renderer/assets/page.js.map': '{}',
  'out/bench/result.json': '{}',
};

/** Builds it, in a project of its own. The installers themselves are not made: their tools would have to be fetched. */
export async function buildPackage(): Promise<BuiltPackage> {
  await buildBundles();
  const folder = await mkdtemp(join(tmpdir(), 'relay-package-'));
  const app = join(folder, 'app');
  for (const part of ['package.json', 'out/main', 'out/preload', 'out/renderer']) {
    await cp(join(ROOT, part), join(app, part), { recursive: true });
  }
  for (const [name, text] of Object.entries(STRAY)) {
    await mkdir(join(app, name, '..'), { recursive: true });
    await writeFile(join(app, name), text);
  }
  const electronDist = await standInRuntime(join(folder, 'runtime'));
  const { build, Platform } = await import('electron-builder');
  const config = await builderConfiguration();
  const desktopEntries = { AppImage: '', deb: '' };
  await build({
    targets: Platform.LINUX.createTarget(['AppImage', 'deb']),
    projectDir: app,
    publish: 'never',
    effectiveOptionComputed: async (options: unknown) => {
      await noteEntry(options, desktopEntries);
      // The rest of the installer is not wanted.
      return true;
    },
    config: {
      ...config,
      electronDist,
      electronVersion: '45.4.1',
      directories: { output: join(folder, 'release'), buildResources: join(ROOT, 'build') },
      afterPack: join(ROOT, 'build', 'after-pack.mjs'),
      extraResources: [{ from: join(ROOT, 'build', 'tray'), to: 'tray' }],
      linux: { ...(config['linux'] as object), icon: join(ROOT, 'build', 'icons') },
    },
  });
  const program = join(folder, 'release', 'linux-unpacked');
  return {
    program,
    asar: join(program, 'resources', 'app.asar'),
    folder,
    desktopEntries,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The files that the builder wants of an unpacked runtime. */
export async function standInRuntime(folder: string): Promise<string> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  await mkdir(join(folder, 'locales'));
  await writeFile(join(folder, 'electron'), programWithFuses('101100110'), { mode: 0o755 });
  await writeFile(join(folder, 'LICENSE'), 'x');
  await writeFile(join(folder, 'locales', 'en-US.pak'), 'x');
  return folder;
}

/** The desktop entry among what the builder has computed: the AppImage's as a text, the deb's as a file that goes away. */
async function noteEntry(options: unknown, into: BuiltPackage['desktopEntries']): Promise<void> {
  if (Array.isArray(options) && typeof options[1] === 'string') into.deb = await readFile(options[1], 'utf8');
  else if (typeof options === 'object' && options !== null && 'desktop' in options) {
    into.AppImage = String(options.desktop);
  }
}
