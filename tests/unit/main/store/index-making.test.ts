/** The making of a large index in the store's own thread. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { WriterOperations } from '../../../../electron/main/services/store/operations.ts';
import { startStoreThread } from '../../../../electron/main/services/store/store-client.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';
import { AccountFiles } from './account-files.ts';
import { CHAT, ME, NOW, OTHER } from './open-store.ts';

const WORKER_URL = new URL('../../../../electron/main/services/store/worker.ts', import.meta.url);
const MANY = 3200;

let files: AccountFiles;
beforeEach(() => void (files = new AccountFiles()));
afterEach(() => files.remove());

const inIndex = (): number =>
  files.sql((db) => Number(db.prepare('SELECT count(*) AS n FROM message_index').get()?.['n']));

it('goes on by itself after the opening, in parts, and stops when all is in it', async () => {
  files.end(files.start());
  files.sql((db) => {
    db.exec('DROP TABLE message_index');
    db.exec(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${MANY})
      INSERT INTO messages (row, key, id, chat_id, at, tie, sender_id, mine, content, created_at)
      SELECT n, n, n, '${CHAT}', ${NOW}, n, '${OTHER}', 0, 'tea', n FROM n`);
  });
  const setup = {
    folder: files.folder,
    account: 'account',
    me: ME,
    useFts: true,
    quarantine: false,
    now: NOW,
  } as const;
  const logger = recordingLogger();
  const thread = await startStoreThread<WriterOperations>(WORKER_URL, { ...setup, role: 'writer' }, logger);
  try {
    expect(thread.opened.indexed).toBe(false);
    expect(inIndex()).toBeLessThan(MANY);
    await expect.poll(inIndex, { timeout: 20_000 }).toBe(MANY);
    expect(await thread.api.syncPoint({})).toBeNull();
  } finally {
    await thread.close();
  }
  expect(logger.of('store.work_put_off')).toEqual([]);
  expect(files.start().opened.indexed).toBe(true);
});
