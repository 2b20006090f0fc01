import { chmodSync, copyFileSync, renameSync, rmSync } from 'node:fs';
import { AppImageUpdater } from 'electron-updater/out/AppImageUpdater.js';

/**
 * The library's updater for AppImages with an installation of its own. The library deletes the program's file before it
 * puts the new one there, gives it another name (an autostart entry and shortcuts then lead nowhere), and runs it at the
 * quit until it ends, which it does not.
 */
export class SafeAppImageUpdater extends AppImageUpdater {
  /** Puts the new file in the place of the old one in one step, under the same name: a full disk leaves the old one. */
  protected override doInstall({ isForceRunAfter }: { isForceRunAfter: boolean }): boolean {
    const program = process.env['APPIMAGE'] ?? '';
    const fetched = this.installerPath;
    if (!program.startsWith('/') || fetched === null) throw new Error('there is nothing to install');
    const beside = `${program}.new`;
    try {
      copyFileSync(fetched, beside);
      chmodSync(beside, 0o755);
      renameSync(beside, program);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
    rmSync(fetched, { force: true });
    if (isForceRunAfter) {
      this.spawnLog(program, [], { ...process.env, APPIMAGE_SILENT_INSTALL: 'true' }).catch((error: unknown) =>
        this._logger.error(error),
      );
    }
    return true;
  }
}
