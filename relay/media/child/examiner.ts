/**
 * The process that reads what strangers sent: started by the node with a small heap, no environment, and no right to
 * touch anything but the folder of drafts. It examines one file after the other, reports each fact as soon as it is
 * certain, and ends itself when it takes too much memory. What kills it costs a file its remaining facts, nothing else.
 */
import type { Examine, Found, Report } from './messages.ts';

/** Memory of the process, libvips included, in bytes. */
const MAX_MEMORY = 700 * 1024 * 1024;
const MEMORY_CHECK_MS = 50;

function say(report: Report): void {
  process.send?.(report);
}

async function examine({ path, mimeType }: Examine, report: (found: Found) => void): Promise<void> {
  // Loaded when they are needed: most nodes see one kind of file for a long time.
  if (mimeType.startsWith('image/')) {
    const { examinePicture, isPicture } = await import('./picture.ts');
    if (isPicture(mimeType)) await examinePicture(path, report);
    return;
  }
  const { examineSound, examineVideo } = await import('./sound.ts');
  if (mimeType.startsWith('audio/')) await examineSound(path, mimeType, report);
  else await examineVideo(path, mimeType, report);
}

let queue: Promise<void> = Promise.resolve();
process.on('message', (message: Examine) => {
  queue = queue.then(async () => {
    try {
      await examine(message, (found) => say({ id: message.id, found }));
    } catch (error) {
      // The bytes are not what their begin says: the facts that were found are all there are.
      say({ id: message.id, failed: (error instanceof Error ? error.message : String(error)).slice(0, 1000) });
    }
    say({ id: message.id, done: true });
  });
});
// The node is gone.
process.on('disconnect', () => process.exit(0));
setInterval(() => {
  if (process.memoryUsage.rss() > MAX_MEMORY) process.exit(1);
}, MEMORY_CHECK_MS).unref();
