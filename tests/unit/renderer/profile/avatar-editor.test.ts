// @vitest-environment happy-dom
/** The user's own picture, from the file to the profile. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UserView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { PROFILE_CHAT } from '#contract/model/limits.ts';
// Loaded here, so that the editor need not wait for it.
import '../../../../renderer/src/features/profile/AvatarCropDialog.vue';
import AvatarEditor from '../../../../renderer/src/features/profile/AvatarEditor.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import Avatar from '../../../../renderer/src/ui/Avatar.vue';
import { ACCOUNT, installBridge, OF_ACCOUNT, uploadView, userView } from '../bridge-double.ts';

const engine = vi.hoisted(() => ({ opens: true, cuts: [] as unknown[], closed: 0 }));
vi.mock('../../../../renderer/src/engines/pictures.ts', async (original) => ({
  ...(await original<object>()),
  openPicture: () =>
    Promise.resolve(engine.opens ? { width: 800, height: 400, close: () => (engine.closed += 1) } : null),
  cropPicture: (_bitmap: unknown, cut: unknown, edge: number) => {
    engine.cuts.push([cut, edge]);
    return Promise.resolve(new Blob(['face'], { type: 'image/jpeg' }));
  },
}));

let page: VueWrapper;
let asked: [string, unknown][] = [];
let answer: Result<null>;
const button = (name: string): HTMLButtonElement =>
  [...document.querySelectorAll('button')].find(
    (one) => one.textContent.trim() === name || one.getAttribute('aria-label') === name,
  ) ?? document.createElement('button');
const square = (): HTMLElement => document.querySelector<HTMLElement>('.square') ?? document.body;

async function show(me: UserView = userView('me', { firstName: 'Ann', lastName: 'Berg', bio: 'hi' })): Promise<void> {
  page = mount(AvatarEditor, {
    props: { me, locked: false },
    attachTo: document.body,
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
  await flushPromises();
}
async function choose(): Promise<void> {
  const input = page.get('input[type=file]');
  Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'me.png')], configurable: true });
  await input.trigger('change');
  await vi.waitFor(() => expect(document.querySelector('[role=dialog], [role=alert]')).not.toBeNull());
  await flushPromises();
}

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
  asked = [];
  answer = ok(null);
  Object.assign(engine, { opens: true, cuts: [], closed: 0 });
  installBridge({
    files: {
      stageBytes(input) {
        asked.push(['stage', { chatId: input.chatId, mimeType: input.mimeType, size: input.size }]);
        return Promise.resolve(ok({ uploadId: 'u', upload: uploadView('u', { chatId: PROFILE_CHAT }) }));
      },
      remove: (input) => (asked.push(['remove', input]), Promise.resolve(ok(null))),
    },
    users: { updateMe: (input) => (asked.push(['update', input]), Promise.resolve(answer)) },
  });
});
afterEach(() => page.unmount());

const PROFILE = { accountId: ACCOUNT, firstName: 'Ann', lastName: 'Berg', bio: 'hi' };

describe('the picture', () => {
  test('is cut by keys and slider, sent, and set', async () => {
    await show();
    await choose();
    expect(document.activeElement).toBe(square());
    expect([square().style.left, square().style.width]).toEqual(['25%', '50%']);
    square().dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }));
    await flushPromises();
    expect(square().style.left).toBe('22.5%');
    const slider = document.querySelector<HTMLInputElement>('input[type=range]');
    if (slider) slider.value = '200';
    slider?.dispatchEvent(new Event('input', { bubbles: true }));
    button('Use picture').click();
    await flushPromises();
    expect(engine.cuts).toEqual([[{ x: 280, y: 100, edge: 200 }, 512]]);
    expect(asked).toEqual([
      ['stage', { chatId: PROFILE_CHAT, mimeType: 'image/jpeg', size: 4 }],
      ['update', { ...PROFILE, avatar: { uploadId: 'u' } }],
    ]);
    expect(document.querySelector('[role=dialog]')).toBeNull();
    expect(engine.closed).toBe(1);
    expect(useUiStore().toasts.map(({ text }) => text)).toEqual(['Your picture is set']);
  });

  test('is moved by pointer', async () => {
    await show();
    await choose();
    const stage = document.querySelector<HTMLElement>('.stage');
    if (stage) stage.getBoundingClientRect = () => ({ width: 400 }) as DOMRect;
    Object.assign(square(), { setPointerCapture: () => undefined });
    const point = (name: string, clientX: number): boolean =>
      square().dispatchEvent(
        Object.assign(new Event(name, { bubbles: true }), { button: 0, clientX, clientY: 0, pointerId: 1 }),
      );
    point('pointerdown', 100);
    point('pointermove', 150);
    point('pointerup', 150);
    point('pointermove', 50);
    await flushPromises();
    // 50 pixels on the screen are 100 of the picture.
    expect(square().style.left).toBe('37.5%');
  });

  test('that the server does not take is taken back, and the reason stands there', async () => {
    answer = fail('quota_exceeded', 'full');
    await show();
    await choose();
    button('Use picture').click();
    await flushPromises();
    expect(asked.at(-1)).toEqual(['remove', { accountId: ACCOUNT, uploadId: 'u' }]);
    expect(page.get('[role=alert]').text()).toBe('There’s no space left for you on this server.');
  });

  test('that is none is refused in words', async () => {
    engine.opens = false;
    await show();
    await choose();
    expect(page.get('[role=alert]').text()).toContain('isn’t a picture');
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });

  test('given up is forgotten', async () => {
    await show();
    await choose();
    button('Cancel').click();
    await flushPromises();
    expect([document.querySelector('[role=dialog]'), engine.closed, asked]).toEqual([null, 1, []]);
  });

  test('can be removed', async () => {
    await show(userView('me', { firstName: 'Ann', lastName: 'Berg', bio: 'hi', avatarUrl: '/media/a1' }));
    button('Remove picture').click();
    await flushPromises();
    expect(asked).toEqual([['update', { ...PROFILE, avatar: null }]]);
  });
});

describe('an avatar', () => {
  const avatar = (picture: string | null): VueWrapper =>
    (page = mount(Avatar, { props: { id: 'a', name: 'Anna Berg', picture } }));

  test('has initials until its picture has loaded, and again when that fails', async () => {
    const face = avatar('/media/a1');
    expect([face.get('img').attributes('src'), face.get('.initials').text()]).toEqual(['./media/a1', 'AB']);
    expect(face.get('img').classes()).not.toContain('is-shown');
    await face.get('img').trigger('load');
    expect(face.get('img').classes()).toContain('is-shown');
    await face.get('img').trigger('error');
    expect(face.find('img').exists()).toBe(false);
    await face.setProps({ picture: '/media/a2' });
    expect(face.get('img').attributes('src')).toBe('./media/a2');
  });

  test('never loads a foreign address', () => {
    expect(avatar('https://example.org/a.png').find('img').exists()).toBe(false);
    page.unmount();
    expect(avatar(null).find('img').exists()).toBe(false);
  });
});
