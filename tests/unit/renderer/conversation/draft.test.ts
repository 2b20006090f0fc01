// @vitest-environment happy-dom
/** What is being written is kept, or the page says that it is not: nothing typed goes away without a word. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, type Pinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNEL_SCHEMAS } from '#contract/ipc/schemas.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import Composer from '../../../../renderer/src/features/conversation/composer/Composer.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { deferred, installBridge, OF_ACCOUNT, type Answers } from '../bridge-double.ts';
import { stored } from './message.ts';

const MAX = LIMITS.draft.max;
let pinia: Pinia;
let wrapper: VueWrapper | undefined;
let saved: string[];
let answer: Result<null>;

const chats: Answers['chats'] = {
  setTyping: () => Promise.resolve(ok(null)),
  saveDraft: (input) => {
    // As main does: what does not fit its schema is refused.
    if (!CHANNEL_SCHEMAS['chats.saveDraft'].input.safeParse(input).success)
      return Promise.resolve(fail('bad_request', 'the draft'));
    if (answer.ok) saved.push(input.text);
    return Promise.resolve(answer);
  },
};

/** The composer of a chat of which main holds `draft`. */
function show(draft: string, chatId = 'c1') {
  wrapper?.unmount();
  const page = mount(Composer, {
    props: { chatId, draft, reply: null, editing: null },
    attachTo: document.body,
    global: { plugins: [pinia, i18n], provide: OF_ACCOUNT },
  });
  wrapper = page;
  const field = page.get('textarea');
  return {
    text: () => field.element.value,
    words: () => page.get('#composer-words').text(),
    /** A key press, and no time after it. */
    type: (text: string): void => void field.setValue(text),
    async write(text: string): Promise<void> {
      await field.setValue(text);
      vi.advanceTimersByTime(1_000);
      await flushPromises();
    },
  };
}

beforeEach(async () => {
  vi.useFakeTimers();
  await setLocale('en', 'en-GB');
  pinia = createPinia();
  saved = [];
  answer = ok(null);
  installBridge({ chats });
});
afterEach(() => {
  wrapper?.unmount();
  wrapper = undefined;
  vi.useRealTimers();
});

describe('a draft', () => {
  test('at the limit is kept whole, without a word', async () => {
    const composer = show('older');
    await composer.write('x'.repeat(MAX));
    expect(saved).toEqual(['x'.repeat(MAX)]);
    expect(composer.words()).toBe('');
  });

  test('one past the limit: its beginning is kept, the page says so, and the whole of it is back in this run', async () => {
    const long = `${'x'.repeat(MAX)}y`;
    const composer = show('older');
    await composer.write(long);
    expect(saved).toEqual(['x'.repeat(MAX)]);
    expect(composer.words()).toBe(
      'This draft is very long: only the first 100,000 characters will be kept when you quit.',
    );
    expect(composer.text()).toBe(long);
    // To another chat and back.
    expect(show('of another', 'c2').text()).toBe('of another');
    const again = show('x'.repeat(MAX));
    expect(again.text()).toBe(long);
    await again.write('short');
    expect(again.words()).toBe('');
    expect(show('short').text()).toBe('short');
  });

  test('that could not be saved is told of until it is', async () => {
    answer = fail('storage_failed', 'the disk is full');
    const composer = show('');
    await composer.write('a thought');
    expect(composer.words()).toContain('isn’t saved yet');
    answer = ok(null);
    await composer.write('a thought more');
    expect(saved).toEqual(['a thought more']);
    expect(composer.words()).toBe('');
  });

  test('is there again at once, though main has not heard of it yet and the list shows the older one', async () => {
    const composer = show('older');
    composer.type('newer');
    expect(show('of another', 'c2').text()).toBe('of another');
    expect(show('older').text()).toBe('newer');
    expect(saved).toEqual(['newer']);
  });

  test('that was emptied stays empty', async () => {
    const composer = show('older');
    composer.type('');
    show('of another', 'c2');
    expect(show('older').text()).toBe('');
  });

  test('that was sent while the chat was left is not there again', async () => {
    const answered = deferred<Result<MessageView>>();
    installBridge({ chats, messages: { send: () => answered.promise } });
    const composer = show('');
    composer.type('on its way');
    await wrapper?.get('form').trigger('submit');
    show('of another', 'c2');
    // Until main has it, nobody can know: the text is safe.
    expect(saved).toEqual(['on its way']);
    answered.resolve(ok(stored(1)));
    await flushPromises();
    expect(saved).toEqual(['on its way', '']);
    expect(show('').text()).toBe('');
  });

  test('that could not be sent while the chat was left is there again', async () => {
    const answered = deferred<Result<MessageView>>();
    installBridge({ chats, messages: { send: () => answered.promise } });
    const composer = show('');
    composer.type('refused');
    await wrapper?.get('form').trigger('submit');
    show('of another', 'c2');
    answered.resolve(fail('storage_failed', 'the disk is full'));
    await flushPromises();
    expect(show('').text()).toBe('refused');
  });
});
