// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { reactive, readonly, ref } from 'vue';
import { fail, ok } from '#contract/model/errors.ts';
import { getBridge } from '../../../renderer/src/bridge.ts';
import ForwardDialog from '../../../renderer/src/features/conversation/ForwardDialog.vue';
import { i18n } from '../../../renderer/src/i18n/index.ts';
import { plain } from '../../../renderer/src/plain.ts';
import { ask } from '../../../renderer/src/stores/bridge-call.ts';
import { useChatsStore } from '../../../renderer/src/stores/account/chats.ts';
import { stored } from './conversation/message.ts';
import { ACCOUNT, chatView, installBridge, OF_ACCOUNT } from './bridge-double.ts';

/** A command in the shape of one that takes lists. */
const forward = vi.fn<(input: unknown) => Promise<never>>(async () => ok({ sent: 2 }) as never);

beforeEach(() => {
  forward.mockClear();
  installBridge({ messages: { forward } });
});

describe('what crosses the bridge', () => {
  const list = ref(['one', 'two']);
  const values: [string, unknown, unknown][] = [
    ['plain data', { a: [1, 'x', null, true, undefined] }, { a: [1, 'x', null, true, undefined] }],
    ['a reactive list', { chatIds: list.value }, { chatIds: ['one', 'two'] }],
    ['a reactive object', reactive({ deep: { list: [{ n: 1 }] } }), { deep: { list: [{ n: 1 }] } }],
    ['what may only be read', readonly({ n: [1] }), { n: [1] }],
    ['a list of reactive objects', [reactive({ n: 1 })], [{ n: 1 }]],
    ['a key named __proto__', JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
  ];
  test.each(values)('%s', (_name, value, expected) => {
    const copy = plain(value);
    expect(copy).toEqual(expected);
    // Neither of Electron's copies refuses it.
    expect(structuredClone(copy)).toEqual(expected);
  });

  class Point {
    x = 1;
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const refused: [string, unknown, string][] = [
    ['a function', { run: () => 1 }, 'argument.run'],
    ['a symbol', [Symbol('s')], 'argument[0]'],
    ['a big integer', { n: 1n }, 'argument.n'],
    ['a date', { at: new Date(0) }, 'argument.at'],
    ['a map', new Map(), 'argument'],
    ['an object of a class', { p: new Point() }, 'argument.p'],
    ['an error', new Error('x'), 'argument'],
    ['a promise', Promise.resolve(), 'argument'],
    ['a ref itself', { n: ref(1) }, 'argument.n'],
    ['a circle', circle, 'argument.self'],
  ];
  test.each(refused)('never %s', (_name, value, where) => {
    expect(() => plain(value)).toThrow(TypeError);
    expect(() => plain(value)).toThrow(where);
  });

  test('every command gets a copy, and what cannot be one is an answer and a loud word', async () => {
    const chatIds = ref(['c1']);
    await getBridge().messages.forward({ accountId: ACCOUNT, messageIds: [], chatIds: chatIds.value });
    expect(forward).toHaveBeenLastCalledWith({ accountId: ACCOUNT, messageIds: [], chatIds: ['c1'] });
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const wrong = { accountId: ACCOUNT, messageIds: [], chatIds: new Set(['c1']) as never };
    const answer = await ask((bridge) => bridge.messages.forward(wrong));
    expect(answer).toEqual(fail('internal', 'argument.chatIds cannot cross the bridge: it is no plain data'));
    expect(said).toHaveBeenCalledOnce();
    expect(forward).toHaveBeenCalledOnce();
    said.mockRestore();
  });

  test('the double refuses what Electron refuses', () => {
    const bridge = window as unknown as { relay: { messages: { forward(input: unknown): Promise<unknown> } } };
    expect(() => bridge.relay.messages.forward(reactive({}))).toThrow('could not be cloned');
    expect(() => bridge.relay.messages.forward({ run: () => 1 })).toThrow('could not be cloned');
  });
});

test('messages are forwarded to the chats that were chosen', async () => {
  setActivePinia(createPinia());
  useChatsStore(ACCOUNT).apply({ kind: 'chats:reset', chats: [chatView('a'), chatView('b')], more: false });
  const page = mount(ForwardDialog, {
    props: { messages: [stored(1), stored(2)], open: true },
    attachTo: document.body,
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
  await flushPromises();
  for (const box of document.querySelectorAll<HTMLInputElement>('[role=dialog] input[type=checkbox]')) box.click();
  await flushPromises();
  document.querySelector<HTMLButtonElement>('[role=dialog] button.is-primary')?.click();
  await flushPromises();
  expect(forward).toHaveBeenCalledWith({ accountId: ACCOUNT, messageIds: ['m00001', 'm00002'], chatIds: ['a', 'b'] });
  expect(page.emitted('done')).toHaveLength(1);
  page.unmount();
});
