// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ref, shallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import type { MessageRow } from '../../../../renderer/src/features/conversation/rows.ts';
import { useFocusInChat } from '../../../../renderer/src/features/conversation/use-focus-in-chat.ts';
import { useRowKeys } from '../../../../renderer/src/features/conversation/use-row-keys.ts';
import { stored } from './message.ts';

const day = { kind: 'day', key: 'day:1', day: 1, estimate: 1, anchor: false } as const;
const row = (message: MessageView): MessageRow => ({
  kind: 'message',
  key: message.key,
  message,
  first: true,
  last: true,
  estimate: 1,
});
const selecting = ref(false);
const toggle = vi.fn((_key: string, _upTo: boolean) => selecting.value);
const react = vi.fn();
const write = vi.fn();
const menu = vi.fn();
const timeline = shallowRef({
  goTo: () => true,
  place: () => ({ at: 'end' as const }),
  rowElement: (key: string) => document.getElementById(key),
  focus: () => undefined,
});
let keys: ReturnType<typeof useRowKeys>;

beforeEach(() => {
  for (const key of ['m00001', 'm00002']) {
    const holder = document.createElement('div');
    holder.id = key;
    const article = document.createElement('article');
    article.tabIndex = -1;
    article.dataset['messageKey'] = key;
    article.addEventListener('contextmenu', menu);
    holder.append(article);
    document.body.append(holder);
  }
  keys = useRowKeys(ref([day, row(stored(1)), row(stored(2))]), timeline, { leave: write, toggle, react });
});
afterEach(() => {
  document.body.replaceChildren();
  selecting.value = false;
  vi.clearAllMocks();
});

const focused = (): string | null => document.activeElement?.getAttribute('data-message-key') ?? null;
function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const article = document.querySelector('article');
  const event = new KeyboardEvent('keydown', { key, cancelable: true, ...more });
  Object.defineProperty(event, 'target', { value: article });
  keys.onKey(event);
  return event;
}

describe('a key on a message', () => {
  test('R asks for a reaction, whatever the alphabet writes there', () => {
    expect(press('к', { code: 'KeyR' }).defaultPrevented).toBe(true);
    expect(react).toHaveBeenCalledWith('m00001');
    press('r', { code: 'KeyR', ctrlKey: true });
    expect(react).toHaveBeenCalledTimes(1);
  });

  test('Space and Enter choose while choosing, Shift+Space up to here; else Enter opens the menu', () => {
    press('Enter');
    expect(menu).toHaveBeenCalledTimes(1);
    expect(press(' ').defaultPrevented).toBe(false);
    selecting.value = true;
    toggle.mockClear();
    press('Enter');
    press(' ');
    press(' ', { shiftKey: true });
    expect(toggle.mock.calls).toEqual([
      ['m00001', false],
      ['m00001', false],
      ['m00001', true],
    ]);
    expect(menu).toHaveBeenCalledTimes(1);
  });
});

describe('the focus after a jump', () => {
  const jumps = (key: string | null) =>
    useFocusInChat(
      { goToDay: async () => key, goToMessage: async () => undefined },
      keys,
      shallowRef<readonly MessageView[]>([]),
      write,
    );

  test('to a date stands on the first message of the day', async () => {
    await jumps('day:1').goToDay(1);
    expect(focused()).toBe('m00001');
    expect(write).not.toHaveBeenCalled();
  });

  test('that did not come off goes to the composer', async () => {
    await jumps(null).goToDay(1);
    expect(write).toHaveBeenCalledTimes(1);
  });

  test('to a message stays where it is, and goes along when that has gone', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await jumps(null).goTo('m00002');
    expect(document.activeElement).toBe(field);
    field.remove();
    await jumps(null).goTo('m00002');
    expect(focused()).toBe('m00002');
  });
});
