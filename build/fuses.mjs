/**
 * The fuses burned into the program: features that cannot be re-enabled by someone with access to the installed files.
 */
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** All fuses by name, and their state. */
export const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  // Both processes start from the single snapshot that Electron ships.
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // WebAssembly memory checks through processor traps, Electron's default.
  WasmTrapHandlers: true,
};

/**
 * Sets every fuse of the program at `file` and verifies them. Throws when one is missing or does not have its value.
 */
export async function burnFuses(file, { resetAdHocDarwinSignature = false } = {}) {
  const config = { version: FuseVersion.V1, resetAdHocDarwinSignature, strictlyRequireAllFuses: true };
  for (const [name, on] of Object.entries(FUSES)) config[FuseV1Options[name]] = on;
  await flipFuses(file, config);
  await checkFuses(file);
}

/** Reads the fuses of the program at `file`; throws with the names of those that have the wrong value. */
export async function checkFuses(file) {
  const wire = await getCurrentFuseWire(file);
  const wrong = Object.entries(FUSES)
    .filter(([name, on]) => wire[FuseV1Options[name]] !== (on ? FuseState.ENABLE : FuseState.DISABLE))
    .map(([name]) => name);
  if (wrong.length > 0) throw new Error(`fuses that are not as they should be: ${wrong.join(', ')}`);
}
