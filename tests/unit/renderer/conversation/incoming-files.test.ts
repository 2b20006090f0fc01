// @vitest-environment happy-dom
/** What comes into a conversation by paste and drop: files, words, or both. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { h } from 'vue';
import { ok } from '#contract/model/errors.ts';
import DropZone from '../../../../renderer/src/features/conversation/DropZone.vue';
import {
  useIncomingFiles,
  type IncomingFiles,
} from '../../../../renderer/src/features/conversation/use-incoming-files.ts';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useUploadsStore } from '../../../../renderer/src/stores/account/uploads.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { ACCOUNT, installBridge, OF_ACCOUNT, uploadView } from '../bridge-double.ts';

let page: VueWrapper;
let incoming: IncomingFiles;
let staged: string[] = [];
let inserted: string[] = [];
let editing = false;

const Holder = {
  setup() {
    incoming = useIncomingFiles('c1', {
      editing: () => editing,
      insert: (text) => inserted.push(text),
      focus: () => undefined,
    });
    return () =>
      h('section', { onDragover: incoming.on.dragover, onDrop: incoming.on.drop, onPaste: incoming.onPaste }, [
        h('textarea'),
        h('p', 'list'),
      ]);
  },
};

/** A DataTransfer with these files and words. */
function transferOf(files: File[], data: Record<string, string> = {}, folders: string[] = []): DataTransfer {
  const entries = [
    ...files.map((file) => ({ file, name: file.name, isDirectory: false })),
    ...folders.map((name) => ({ file: new File([], name), name, isDirectory: true })),
  ];
  return {
    types: [...(entries.length > 0 ? ['Files'] : []), ...Object.keys(data)],
    getData: (type: string) => data[type] ?? '',
    items: entries.map(({ file, name, isDirectory }) => ({
      kind: 'file',
      type: file.type,
      webkitGetAsEntry: () => ({ isDirectory, name }),
      getAsFile: () => file,
    })),
  } as unknown as DataTransfer;
}

async function send(
  name: 'paste' | 'drop' | 'dragover',
  at: string,
  transfer: DataTransfer,
  more = {},
): Promise<Event> {
  const event = new Event(name, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: transfer, clipboardData: transfer, shiftKey: false, ...more });
  page.get(at).element.dispatchEvent(event);
  await flushPromises();
  return event;
}
const shot = new File(['x'], 'image.png', { type: 'image/png' });
const plan = new File(['x'], 'plan.pdf', { type: 'application/pdf' });

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
  [staged, inserted, editing] = [[], [], false];
  installBridge({
    files: { uploads: () => Promise.resolve(ok({ revision: 1, uploads: [uploadView('kept', { chatId: 'c1' })] })) },
    stageFiles: (_input, files) => {
      staged.push(...files.map(({ name }) => name));
      return Promise.resolve(ok({ staged: files.map(({ name }) => uploadView(name, { chatId: 'c1' })), refused: [] }));
    },
  });
  page = mount(Holder, { attachTo: document.body, global: { plugins: [i18n], provide: OF_ACCOUNT } });
  await flushPromises();
});
afterEach(() => page.unmount());

test('what an earlier visit left in the composer is asked for', () => {
  expect(
    useUploadsStore(ACCOUNT)
      .composing('c1')
      .map(({ id }) => id),
  ).toEqual(['kept']);
});

describe('a paste', () => {
  test('of words is the field’s own', async () => {
    const event = await send('paste', 'textarea', transferOf([], { 'text/plain': 'hello' }));
    expect([event.defaultPrevented, staged]).toEqual([false, []]);
  });

  test('of a picture attaches it, under a name that says when', async () => {
    const event = await send('paste', 'textarea', transferOf([shot]));
    expect(event.defaultPrevented).toBe(true);
    expect(staged).toHaveLength(1);
    expect(staged[0]).toMatch(/^picture-\d{4}-\d\d-\d\d-\d{6}\.png$/);
  });

  test('of several files keeps their names', async () => {
    await send(
      'paste',
      'p',
      transferOf([plan, new File([], 'b.txt')], { 'text/plain': '/home/plan.pdf\n/home/b.txt' }),
    );
    expect(staged).toEqual(['plan.pdf', 'b.txt']);
  });

  test('of words and a picture pastes the words, and offers the picture', async () => {
    const event = await send('paste', 'textarea', transferOf([shot], { 'text/plain': 'a table' }));
    expect([event.defaultPrevented, staged]).toEqual([false, []]);
    const [toast] = useUiStore().toasts;
    expect(toast?.text).toBe('The clipboard also holds a picture.');
    toast?.action?.run();
    await flushPromises();
    expect(staged).toHaveLength(1);
  });

  test('of a folder is refused in words', async () => {
    await send('paste', 'textarea', transferOf([], {}, ['holiday']));
    expect(useUploadsStore(ACCOUNT).refusedIn('c1')).toMatchObject([{ name: 'holiday', code: 'file_is_folder' }]);
  });
});

describe('a drop', () => {
  test('of files attaches them, and refuses folders', async () => {
    await send('drop', 'p', transferOf([plan], {}, ['holiday']));
    expect(staged).toEqual(['plan.pdf']);
    expect(useUploadsStore(ACCOUNT).refusedIn('c1')).toMatchObject([{ name: 'holiday', code: 'file_is_folder' }]);
    expect(useUploadsStore(ACCOUNT).isOriginal('c1')).toBe(false);
  });

  test('with Shift keeps the original quality', async () => {
    await send('drop', 'p', transferOf([plan]), { shiftKey: true });
    expect(useUploadsStore(ACCOUNT).isOriginal('c1')).toBe(true);
  });

  test('of an address beside the field puts it into the field; onto the field, the field takes it', async () => {
    const address = transferOf([], { 'text/uri-list': 'https://example.org/' });
    expect((await send('dragover', 'p', address)).defaultPrevented).toBe(true);
    expect((await send('drop', 'p', address)).defaultPrevented).toBe(true);
    expect((await send('dragover', 'textarea', address)).defaultPrevented).toBe(false);
    expect((await send('drop', 'textarea', address)).defaultPrevented).toBe(false);
    expect([inserted, staged]).toEqual([['https://example.org/'], []]);
  });

  test('while a message is changed is not taken, and says so', async () => {
    editing = true;
    await send('drop', 'p', transferOf([plan]));
    expect(staged).toEqual([]);
    expect(useUiStore().toasts.map(({ text }) => text)).toEqual(['Finish editing first, then attach files.']);
  });
});

test('the zone says what hangs there, for whom, and what the keys do', () => {
  const zone = mount(DropZone, {
    props: { over: { count: 5, types: ['image/png', 'application/pdf', 'audio/flac', ''], shift: true }, name: 'Anna' },
    global: { plugins: [i18n] },
  });
  expect(zone.get('.title').text()).toBe('Drop to send to Anna');
  expect(zone.get('.some').text()).toContain('5 files');
  expect(zone.findAll('.leaf')).toHaveLength(3);
  expect(zone.get('.key.is-held').text()).toBe('Shift original quality');
  zone.unmount();
});
