import type { App, Dialog } from 'electron';
import type { MainTexts } from '../lib/main-texts.ts';

/** What may be told of an error on a screen: its kind, and the system's code. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? `${error.name} (${error.code})` : error.name;
}

/** Says on the screen that the program cannot start; ends when the person has read it. Comes before anything else does. */
export async function tellFailedStart(
  {
    app,
    dialog,
    platform,
  }: { app: Pick<App, 'isReady' | 'whenReady' | 'getPath'>; dialog: Dialog; platform: NodeJS.Platform },
  texts: () => MainTexts,
  error: unknown,
): Promise<void> {
  // Before that Linux has a line on stderr alone, which nobody sees who started it from a menu.
  if (platform === 'linux' && !app.isReady()) await app.whenReady();
  const { notStarted, notStartedDetail } = texts();
  dialog.showErrorBox(notStarted, notStartedDetail(app.getPath('userData'), problemOf(error)));
}
