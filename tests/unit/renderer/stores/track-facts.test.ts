// @vitest-environment happy-dom
/** Waveforms of tracks: asked of main, and measured here where the server has none. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../../../contract/model/errors.ts';
import type { PlayableView } from '../../../../contract/ipc/music-views.ts';
import { useTrackFactsStore } from '../../../../renderer/src/stores/track-facts.ts';
import { ACCOUNT, installBridge } from '../bridge-double.ts';

const engine = vi.hoisted(() => ({ asked: [] as string[], answers: [] as ((peaks: number[] | null) => void)[] }));
vi.mock('../../../../renderer/src/engines/wave/measure.ts', () => ({
  measureSound: (address: string) => {
    engine.asked.push(address);
    return new Promise((resolve) => engine.answers.push(resolve));
  },
}));

const item = (fileId: string, url = `/media/${fileId}`): PlayableView => ({
  ...{ accountId: ACCOUNT, fileId, source: 'library', title: fileId, artist: null, album: null, albumKey: null },
  ...{ trackNumber: null, duration: 10, mimeType: 'audio/mp4', url, coverUrl: null, gain: null, from: null },
});

let served: Record<string, number[] | null>;
let asked: string[];
let kept: [string, number[]][];
beforeEach(() => {
  setActivePinia(createPinia());
  engine.asked = [];
  engine.answers = [];
  served = {};
  asked = [];
  kept = [];
  installBridge({
    music: {
      peaks: ({ id }) => (asked.push(id), Promise.resolve(ok(served[id] ?? null))),
      keepPeaks: ({ id, peaks }) => (kept.push([id, peaks]), Promise.resolve(ok(null))),
    },
  });
});
const answer = async (peaks: number[] | null): Promise<void> => {
  engine.answers.shift()?.(peaks);
  await flushPromises();
};

test('what the server has is not measured', async () => {
  served['a'] = [0.5, 1];
  const facts = useTrackFactsStore();
  await facts.wantPeaks(ACCOUNT, 'a');
  expect(facts.peaksOf(ACCOUNT, 'a')).toEqual([0.5, 1]);
  expect(facts.lacksPeaks(ACCOUNT, 'a')).toBe(false);
  await facts.measurePeaks(item('a'));
  expect(engine.asked).toEqual([]);
});

test('what it has not is measured one at a time, shown and kept', async () => {
  const facts = useTrackFactsStore();
  for (const id of ['a', 'b']) await facts.wantPeaks(ACCOUNT, id);
  expect(facts.lacksPeaks(ACCOUNT, 'a')).toBe(true);
  void facts.measurePeaks(item('a'));
  void facts.measurePeaks(item('b'));
  void facts.measurePeaks(item('a'));
  await flushPromises();
  expect(engine.asked).toEqual(['./media/a']);
  await answer([0.25, 1]);
  expect(engine.asked).toEqual(['./media/a', './media/b']);
  expect([facts.peaksOf(ACCOUNT, 'a'), facts.lacksPeaks(ACCOUNT, 'a')]).toEqual([[0.25, 1], false]);
  expect(kept).toEqual([['a', [0.25, 1]]]);
});

test('what cannot be measured stays plain, is asked for again and not measured again', async () => {
  const facts = useTrackFactsStore();
  await facts.wantPeaks(ACCOUNT, 'a');
  void facts.measurePeaks(item('a'));
  await flushPromises();
  await answer(null);
  await facts.wantPeaks(ACCOUNT, 'a');
  expect(asked).toEqual(['a', 'a']);
  expect([facts.peaksOf(ACCOUNT, 'a'), facts.lacksPeaks(ACCOUNT, 'a'), kept]).toEqual([[], false, []]);
});

test('another address than one of main is not fetched', async () => {
  const facts = useTrackFactsStore();
  await facts.wantPeaks(ACCOUNT, 'a');
  await facts.measurePeaks(item('a', 'https://example.org/a.m4a'));
  expect(engine.asked).toEqual([]);
});
