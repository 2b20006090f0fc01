// @vitest-environment happy-dom
/** What the pointer does with a message: one press for a reaction, Shift for a range, and a menu that knows where it was asked for. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { h, shallowRef } from 'vue';
import { ok } from '#contract/model/errors.ts';
import { CONVERSATION_ACTIONS } from '../../../../renderer/src/features/conversation/actions.ts';
import MessageItem from '../../../../renderer/src/features/conversation/MessageItem.vue';
import {
  useMessageActions,
  type MessageActionState,
} from '../../../../renderer/src/features/conversation/use-message-actions.ts';
import { useMessageMenu } from '../../../../renderer/src/features/conversation/use-message-menu.ts';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { ACCOUNT, installBridge, OF_ACCOUNT } from '../bridge-double.ts';
import { stored } from './message.ts';

const items = [stored(1, { text: 'see https://a.example/b now' }), stored(2), stored(3)];
const react = vi.fn((_input: unknown) => Promise.resolve(ok(null)));
const copied: string[] = [];
let page: VueWrapper;
let acts: MessageActionState;
let menu: ReturnType<typeof useMessageMenu>;
const active = shallowRef(false);

const Holder = {
  setup() {
    acts = useMessageActions(
      () => Promise.resolve(),
      () => items,
    );
    menu = useMessageMenu(
      acts,
      (key) => items.find((item) => item.key === key) ?? null,
      (key) => key,
    );
    return () =>
      items.map((message) =>
        h(MessageItem, {
          key: message.key,
          row: { kind: 'message', key: message.key, message, first: true, last: true, estimate: 1 },
          group: false,
          active: active.value,
          flash: false,
          found: null,
          current: false,
          selected: acts.selection.value ? acts.selection.value.has(message.key) : null,
        }),
      );
  },
  provide: () => ({ [CONVERSATION_ACTIONS as symbol]: acts.actions }),
};

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  copied.length = 0;
  active.value = false;
  installBridge({
    messages: { emojis: () => Promise.resolve(ok(['🔥', '👏', '👍'])), react },
    app: { copyText: ({ text }) => (copied.push(text), Promise.resolve(ok(null))) },
  });
  page = mount(Holder, { attachTo: document.body, global: { plugins: [createPinia(), i18n], provide: OF_ACCOUNT } });
  await flushPromises();
});
afterEach(() => {
  page.unmount();
  react.mockClear();
});

const article = (at: number) => page.findAll('article')[at] ?? page.get('nothing');

test('two quick reactions of those that the server takes stand in the bar, beside "more"', async () => {
  active.value = true;
  await flushPromises();
  const tools = article(1).findAll('button.tool');
  expect(tools.map((tool) => tool.attributes('aria-label'))).toEqual([
    'React with 🔥',
    'React with 👏',
    'React',
    'Reply',
    'More actions',
  ]);
  await tools[1]?.trigger('click');
  expect(react).toHaveBeenCalledWith({ accountId: ACCOUNT, messageId: items[1]?.id, emoji: '👏' });
});

test('a click with Shift chooses up to the message, and marks no words', async () => {
  const [first] = items;
  if (!first) throw new Error('no message');
  acts.actions.toggleSelected(first);
  await flushPromises();
  const down = new MouseEvent('mousedown', { shiftKey: true, bubbles: true, cancelable: true });
  article(2).element.dispatchEvent(down);
  expect(down.defaultPrevented).toBe(true);
  await article(2).trigger('click', { shiftKey: true });
  expect([...(acts.selection.value?.keys() ?? [])]).toEqual(items.map((item) => item.key));
});

describe('the menu', () => {
  const ids = (): string[] => menu.entries.value.map((entry) => entry.id);

  test('on a link copies the link', () => {
    menu.aim(article(0).get('a bdi').element);
    expect(ids()).toContain('copyLink');
    menu.choose('copyLink');
    expect(copied).toEqual(['https://a.example/b']);
  });

  test('copies what is selected inside of the bubble, and not what reaches beyond', () => {
    const words = article(1).get('p').element.firstChild;
    const next = article(2).get('p').element.firstChild;
    if (!words || !next) throw new Error('no words');
    getSelection()?.setBaseAndExtent(words, 0, words, 7);
    menu.aim(article(1).get('p').element);
    expect(ids()).toContain('copySelection');
    getSelection()?.removeAllRanges();
    menu.choose('copySelection');
    menu.choose('copy');
    expect(copied).toEqual(['message', 'message 2']);
    getSelection()?.setBaseAndExtent(words, 0, next, 3);
    menu.aim(article(1).get('p').element);
    expect(ids()).not.toContain('copySelection');
  });
});
