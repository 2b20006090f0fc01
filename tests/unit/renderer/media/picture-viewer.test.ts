// @vitest-environment happy-dom
/** The dialog "Picture": what its keys and buttons do. The arithmetic has a test of its own. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fail, ok } from '#contract/model/errors.ts';
import type { AttachmentView } from '#contract/ipc/views.ts';
import PictureViewer from '../../../../renderer/src/features/media/PictureViewer.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { ACCOUNT, attachmentView, installBridge, OF_ACCOUNT } from '../bridge-double.ts';

const picture = (id: string, more: Partial<AttachmentView> = {}): AttachmentView =>
  attachmentView(id, { kind: 'image', name: `${id}.jpg`, width: 4000, height: 3000, ...more });
const PICTURES = ['a', 'b', 'c'].map((id) => picture(id));

let page: VueWrapper;
let asked: [string, unknown][] = [];

async function show(shown = 'b', pictures = PICTURES): Promise<void> {
  page = mount(PictureViewer, {
    props: { pictures, shown },
    attachTo: document.body,
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
  await flushPromises();
}
const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role=dialog]') ?? document.body;
const button = (name: string) => dialog().querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`);
const scale = (): number =>
  Number(/scale\(([\d.]+)\)/.exec(dialog().querySelector<HTMLElement>('.picture')?.style.transform ?? '')?.[1]);
async function press(key: string, more: object = {}): Promise<void> {
  dialog().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  await flushPromises();
}

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
  asked = [];
  const note = (name: string) => (input: unknown) => (asked.push([name, input]), Promise.resolve(ok(null)));
  installBridge({ files: { copyImage: note('copy'), save: note('save') } });
});
afterEach(() => page.unmount());

describe('the dialog', () => {
  test('is called "Picture", and shows the picture by its name', async () => {
    await show();
    expect(dialog().textContent).toContain('Picture');
    const image = dialog().querySelector('img');
    expect([image?.alt, image?.getAttribute('src')]).toEqual(['b.jpg', './media/fb']);
    expect(
      dialog()
        .querySelector('.caption')
        ?.textContent?.replaceAll(/[\u2068\u2069]/gu, ''),
    ).toBe('b.jpg2 of 3');
  });

  test('goes to its neighbours by key and button, and asks for more at the ends', async () => {
    await show();
    await press('ArrowRight');
    await press('ArrowLeft');
    button('Next picture')?.click();
    button('Previous picture')?.click();
    expect(page.emitted('show')).toEqual([['c'], ['a'], ['c'], ['a']]);
    expect(page.emitted('reach')).toBeUndefined();
    await page.setProps({ shown: 'a' });
    expect(page.emitted('reach')).toEqual([['older']]);
    expect(button('Previous picture')).toBeNull();
    await press('ArrowLeft');
    expect(page.emitted('show')).toHaveLength(4);
    await page.setProps({ shown: 'c' });
    expect(page.emitted('reach')?.at(-1)).toEqual(['newer']);
  });

  test('zooms by key and button; zoomed, the arrows move the picture', async () => {
    await show();
    const whole = scale();
    await press('+');
    button('Zoom in')?.click();
    await flushPromises();
    expect(scale()).toBeGreaterThan(whole * 1.5);
    await press('ArrowRight');
    expect(page.emitted('show')).toBeUndefined();
    await press('0');
    expect(scale()).toBe(whole);
    await press('+');
    await press('-');
    expect(scale()).toBeCloseTo(whole, 6);
    await press('+');
    button('Show all of it')?.click();
    await flushPromises();
    expect(scale()).toBe(whole);
  });

  test('copies and saves', async () => {
    await show();
    button('Copy picture')?.click();
    await press('c', { ctrlKey: true });
    button('Save as')?.click();
    await flushPromises();
    expect(asked).toEqual([
      ['copy', { accountId: ACCOUNT, fileId: 'b' }],
      ['copy', { accountId: ACCOUNT, fileId: 'b' }],
      ['save', { accountId: ACCOUNT, fileId: 'b', name: 'b.jpg' }],
    ]);
    expect(useUiStore().toasts.map(({ text }) => text)).toEqual(['Picture copied']);
    installBridge({ files: { copyImage: () => Promise.resolve(fail('not_found', 'gone')) } });
    button('Copy picture')?.click();
    await flushPromises();
    expect(useUiStore().toasts.at(-1)?.text).toBe('This no longer exists on the server.');
  });

  test('of a picture on its way neither copies nor saves', async () => {
    await show('b', [picture('b', { uploadId: 'b' })]);
    expect([button('Copy picture'), button('Save as')]).toEqual([null, null]);
    await press('c', { ctrlKey: true });
    expect(asked).toEqual([]);
  });

  test('closes by Escape and by its button', async () => {
    await show();
    button('Close')?.click();
    expect(page.emitted('close')).toHaveLength(1);
    await press('Escape');
    expect(page.emitted('close')).toHaveLength(2);
  });

  test('closes when the picture is gone', async () => {
    await show();
    await page.setProps({ pictures: [picture('a')] });
    expect(page.emitted('close')).toHaveLength(1);
  });

  test('shows a preview of what is too large, and says so', async () => {
    await show('b', [picture('b', { width: 12_000, height: 9_000, previewUrl: '/media/pb' })]);
    expect(dialog().querySelector('img')?.getAttribute('src')).toBe('./media/pb');
    expect(dialog().textContent).toContain('Smaller preview');
  });

  test('says that nothing could be loaded', async () => {
    await show();
    dialog().querySelector('img')?.dispatchEvent(new Event('error'));
    await flushPromises();
    expect(dialog().querySelector('[role=alert]')?.textContent).toContain('Couldn’t load the picture');
  });
});
