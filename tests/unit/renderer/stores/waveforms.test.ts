// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import { peaksOf } from '../../../../renderer/src/engines/waveform.ts';
import { useWaveformsStore } from '../../../../renderer/src/stores/waveforms.ts';

const engine = vi.hoisted(() => ({ asked: [] as string[], answers: [] as ((peaks: number[] | null) => void)[] }));
vi.mock('../../../../renderer/src/engines/waveform.ts', async (original) => ({
  ...(await original<object>()),
  measureWaveform: (address: string) => {
    engine.asked.push(address);
    return new Promise((resolve) => engine.answers.push(resolve));
  },
}));

beforeEach(() => {
  setActivePinia(createPinia());
  engine.asked = [];
  engine.answers = [];
});
const answer = async (peaks: number[] | null): Promise<void> => {
  engine.answers.shift()?.(peaks);
  await flushPromises();
};

describe('waveforms', () => {
  test('are measured once, one at a time', async () => {
    const store = useWaveformsStore();
    store.want('/media/a', 1000);
    store.want('/media/b', 1000);
    store.want('/media/a', 1000);
    await flushPromises();
    expect(engine.asked).toEqual(['./media/a']);
    expect(store.of('/media/a')).toBeNull();
    await answer([0.5]);
    expect(store.of('/media/a')).toEqual([0.5]);
    expect(engine.asked).toEqual(['./media/a', './media/b']);
    await answer(null);
    store.want('/media/b', 1000);
    await flushPromises();
    expect([store.of('/media/b'), engine.asked.length]).toEqual([null, 2]);
  });

  test('of long or foreign sound are not', async () => {
    useWaveformsStore().want('/media/a', 4_000_001);
    useWaveformsStore().want('https://example.org/a', 10);
    await flushPromises();
    expect(engine.asked).toEqual([]);
  });

  test('are forgotten when there are too many, even before they were measured', async () => {
    const store = useWaveformsStore();
    store.want('/media/first', 10);
    store.want('/media/second', 10);
    for (let at = 0; at < 300; at++) store.want(`/media/n${String(at)}`, 10);
    await flushPromises();
    await answer([1]);
    expect(store.of('/media/first')).toBeNull();
    expect(engine.asked).toEqual(['./media/n0', './media/n1']);
  });
});

describe('peaksOf', () => {
  it.each<[string, number[], number, number[]]>([
    ['the loudest of each part', [0.1, -0.5, 0.2, 0.25], 2, [0.5, 0.25]],
    ['no more parts than samples', [1, -1], 9, [1, 1]],
    ['louder than possible', [3], 1, [1]],
    ['silence', [], 4, []],
  ])('%s', (_name, samples, count, peaks) => {
    expect(peaksOf(new Float32Array(samples), count)).toEqual(peaks);
  });
});
