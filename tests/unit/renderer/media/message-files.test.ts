// @vitest-environment happy-dom
/** The files of a message, by the names on the screen. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AttachmentView } from '#contract/ipc/views.ts';
import type { DownloadView } from '#contract/ipc/file-views.ts';
import { fail, ok } from '#contract/model/errors.ts';
import {
  CONVERSATION_ACTIONS,
  type ConversationActions,
} from '../../../../renderer/src/features/conversation/actions.ts';
import MessageFiles from '../../../../renderer/src/features/conversation/MessageFiles.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useDownloadsStore } from '../../../../renderer/src/stores/account/downloads.ts';
import { useUploadsStore } from '../../../../renderer/src/stores/account/uploads.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { useVoiceStore } from '../../../../renderer/src/stores/voice.ts';
import { ACCOUNT, attachmentView, installBridge, OF_ACCOUNT, uploadView } from '../bridge-double.ts';
import { stored } from '../conversation/message.ts';

vi.mock('../../../../renderer/src/engines/voice-player.ts', () => ({
  createVoicePlayer: () => ({
    ...{ load: () => undefined, play: () => undefined, pause: () => undefined },
    ...{ seek: () => undefined, speed: () => undefined, unload: () => undefined },
  }),
}));

vi.mock('../../../../renderer/src/engines/waveform.ts', async (original) => ({
  ...(await original<object>()),
  measureWaveform: (address: string) => (measured.push(address), Promise.resolve([1])),
}));
const head = vi.hoisted(() => ({
  read: (_address: string): Promise<{ width: number; height: number } | null> => Promise.resolve(null),
}));
vi.mock('../../../../renderer/src/engines/picture-head.ts', () => ({
  readHeadSize: (address: string) => head.read(address),
}));
const measured = vi.hoisted((): string[] => []);

let page: VueWrapper;
let asked: [string, unknown][] = [];
const acts: string[] = [];
const actions = {
  openPicture: (message: { key: string }, file: AttachmentView) => acts.push(`open ${message.key} ${file.id}`),
  cancel: (message: { key: string }) => acts.push(`cancel ${message.key}`),
} as unknown as ConversationActions;

function show(...attachments: AttachmentView[]): void {
  page = mount(MessageFiles, {
    props: { message: stored(1, { text: '', attachments }) },
    attachTo: document.body,
    global: { plugins: [i18n], provide: { ...OF_ACCOUNT, [CONVERSATION_ACTIONS as symbol]: actions } },
  });
}
const picture = (id: string, more: Partial<AttachmentView> = {}): AttachmentView =>
  attachmentView(id, {
    ...{ kind: 'image', name: `${id}.jpg`, mimeType: 'image/jpeg', width: 800, height: 600, thumbUrl: `/media/t${id}` },
    ...more,
  });
const named = (label: string) => page.find(`button[aria-label="${label}"]`);
const text = (selector: string): string => page.get(selector).text().replaceAll('\u00a0', ' ');
const download = (more: Partial<DownloadView> = {}): DownloadView => ({
  ...{ id: 'd1', fileId: 'plan', name: 'plan.pdf', size: 2_000_000, got: 500_000, state: 'running', problem: null },
  ...more,
});

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
  asked = [];
  measured.length = 0;
  acts.length = 0;
  const note = (name: string) => (input: unknown) => (asked.push([name, input]), Promise.resolve(ok(null)));
  installBridge({
    // The library knows none of them.
    music: { byIds: () => Promise.resolve(ok([])) },
    player: { tell: () => Promise.resolve(ok(null)) },
    files: {
      ...{ save: note('save'), showInFolder: note('show'), cancelSave: note('cancel') },
      ...{ pause: note('pause'), resume: note('resume'), retry: note('retry') },
    },
  });
});
afterEach(() => page.unmount());

describe('a picture', () => {
  test('is an image with the name of its file, in a box of its own shape', () => {
    show(picture('a', { name: 'har\u202Ebour.jpg' }));
    const image = page.get('img');
    expect([image.attributes('alt'), image.attributes('src')]).toEqual(['harbour.jpg', './media/fa']);
    expect(page.get<HTMLElement>('.mosaic').element.style.aspectRatio).toBe('420 / 315');
  });

  test('opens by a button beside it, which is no part of the image', async () => {
    show(picture('a'));
    await named('Open a.jpg').trigger('click');
    expect(acts).toEqual(['open m00001 a']);
    expect(page.get('img').element.closest('button')).toBeNull();
  });

  test('takes the next source when one fails, and says its name when none is left', async () => {
    show(picture('a'));
    await page.get('img').trigger('error');
    expect(page.get('img').attributes('src')).toBe('./media/ta');
    await page.get('img').trigger('error');
    expect(page.find('img').exists()).toBe(false);
    expect(page.get('[role=img]').attributes('aria-label')).toBe('a.jpg');
  });

  test('of a size that the server does not state is measured first, and a bomb is never decoded', async () => {
    const heads: Record<string, { width: number; height: number }> = {
      './media/fa': { width: 800, height: 600 },
      './media/fbomb': { width: 16_000, height: 16_000 },
    };
    head.read = (address) => Promise.resolve(heads[address] ?? null);
    const unknown = { width: null, height: null, thumbUrl: null };
    show(picture('a', unknown), picture('bomb', unknown), picture('c', unknown));
    expect(page.findAll('img')).toHaveLength(0);
    await flushPromises();
    expect(page.findAll('img').map((one) => one.attributes('src'))).toEqual(['./media/fa']);
    expect(page.findAll('[role=img]').map((one) => one.attributes('aria-label'))).toEqual(['bomb.jpg', 'c.jpg']);
  });

  test('of many, three are shown and the others counted', () => {
    show(...['a', 'b', 'c', 'd', 'e'].map((id) => picture(id)));
    expect(page.findAll('img').map((one) => one.attributes('alt'))).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(page.get('.more').text()).toBe('+2');
    expect(named('3 more pictures').exists()).toBe(true);
  });

  test('on its way has a ring, and a cross that cancels the message', async () => {
    useUploadsStore(ACCOUNT).apply({
      kind: 'uploads',
      revision: 1,
      chatId: 'c1',
      uploads: [uploadView('u', { chatId: 'c1', messageKey: 'm00001', state: 'sending', sent: 250 })],
    });
    show(picture('u', { uploadId: 'u' }));
    expect(page.get('[role=progressbar]').attributes('aria-valuenow')).toBe('25');
    await named('Pause').trigger('click');
    await flushPromises();
    expect(asked).toEqual([['pause', { accountId: ACCOUNT, uploadId: 'u' }]]);
    await named('Cancel sending').trigger('click');
    expect(acts).toEqual(['cancel m00001']);
  });
});

describe('another file', () => {
  const plan = attachmentView('plan', { name: 'plan.pdf', size: 2_100_000 });

  test('has its name, its type and size, and its two buttons', async () => {
    show(plan);
    expect([text('bdi'), text('.facts')]).toEqual(['plan.pdf', 'PDF · 2.1 MB']);
    await named('Save as').trigger('click');
    await named('Show in folder').trigger('click');
    await flushPromises();
    expect(asked).toEqual([
      ['save', { accountId: ACCOUNT, fileId: 'plan', name: 'plan.pdf' }],
      ['show', { accountId: ACCOUNT, fileId: 'plan' }],
    ]);
  });

  test('that cannot be saved says why', async () => {
    installBridge({ files: { save: () => Promise.resolve(fail('disk_full', 'no space')) } });
    show(plan);
    await named('Save as').trigger('click');
    await flushPromises();
    expect(useUiStore().toasts.map((toast) => toast.text)).toEqual([
      'Your disk is full. Make some space and try again.',
    ]);
  });

  test('shows how far its saving is, which can be stopped', async () => {
    show(plan);
    const say = async (more: Partial<DownloadView>): Promise<string> => {
      useDownloadsStore(ACCOUNT).apply({ kind: 'downloads', downloads: [download(more)] });
      await flushPromises();
      return text('.facts');
    };
    expect(await say({})).toBe('500 kB of 2 MB');
    expect(page.get('[role=progressbar]').attributes('aria-valuenow')).toBe('25');
    await named('Stop saving').trigger('click');
    expect(asked).toEqual([['cancel', { accountId: ACCOUNT, downloadId: 'd1' }]]);
    expect(await say({ state: 'cancelled' })).toBe('PDF · 2.1 MB');
    expect(await say({ state: 'failed', problem: 'not_found' })).toBe('This no longer exists on the server.');
    expect(page.get('.facts').classes()).toContain('is-failed');
    expect(await say({ state: 'done' })).toBe('PDF · 2.1 MB · Saved');
  });

  test('from a phone’s camera has no preview here, and says so', () => {
    show(attachmentView('h', { name: 'IMG_1.HEIC', mimeType: 'image/heic' }));
    expect(text('.facts')).toBe('HEIC · 1 kB · no preview here');
  });

  test('on its way cannot be saved yet; failed, it can be retried', async () => {
    useUploadsStore(ACCOUNT).apply({
      kind: 'uploads',
      revision: 1,
      chatId: 'c1',
      uploads: [uploadView('u', { chatId: 'c1', state: 'failed', problem: 'file_changed' })],
    });
    show(attachmentView('u', { uploadId: 'u' }));
    expect([named('Save as').exists(), named('Show in folder').exists()]).toEqual([false, false]);
    expect(text('.facts')).toBe('The file changed while it was being sent. Send it again.');
    await named('Retry').trigger('click');
    await flushPromises();
    expect(asked).toEqual([['retry', { accountId: ACCOUNT, uploadId: 'u' }]]);
  });
});

describe('a video', () => {
  const video = attachmentView('v', { kind: 'video', name: 'film.mp4', width: 1280, height: 720 });

  test('plays by its own address, and can be saved', () => {
    show(video);
    expect(page.get('video').attributes()).toMatchObject({ src: './media/fv', 'aria-label': 'film.mp4' });
    expect(page.find('source').exists()).toBe(false);
    expect(named('Save as').exists()).toBe(true);
  });

  test('without a picture says what is missing', async () => {
    show(video);
    const { element } = page.get('video');
    Object.defineProperty(element, 'videoWidth', { value: 0, configurable: true });
    await page.get('video').trigger('loadedmetadata');
    expect(page.get('[role=alert]').text()).toBe('This video’s codec isn’t supported here');
  });

  test('with a picture says nothing', async () => {
    show(video);
    Object.defineProperty(page.get('video').element, 'videoWidth', { value: 1280 });
    await page.get('video').trigger('loadedmetadata');
    expect(page.find('[role=alert]').exists()).toBe(false);
  });

  test.each([
    [2, 'Couldn’t load this file'],
    [3, 'This video’s codec isn’t supported here'],
    [4, 'This video’s codec isn’t supported here'],
  ])('that fails with code %i says so', async (code, words) => {
    vi.stubGlobal('MediaError', { MEDIA_ERR_DECODE: 3, MEDIA_ERR_SRC_NOT_SUPPORTED: 4 });
    show(video);
    Object.defineProperty(page.get('video').element, 'error', { value: { code } });
    await page.get('video').trigger('error');
    expect(page.get('[role=alert]').text()).toBe(words);
    vi.unstubAllGlobals();
  });
});

describe('a voice message', () => {
  const note = attachmentView('n', { kind: 'audio', voice: true, duration: 48, peaks: [0.2, 1, 0.4] });
  const wave = () => page.get('[role=slider]');

  test('is played, sought in by key, and sped up', async () => {
    show(note);
    expect(text('.facts')).toBe('0:48');
    const voice = useVoiceStore();
    await named('Play').trigger('click');
    expect(voice.current).toMatchObject({
      id: 'n',
      messageKey: 'm00001',
      chatId: 'c1',
      accountId: ACCOUNT,
      voice: true,
    });
    voice.playing = true;
    voice.at = 26;
    await flushPromises();
    expect(named('Pause').exists()).toBe(true);
    expect(text('.facts')).toBe('0:26 / 0:481×');
    expect(wave().attributes()).toMatchObject({ 'aria-valuenow': '54', 'aria-label': 'Position' });
    await wave().trigger('keydown', { key: 'ArrowRight' });
    expect(voice.at).toBeCloseTo(31, 6);
    await wave().trigger('keydown', { key: 'Home' });
    expect(voice.at).toBe(0);
    await named('Speed: 1×').trigger('click');
    expect(voice.speed).toBe(1.5);
  });

  test('is sought in by a drag, when it is let go', async () => {
    show(note);
    wave().element.getBoundingClientRect = () => ({ left: 100, width: 200 }) as DOMRect;
    await wave().trigger('pointermove', { clientX: 250 });
    await wave().trigger('pointerdown', { button: 0, clientX: 250 });
    await wave().trigger('pointermove', { clientX: 150 });
    expect(useVoiceStore().at).toBe(0);
    expect(wave().attributes('aria-valuenow')).toBe('25');
    await wave().trigger('pointerup', { clientX: 150 });
    expect(useVoiceStore().at).toBe(12);
  });

  test('that cannot be played says so', async () => {
    show(note);
    const voice = useVoiceStore();
    await named('Play').trigger('click');
    voice.problem = 'codec';
    await flushPromises();
    expect(page.get('[role=alert]').text()).toBe('This sound can’t be played here');
  });

  test('is measured here when the server has not, and other sound never is', async () => {
    show(note, attachmentView('n2', { kind: 'audio', voice: true }), attachmentView('s', { kind: 'audio' }));
    await flushPromises();
    expect(measured).toEqual(['./media/fn2']);
  });

  test('of unknown length cannot be sought in', () => {
    show(attachmentView('n', { kind: 'audio', voice: true }));
    expect(page.find('[role=slider]').exists()).toBe(false);
    expect(named('Play').exists()).toBe(true);
  });

  test('is named as one; other sound by its file', () => {
    show(note, attachmentView('s', { kind: 'audio', name: 'song.mp3' }));
    expect(page.findAll('[role=group]').map((one) => one.attributes('aria-label'))).toEqual([
      'Voice message',
      'song.mp3',
    ]);
  });
});
