/** The switches burnt into the program: what nobody who finds it on a disk can turn on again. */
import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** Every fuse, by name, and how it is set. */
export const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  // Both processes start from the one snapshot that Electron ships.
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // Memory checks of WebAssembly by the processor's own traps, as Electron's default is.
  WasmTrapHandlers: true,
};

/** Burns every fuse of the program at `file` and reads them back. Throws when one is missing or is not as it was set. */
export async function burnFuses(file, { resetAdHocDarwinSignature = false } = {}) {
  const config = { version: FuseVersion.V1, resetAdHocDarwinSignature, strictlyRequireAllFuses: true };
  for (const [name, on] of Object.entries(FUSES)) config[FuseV1Options[name]] = on;
  await flipFuses(file, config);
  await checkFuses(file);
}

/** Reads the fuses of the program at `file`; throws with the names of those that are not as they should be. */
export async function checkFuses(file) {
  const wire = await getCurrentFuseWire(file);
  const wrong = Object.entries(FUSES)
    .filter(([name, on]) => wire[FuseV1Options[name]] !== (on ? FuseState.ENABLE : FuseState.DISABLE))
    .map(([name]) => name);
  if (wrong.length > 0) throw new Error(`fuses that are not as they should be: ${wrong.join(', ')}`);
}
