/** Runs after electron-builder has packed the program and before it is signed: flips the fuses. */
import { join } from 'node:path';
import { burnFuses } from './fuses.mjs';

/** The path of the program; on macOS the fuses are in the framework, which the library locates from here. */
export function programFile({ appOutDir, electronPlatformName, packager }) {
  const name = packager.appInfo.productFilename;
  if (electronPlatformName === 'darwin' || electronPlatformName === 'mas') return join(appOutDir, `${name}.app`);
  return join(appOutDir, electronPlatformName === 'win32' ? `${name}.exe` : packager.executableName);
}

export async function afterPack(context) {
  const isMac = context.electronPlatformName === 'darwin';
  // An unsigned build for Apple silicon needs an ad-hoc signature, which flipping the fuses breaks.
  await burnFuses(programFile(context), { resetAdHocDarwinSignature: isMac && context.arch === 3 });
}
