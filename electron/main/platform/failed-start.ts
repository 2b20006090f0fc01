import type { App, Dialog } from 'electron';
import type { MainTexts } from '../lib/main-texts.ts';

/** What may be shown of an error: its class, and the system's code. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? `${error.name} (${error.code})` : error.name;
}

/** Shows that the app cannot start; resolves when the user has dismissed it. May be called before the app is ready. */
export async function tellFailedStart(
  {
    app,
    dialog,
    platform,
  }: { app: Pick<App, 'isReady' | 'whenReady' | 'getPath'>; dialog: Dialog; platform: NodeJS.Platform },
  texts: () => MainTexts,
  error: unknown,
): Promise<void> {
  // Before that, Linux only writes a line to stderr, which is invisible after a start from a menu.
  if (platform === 'linux' && !app.isReady()) await app.whenReady();
  const { notStarted, notStartedDetail } = texts();
  dialog.showErrorBox(notStarted, notStartedDetail(app.getPath('userData'), problemOf(error)));
}
