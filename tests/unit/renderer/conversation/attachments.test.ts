// @vitest-environment happy-dom
/** Files in the composer, by the names that a person or a test knows them by. */
import { flushPromises, mount, type DOMWrapper, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadView } from '#contract/ipc/file-views.ts';
import { fail, ok } from '#contract/model/errors.ts';
import AttachmentList from '../../../../renderer/src/features/conversation/composer/AttachmentList.vue';
import Composer from '../../../../renderer/src/features/conversation/composer/Composer.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useUploadsStore } from '../../../../renderer/src/stores/account/uploads.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { ACCOUNT, installBridge, OF_ACCOUNT, uploadView, type Answers } from '../bridge-double.ts';
import { pending } from './message.ts';

const CHAT = 'c1';
let told: [string, unknown][] = [];
let page: VueWrapper;
const upload = (id: string, more: Partial<UploadView> = {}): UploadView => uploadView(id, { chatId: CHAT, ...more });
const push = async (...uploads: UploadView[]): Promise<void> => {
  useUploadsStore(ACCOUNT).apply({ kind: 'uploads', revision: 1, chatId: CHAT, uploads });
  await flushPromises();
};
const note = (name: string) => (input: unknown) => (told.push([name, input]), Promise.resolve(ok(null)));
const global = () => ({ plugins: [i18n], provide: OF_ACCOUNT });

function answers(more: Answers['files'] = {}, send: NonNullable<Answers['messages']>['send'] = undefined): void {
  const files = {
    ...{ pause: note('pause'), resume: note('resume'), retry: note('retry'), remove: note('remove') },
    ...{ arrange: note('arrange'), reduce: note('reduce'), keepTags: note('keepTags') },
    ...more,
  };
  installBridge({
    files,
    chats: { saveDraft: () => Promise.resolve(ok(null)), setTyping: () => Promise.resolve(ok(null)) },
    messages: send ? { send } : {},
  });
}

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
  told = [];
  answers();
  // Refused: the field takes the text without it.
  document.execCommand = () => false;
});
afterEach(() => {
  page.unmount();
  Reflect.deleteProperty(document, 'execCommand');
});

describe('the list "Attachments"', () => {
  beforeEach(() => {
    page = mount(AttachmentList, { props: { chatId: CHAT }, attachTo: document.body, global: global() });
  });
  const list = () => page.get('ul[aria-label="Attachments"]');
  const chips = (): DOMWrapper<Element>[] => list().findAll('li');
  const chip = (at: number): DOMWrapper<Element> => {
    const found = chips()[at];
    if (!found) throw new Error(`there is no chip ${String(at)}`);
    return found;
  };
  const button = (at: number, name: string) => chip(at).find(`button[aria-label="${name}"]`);

  test('is not there without files', () => {
    expect(page.find('ul').exists()).toBe(false);
  });

  test.each<[Partial<UploadView>, string[]]>([
    [{ state: 'staging' }, ['Remove']],
    [{ state: 'waiting' }, ['Pause', 'Remove']],
    [{ state: 'sending', sent: 500 }, ['Pause', 'Remove']],
    [{ state: 'finishing', sent: 1000 }, ['Remove']],
    [{ state: 'paused', sent: 500 }, ['Resume', 'Remove']],
    [{ state: 'failed', problem: 'file_gone' }, ['Retry', 'Remove']],
    [{ state: 'ready' }, ['Remove']],
  ])('%o has its name, a progress bar and its buttons', async (more, names) => {
    await push(upload('a', { name: 'plan\u202Efdp.exe', ...more }));
    expect(chips()).toHaveLength(1);
    expect(chip(0).get('bdi').text()).toBe('planfdp.exe');
    const bar = chip(0).get('[role=progressbar]').attributes();
    expect(bar['aria-valuenow']).toBe(
      more.state === 'staging'
        ? undefined
        : more.state === 'ready'
          ? '100'
          : more.sent === 1000
            ? '99'
            : more.sent
              ? '50'
              : '0',
    );
    expect(
      chip(0)
        .findAll('button')
        .map((one) => one.attributes('aria-label')),
    ).toEqual(names);
  });

  test('says what is wrong in words', async () => {
    await push(upload('a', { state: 'failed', problem: 'file_gone' }));
    expect(chip(0).get('[role=alert]').text()).toBe('The file is no longer there.');
  });

  test('the buttons tell main', async () => {
    await push(
      upload('a', { state: 'sending' }),
      upload('b', { state: 'paused' }),
      upload('c', { state: 'failed', problem: 'disk_full' }),
    );
    await button(0, 'Pause').trigger('click');
    await button(1, 'Resume').trigger('click');
    await button(2, 'Retry').trigger('click');
    await button(0, 'Remove').trigger('click');
    await flushPromises();
    const of = (uploadId: string) => ({ accountId: ACCOUNT, uploadId });
    expect(told).toEqual([
      ['pause', of('a')],
      ['resume', of('b')],
      ['retry', of('c')],
      ['remove', of('a')],
    ]);
    expect(chips()).toHaveLength(2);
  });

  test('what main will not do is said', async () => {
    answers({ pause: () => Promise.resolve(fail('too_late', 'ready')) });
    await push(upload('a', { state: 'sending' }));
    await button(0, 'Pause').trigger('click');
    await flushPromises();
    expect(useUiStore().toasts.map(({ text }) => text)).toEqual(['Too late: it’s already been sent.']);
  });

  test('after a removal the focus is on the neighbour', async () => {
    await push(upload('a'), upload('b'));
    await button(1, 'Remove').trigger('click');
    await flushPromises();
    expect(document.activeElement).toBe(button(0, 'Remove').element);
  });

  test('the focus stays with its chip when news of the old order come late, and then of the new one', async () => {
    const [a, b, c] = [upload('a'), upload('b'), upload('c')];
    await push(a, b, c);
    const grips = () => list().findAll<HTMLElement>('[data-grip]');
    for (const at of [0, 2]) {
      const own = grips()[at]?.element;
      const key = own?.closest('[data-upload]')?.getAttribute('data-upload');
      own?.focus();
      for (const order of [
        [c, a, b],
        [a, b, c],
        [c, a, b],
      ]) {
        await push(...order);
        expect(document.activeElement?.closest('[data-upload]')?.getAttribute('data-upload')).toBe(key);
      }
      await push(a, b, c);
    }
  });

  test('the order is changed by the arrow keys, announced, and the focus stays', async () => {
    await push(upload('a', { name: 'a.pdf' }), upload('b', { name: 'b.pdf' }), upload('c', { name: 'c.pdf' }));
    const grip = (at: number) => chip(at).get('[data-grip]');
    expect(
      grip(0)
        .attributes('aria-label')
        ?.replaceAll(/[\u2068\u2069]/gu, ''),
    ).toBe('Move a.pdf: 1 of 3');
    await grip(0).trigger('keydown', { key: 'ArrowRight' });
    await flushPromises();
    expect(told).toEqual([['arrange', { accountId: ACCOUNT, chatId: CHAT, ids: ['b', 'a', 'c'] }]]);
    expect(chips().map((one) => one.attributes('data-upload'))).toEqual(['b', 'a', 'c']);
    expect(document.activeElement).toBe(grip(1).element);
    expect(
      page
        .get('[aria-live]')
        .text()
        .replaceAll(/[\u2068\u2069]/gu, ''),
    ).toBe('a.pdf: 2 of 3');
    await grip(1).trigger('keydown', { key: 'End' });
    await grip(2).trigger('keydown', { key: 'ArrowDown' });
    await grip(0).trigger('keydown', { key: 'Home' });
    await grip(2).trigger('keydown', { key: 'ArrowLeft', ctrlKey: true });
    await flushPromises();
    expect(told.slice(1)).toEqual([['arrange', { accountId: ACCOUNT, chatId: CHAT, ids: ['b', 'c', 'a'] }]]);
  });

  test('one alone cannot be moved', async () => {
    await push(upload('a'));
    expect(chip(0).find('[data-grip]').exists()).toBe(false);
  });

  test('the order is changed by dragging', async () => {
    await push(upload('a'), upload('b'));
    const boxes: Record<string, number> = { a: 0, b: 100 };
    for (const one of chips()) {
      const left = boxes[one.attributes('data-upload') ?? ''] ?? 0;
      one.element.getBoundingClientRect = () => ({ left, top: 0, width: 90, height: 40 }) as DOMRect;
    }
    Object.assign(list().element, { setPointerCapture: () => undefined });
    const at = (clientX: number) => ({ button: 0, clientX, clientY: 20, pointerId: 1 });
    await chip(0).get('.square').trigger('pointerdown', at(45));
    expect(chip(0).classes()).toContain('is-lifted');
    await list().trigger('pointermove', at(140));
    await list().trigger('pointerup', at(140));
    expect(told).toEqual([['arrange', { accountId: ACCOUNT, chatId: CHAT, ids: ['b', 'a'] }]]);
    await button(0, 'Remove').trigger('pointerdown', at(45));
    await list().trigger('pointermove', at(140));
    expect(told).toHaveLength(1);
  });

  test('what was refused stands beside the others, in words, until it is dismissed', async () => {
    const store = useUploadsStore(ACCOUNT);
    await push(upload('a'));
    store.refuse(CHAT, 'holiday', 'file_is_folder');
    await flushPromises();
    expect(chip(1).text()).toContain('Folders can’t be sent. Pack it into an archive first.');
    expect(chip(1).find('[role=progressbar]').exists()).toBe(false);
    await button(1, 'Remove').trigger('click');
    expect(chips()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  test('"Original quality" and the tags of a camera are offered where they mean something', async () => {
    const switches = () => page.findAll('[role=switch]').map((one) => one.attributes('aria-labelledby'));
    await push(upload('a'));
    expect(switches()).toEqual([]);
    await push(upload('a', { kind: 'image', canReduce: true, tagged: true }));
    expect(switches()).toHaveLength(2);
    const [original, tags] = page.findAll('[role=switch]');
    await original?.trigger('click');
    expect(useUploadsStore(ACCOUNT).isOriginal(CHAT)).toBe(true);
    await tags?.trigger('click');
    await flushPromises();
    expect(told).toEqual([['keepTags', { accountId: ACCOUNT, uploadId: 'a', keep: true }]]);
    await push(upload('a', { kind: 'image', reduced: true, tagged: true }));
    expect(switches()).toHaveLength(1);
  });
});

describe('a message with files', () => {
  let sent: unknown[] = [];
  const composer = async (
    send: NonNullable<Answers['messages']>['send'] = (input) => (sent.push(input), Promise.resolve(ok(pending(1)))),
  ): Promise<void> => {
    sent = [];
    answers({}, send);
    page = mount(Composer, {
      props: { chatId: CHAT, draft: '', reply: null, editing: null },
      attachTo: document.body,
      global: global(),
    });
    await flushPromises();
  };
  const submit = async (): Promise<void> => {
    await page.get('form').trigger('submit');
    await flushPromises();
  };
  const named = (name: string) => page.find(`button[aria-label="${name}"]`);

  test('needs no words, and carries the files in their order', async () => {
    await composer();
    expect([named('Record voice message').exists(), named('Send').exists()]).toEqual([true, false]);
    await push(upload('a'), upload('b'));
    expect(named('Send').attributes('aria-disabled')).toBe('false');
    await submit();
    expect(sent).toEqual([{ accountId: ACCOUNT, chatId: CHAT, text: '', replyTo: null, uploads: ['a', 'b'] }]);
    expect(page.find('ul').exists()).toBe(false);
  });

  test('has its caption', async () => {
    await composer();
    await push(upload('a'));
    await page.get('textarea').setValue('look');
    await submit();
    expect(sent).toEqual([{ accountId: ACCOUNT, chatId: CHAT, text: 'look', replyTo: null, uploads: ['a'] }]);
  });

  test('without files says nothing of them', async () => {
    await composer();
    await page.get('textarea').setValue('look');
    await submit();
    expect(sent).toEqual([{ accountId: ACCOUNT, chatId: CHAT, text: 'look', replyTo: null }]);
  });

  test.each([
    ['failed', async () => push(upload('a'), upload('b', { state: 'failed', problem: 'file_gone' }))],
    [
      'was refused',
      async () => {
        await push(upload('a'));
        useUploadsStore(ACCOUNT).refuse(CHAT, 'b', 'file_too_large');
      },
    ],
  ])('is not sent while one of them %s: the user decides', async (_name, prepare) => {
    await composer();
    await prepare();
    await page.get('textarea').setValue('look');
    await submit();
    expect(sent).toEqual([]);
    expect(page.get('#composer-words').text()).toBe('A file can’t be sent. Retry or remove it first.');
    expect(page.get('textarea').element.value).toBe('look');
  });

  test('that was not taken leaves everything where it was', async () => {
    await composer(() => Promise.resolve(fail('storage_failed', 'full')));
    await push(upload('a'));
    await page.get('textarea').setValue('look');
    await submit();
    expect(page.get('textarea').element.value).toBe('look');
    await flushPromises();
    expect(
      useUploadsStore(ACCOUNT)
        .composing(CHAT)
        .map(({ id }) => id),
    ).toEqual(['a']);
  });

  test('after the last file is removed the focus is back in the text, and nowhere else', async () => {
    await composer();
    await push(upload('a'));
    page.get<HTMLElement>('button[aria-label="Remove"]').element.focus();
    await named('Remove').trigger('click');
    await flushPromises();
    expect(document.activeElement).toBe(page.get('textarea').element);
    await push(upload('b'));
    const other = document.body.appendChild(document.createElement('button'));
    other.focus();
    await push();
    expect(document.activeElement).toBe(other);
    other.remove();
  });

  test('is changed without its files, and takes none meanwhile', async () => {
    await composer();
    await push(upload('a'));
    await page.setProps({ editing: pending(1, { text: 'old' }) });
    await flushPromises();
    expect([named('Attach files').exists(), page.find('ul').exists()]).toEqual([false, false]);
    await page.setProps({ editing: null });
    await flushPromises();
    expect(named('Attach files').exists()).toBe(true);
  });

  test('that is sent while its files are on their way to main waits for them, and takes them along', async () => {
    await composer();
    const staging = Promise.withResolvers<void>();
    installBridge({
      chats: { saveDraft: () => Promise.resolve(ok(null)), setTyping: () => Promise.resolve(ok(null)) },
      messages: { send: (input) => (sent.push(input), Promise.resolve(ok(pending(1)))) },
      stageFiles: (_input, files) =>
        staging.promise.then(() => ok({ staged: files.map(({ name }) => upload(name)), refused: [] })),
    });
    void useUploadsStore(ACCOUNT).attach(CHAT, [new File(['x'], 'one'), new File(['x'], 'two')]);
    await flushPromises();
    const coming = page.findAll('ul[aria-label="Attachments"] li');
    expect(coming.map((one) => one.text())).toEqual(['onePreparing…', 'twoPreparing…']);
    expect(coming[0]?.get('[role=progressbar]').attributes('aria-valuenow')).toBeUndefined();
    await page.get('textarea').setValue('look');
    await submit();
    expect([sent, page.get('textarea').element.value]).toEqual([[], 'look']);
    staging.resolve();
    await flushPromises();
    expect(sent).toEqual([{ accountId: ACCOUNT, chatId: CHAT, text: 'look', replyTo: null, uploads: ['one', 'two'] }]);
    expect(page.get('textarea').element.value).toBe('');
  });

  test('"Attach files" asks the system, and what was chosen is attached', async () => {
    await composer();
    const staged: string[] = [];
    installBridge({
      stageFiles: (_input, files) => {
        staged.push(...files.map(({ name }) => name));
        return Promise.resolve(ok({ staged: files.map(({ name }) => upload(name)), refused: [] }));
      },
    });
    const input = page.get<HTMLInputElement>('input[type=file]');
    expect(input.attributes('multiple')).toBeDefined();
    Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'one'), new File(['x'], 'two')] });
    await input.trigger('change');
    await flushPromises();
    expect(staged).toEqual(['one', 'two']);
    expect(document.activeElement).toBe(page.get('textarea').element);
  });
});
