/** Runs when electron-builder has laid the program out, before it is signed: burns the fuses. */
import { join } from 'node:path';
import { burnFuses } from './fuses.mjs';

/** Where the program itself lies; on macOS the fuses are in the framework that the library finds from there. */
export function programFile({ appOutDir, electronPlatformName, packager }) {
  const name = packager.appInfo.productFilename;
  if (electronPlatformName === 'darwin' || electronPlatformName === 'mas') return join(appOutDir, `${name}.app`);
  return join(appOutDir, electronPlatformName === 'win32' ? `${name}.exe` : packager.executableName);
}

export async function afterPack(context) {
  const isMac = context.electronPlatformName === 'darwin';
  // An unsigned build on Apple silicon must carry a signature made on this computer, which the change breaks.
  await burnFuses(programFile(context), { resetAdHocDarwinSignature: isMac && context.arch === 3 });
}
