// @vitest-environment happy-dom
/** Adding music: in turns, with failures told and the rest going on. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { ok } from '#contract/model/errors.ts';
import type { UploadView } from '#contract/ipc/file-views.ts';
import { LIBRARY_PLACE } from '#contract/model/limits.ts';
import { useMusicAddingStore } from '../../../../renderer/src/stores/account/music-adding.ts';
import { useUploadsStore } from '../../../../renderer/src/stores/account/uploads.ts';
import { ACCOUNT, installBridge, uploadView } from '../bridge-double.ts';

const staged: string[] = [];
let there: UploadView[] = [];

beforeEach(() => {
  setActivePinia(createPinia());
  staged.length = 0;
  there = [];
  installBridge({
    stageFiles: async ({ accountId, chatId }, [file]) => {
      expect([accountId, chatId]).toEqual([ACCOUNT, LIBRARY_PLACE]);
      const name = file?.name ?? '';
      staged.push(name);
      if (name === 'empty.mp3') return ok({ staged: [], refused: [{ name, code: 'file_empty' as const }] });
      const upload = uploadView(name, { chatId: LIBRARY_PLACE, name, kind: 'audio', mimeType: 'audio/mpeg' });
      there = [...there, upload];
      return ok({ staged: [upload], refused: [] });
    },
    files: {
      uploads: async () => ok({ revision: 1, uploads: there }),
      remove: async ({ uploadId }) => {
        there = there.filter(({ id }) => id !== uploadId);
        return ok(null);
      },
      retry: async () => ok(null),
    },
  });
});

const files = (...names: string[]): File[] => names.map((name) => new File(['x'], name));

/** Main tells what it still has. */
async function tell(uploads: UploadView[]): Promise<void> {
  there = uploads;
  useUploadsStore(ACCOUNT).apply({ kind: 'uploads', revision: 1, chatId: LIBRARY_PLACE, uploads });
  await flushPromises();
}

test('a few at a time, in order; each that is in makes room for the next', async () => {
  const adding = useMusicAddingStore(ACCOUNT);
  adding.add(files('1.mp3', '2.mp3', '3.mp3', '4.mp3', '5.mp3', '6.mp3'));
  await flushPromises();
  expect(staged).toEqual(['1.mp3', '2.mp3', '3.mp3', '4.mp3']);
  expect([adding.done, adding.round]).toEqual([0, 6]);
  await tell(there.slice(1));
  expect(staged).toEqual(['1.mp3', '2.mp3', '3.mp3', '4.mp3', '5.mp3']);
  expect(adding.done).toBe(1);
  await tell([]);
  await tell([]);
  expect(adding.done).toBe(6);
  expect(adding.busy).toBe(false);
});

test('what fails is told, and does not hold up the rest', async () => {
  const adding = useMusicAddingStore(ACCOUNT);
  adding.add(files('empty.mp3', '1.mp3', '2.mp3', '3.mp3', '4.mp3', '5.mp3'));
  await flushPromises();
  expect(adding.refused.map(({ name, code }) => [name, code])).toEqual([['empty.mp3', 'file_empty']]);
  expect(adding.round).toBe(5);
  await tell(there.map((upload) => ({ ...upload, state: 'failed', problem: 'unsupported_media' })));
  // The four that failed make room.
  expect(staged).toContain('5.mp3');
  expect(adding.failed).toHaveLength(4);
  await adding.remove('1.mp3');
  await tell(there);
  expect(adding.failed).toHaveLength(3);
  expect(adding.done).toBe(0);
});

test('cancelling takes away what has not arrived', async () => {
  const adding = useMusicAddingStore(ACCOUNT);
  adding.add(files('1.mp3', '2.mp3', '3.mp3', '4.mp3', '5.mp3', '6.mp3'));
  await flushPromises();
  await tell(there.slice(1));
  const before = staged.length;
  await adding.cancelAll();
  await tell(there);
  expect(there).toEqual([]);
  expect(staged).toHaveLength(before);
  expect([adding.busy, adding.done]).toEqual([false, 1]);
});

test('a page that was loaded again sees what is on its way', async () => {
  there = [uploadView('old', { chatId: LIBRARY_PLACE, state: 'sending' })];
  const adding = useMusicAddingStore(ACCOUNT);
  await adding.look();
  expect([adding.busy, adding.round, adding.done]).toEqual([true, 1, 0]);
});
