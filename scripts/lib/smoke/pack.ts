/**
 * The packaged program for the smoke test: packed by electron-builder with the runtime at hand, without an installer.
 */
import { dirname, join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { afterPack, programFile, type AfterPackContext } from '../../../build/after-pack.mjs';
import { ROOT } from '../paths.ts';

export interface Packed {
  /** The executable. */
  program: string;
  asar: string;
}

/**
 * The folder electron-builder accepts as Electron's download: the one that contains the executable or `Electron.app`.
 */
function distOf(runtime: string, platform: NodeJS.Platform): string {
  return platform === 'darwin' ? join(dirname(runtime), '..', '..', '..') : dirname(runtime);
}

/** Packs the built bundles into `output` and flips the fuses. The result is unsigned. */
export async function packWith(runtime: string, electronVersion: string, output: string): Promise<Packed> {
  const { build, Platform } = await import('electron-builder');
  let packed: Packed | null = null;
  await build({
    targets: Platform.current().createTarget('dir'),
    projectDir: ROOT,
    publish: 'never',
    // In addition to electron-builder.yml, which the builder reads itself: a list in both would be applied twice.
    config: {
      electronDist: distOf(runtime, process.platform),
      electronVersion,
      directories: { output },
      // Signing is not what this test is about.
      mac: { identity: null },
      afterPack: async (context) => {
        const parts = contextParts(context);
        await afterPack(parts);
        packed = packedAt(programFile(parts), process.platform);
      },
    },
  });
  if (packed === null) throw new Error('electron-builder laid nothing out');
  return packed;
}

/** electron-builder's type does not say whether there is an executable name; on Linux there is one. */
function contextParts({ appOutDir, electronPlatformName, arch, packager }: BuilderContext): AfterPackContext {
  const { executableName } = packager as { executableName?: string };
  const { productFilename } = packager.appInfo;
  return {
    appOutDir,
    electronPlatformName,
    arch,
    packager: { appInfo: { productFilename }, ...(executableName === undefined ? {} : { executableName }) },
  };
}

type BuilderContext = Parameters<Extract<NonNullable<Configuration['afterPack']>, (context: never) => unknown>>[0];

function packedAt(file: string, platform: NodeJS.Platform): Packed {
  if (platform !== 'darwin') return { program: file, asar: join(dirname(file), 'resources', 'app.asar') };
  const name = file.slice(file.lastIndexOf('/') + 1, -'.app'.length);
  return {
    program: join(file, 'Contents', 'MacOS', name),
    asar: join(file, 'Contents', 'Resources', 'app.asar'),
  };
}
