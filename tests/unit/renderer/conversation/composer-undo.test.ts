// @vitest-environment happy-dom
/** What the program puts into the composer goes in as if it were typed: a browser's Undo knows of nothing else. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MessageView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import Composer from '../../../../renderer/src/features/conversation/composer/Composer.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { deferred, installBridge, OF_ACCOUNT } from '../bridge-double.ts';
import { pending } from './message.ts';

let page: VueWrapper<InstanceType<typeof Composer>>;
const typing = vi.fn(() => Promise.resolve(ok(null)));
/** Each change that Undo would take back. */
let undoable: string[] = [];
let answer = deferred<Result<MessageView>>();
const refuse = async (): Promise<void> => {
  answer.resolve(fail('storage_failed', 'full'));
  await flushPromises();
};
const field = (): HTMLTextAreaElement => page.get('textarea').element;

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  undoable = [];
  answer = deferred();
  // As Chromium does it: into what has the focus, with an event of its own.
  document.execCommand = (command, _ui, text = '') => {
    const box = document.activeElement;
    if (!(box instanceof HTMLTextAreaElement)) return false;
    undoable.push(`${command} ${text}`.trim());
    box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    return true;
  };
  installBridge({
    chats: { saveDraft: () => Promise.resolve(ok(null)), setTyping: typing },
    messages: { send: () => answer.promise },
  });
  page = mount(Composer, {
    props: { chatId: 'c1', draft: 'a draft', reply: null, editing: null },
    attachTo: document.body,
    global: { plugins: [createPinia(), i18n], provide: OF_ACCOUNT },
  });
});
afterEach(() => {
  page.unmount();
  Reflect.deleteProperty(document, 'execCommand');
  typing.mockClear();
});

describe('undo', () => {
  test('a message that is changed, and the draft after it, can be taken back; nobody hears of typing', async () => {
    await page.setProps({ editing: pending(1, { text: 'an old text' }) });
    expect(field().value).toBe('an old text');
    await page.setProps({ editing: null });
    expect(field().value).toBe('a draft');
    expect(document.activeElement).toBe(field());
    expect(undoable).toEqual(['insertText an old text', 'insertText a draft']);
    expect(typing).not.toHaveBeenCalled();
  });

  test('an empty draft in the place of a changed message too', async () => {
    await page.get('textarea').setValue('');
    await page.setProps({ editing: pending(1, { text: 'x' }) });
    await page.setProps({ editing: null });
    expect(field().value).toBe('');
    expect(undoable).toEqual(['insertText x', 'delete']);
  });

  test('what could not be kept comes back before what was written since, with the caret where it was', async () => {
    await page.get('form').trigger('submit');
    await page.get('textarea').setValue('and more');
    field().setSelectionRange(3, 3);
    await refuse();
    expect(field().value).toBe('a draft\nand more');
    expect(field().selectionStart).toBe('a draft\nand'.length);
    expect(undoable).toEqual(['insertText a draft']);
  });

  test('where it cannot be typed in, it is put in all the same, and the focus is left alone', async () => {
    field().blur();
    document.execCommand = () => false;
    const other = document.createElement('button');
    document.body.append(other);
    await page.get('form').trigger('submit');
    other.focus();
    await refuse();
    expect(field().value).toBe('a draft');
    expect(document.activeElement).toBe(other);
    other.remove();
  });
});
