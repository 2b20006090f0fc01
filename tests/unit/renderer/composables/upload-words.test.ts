// @vitest-environment happy-dom
/** How far an upload is, as a person reads it. */
import { mount } from '@vue/test-utils';
import { nextTick, ref, type Ref } from 'vue';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { UploadView } from '#contract/ipc/file-views.ts';
import { uploadPart, useUploadWords } from '../../../../renderer/src/composables/upload-words.ts';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { uploadView } from '../bridge-double.ts';

const upload: Ref<UploadView | null> = ref(null);
let page: ReturnType<typeof mount>;
const words = async (more: Partial<UploadView>): Promise<string> => {
  upload.value = uploadView('u', { size: 148_000_000, ...more });
  await nextTick();
  return page.text().replaceAll(/[\u2068\u2069\u00a0]/gu, (mark) => (mark === '\u00a0' ? ' ' : ''));
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  await setLocale('en', 'en-GB');
  upload.value = null;
  const Holder = {
    setup() {
      const text = useUploadWords(() => upload.value);
      return () => text.value;
    },
  };
  page = mount(Holder, { global: { plugins: [i18n] } });
});
afterEach(() => {
  page.unmount();
  vi.useRealTimers();
});

describe('the words of an upload', () => {
  it.each<[Partial<UploadView>, string]>([
    [{ state: 'staging' }, '148 MB · Preparing…'],
    [{ state: 'waiting' }, '148 MB · Waiting to send'],
    [{ state: 'waiting', problem: 'server_unreachable' }, 'Can’t reach the server right now. Try again in a moment.'],
    [{ state: 'sending', sent: 94_000_000 }, '94 MB of 148 MB'],
    [{ state: 'finishing', sent: 148_000_000 }, '148 MB · Finishing…'],
    [{ state: 'paused', sent: 94_000_000 }, '148 MB · Paused'],
    [{ state: 'ready' }, '148 MB · Ready to send'],
    [{ state: 'failed', problem: 'file_gone' }, 'The file is no longer there.'],
  ])('%o', async (more, expected) => {
    expect(await words(more)).toBe(expected);
  });

  test('say how long it will take, once that is known', async () => {
    await words({ state: 'sending', sent: 0 });
    vi.advanceTimersByTime(1_000);
    await words({ state: 'sending', sent: 10_000_000 });
    vi.advanceTimersByTime(1_000);
    expect(await words({ state: 'sending', sent: 20_000_000 })).toBe('20 MB of 148 MB · 13 s left');
    expect(await words({ state: 'sending', sent: 20_000_000, size: 3_020_000_000 })).toBe('20 MB of 3 GB · 5 min left');
    expect(await words({ state: 'paused', sent: 20_000_000 })).toBe('148 MB · Paused');
    expect(await words({ state: 'sending', sent: 20_000_000 })).toBe('20 MB of 148 MB');
  });

  test('are none without an upload', async () => {
    await words({});
    upload.value = null;
    await nextTick();
    expect(page.text()).toBe('');
  });
});

it.each<[Partial<UploadView>, number]>([
  [{ state: 'sending', sent: 250 }, 0.25],
  [{ state: 'finishing', sent: 1000 }, 0.99],
  [{ state: 'ready', sent: 0 }, 1],
  [{ state: 'waiting', size: 0 }, 0],
])('the part of %o', (more, part) => {
  expect(uploadPart(uploadView('u', { size: 1000, ...more }))).toBe(part);
});
