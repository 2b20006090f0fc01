/** The packaged program for the smoke test: laid out by electron-builder around the runtime at hand, with no installer. */
import { dirname, join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { afterPack, programFile, type AfterPackContext } from '../../../build/after-pack.mjs';
import { ROOT } from '../paths.ts';

export interface Packed {
  /** What is started. */
  program: string;
  asar: string;
}

/** The folder that electron-builder takes as Electron's own download: the one with the program, or with `Electron.app`. */
function distOf(runtime: string, platform: NodeJS.Platform): string {
  return platform === 'darwin' ? join(dirname(runtime), '..', '..', '..') : dirname(runtime);
}

/** Packs the built bundles into `output`, fuses burnt. The result carries nobody's signature. */
export async function packWith(runtime: string, electronVersion: string, output: string): Promise<Packed> {
  const { build, Platform } = await import('electron-builder');
  let packed: Packed | null = null;
  await build({
    targets: Platform.current().createTarget('dir'),
    projectDir: ROOT,
    publish: 'never',
    // Beside electron-builder.yml, which the builder reads by itself: a list that stood in both would be taken twice.
    config: {
      electronDist: distOf(runtime, process.platform),
      electronVersion,
      directories: { output },
      // Somebody's certificate is not what is tried here.
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

/** electron-builder's own type leaves open whether the program has a name of its own; on Linux it has. */
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
