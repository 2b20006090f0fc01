/** Writes what an export has read: as pages of HTML, or as one JSON document. */
import type { ExportFolder, TextFile } from './export-folder.ts';
import { type ExportFacts, type FilePlace, messageHtml, pageFoot, pageHead, pageName } from './html.ts';
import type { ExportedMessage } from './message.ts';

/** Messages on a page: what a browser opens at once. */
export const PAGE_MESSAGES = 5_000;

export interface WriteOptions {
  folder: ExportFolder;
  facts: ExportFacts;
  messages: AsyncIterable<ExportedMessage>;
  place: FilePlace;
  signal: AbortSignal;
}

async function closed(file: TextFile, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await file.abandon();
    throw error;
  }
  await file.finish();
}

/** Pages of HTML. @throws what the disk says. */
export async function writeHtml({ folder, facts, messages, place, signal }: WriteOptions): Promise<void> {
  const of = Math.max(1, Math.ceil(facts.count / PAGE_MESSAGES));
  const rest = messages[Symbol.asyncIterator]();
  for (let n = 0; n < of; n += 1) {
    const file = await folder.text(pageName(n));
    await closed(file, async () => {
      await file.add(pageHead(facts, n, of));
      let before: ExportedMessage | null = null;
      for (let k = 0; k < PAGE_MESSAGES; k += 1) {
        signal.throwIfAborted();
        const next = await rest.next();
        if (next.done) break;
        await file.add(messageHtml(next.value, before, place, facts.texts));
        before = next.value;
      }
      await file.add(pageFoot(facts, n, of));
    });
  }
}

/** One JSON document, a message on each line. @throws what the disk says. */
export async function writeJson(
  { folder, facts, messages, place, signal }: WriteOptions,
  chat: { id: string; participants: { id: string; username: string; name: string }[] },
): Promise<void> {
  const file = await folder.text('messages.json');
  const head = {
    format: 'relay-chat',
    version: 1,
    chat: { ...chat, title: facts.title },
    exportedAt: new Date(facts.exportedAt).toISOString(),
    since: facts.since === null ? null : new Date(facts.since).toISOString(),
    complete: facts.complete,
    count: facts.count,
  };
  await closed(file, async () => {
    await file.add(`${JSON.stringify(head).slice(0, -1)},"messages":[`);
    let isFirst = true;
    for await (const message of messages) {
      signal.throwIfAborted();
      const files = message.files.map((one) => {
        const found = place(one.id);
        return { ...one, path: found === null || found === 'missing' ? null : found.path };
      });
      await file.add(`${isFirst ? '' : ','}\n${JSON.stringify({ ...message, files })}`);
      isFirst = false;
    }
    await file.add('\n]}\n');
  });
}
