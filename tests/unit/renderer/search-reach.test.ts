// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import type { SearchReach } from '../../../contract/ipc/views.ts';
import type { ErrorCode } from '../../../contract/model/errors.ts';
import SearchReachLine from '../../../renderer/src/features/search/SearchReach.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useConnectionStore } from '../../../renderer/src/stores/account/connection.ts';
import { ACCOUNT, OF_ACCOUNT } from './bridge-double.ts';

const SINCE = new Date(2020, 2, 12).getTime();
const PART: SearchReach = { chats: 20, complete: 14, since: SINCE, spared: 0, further: true };
const ONE: SearchReach = { chats: 1, complete: 0, since: SINCE, spared: 0, further: true };

type Props = { reach: SearchReach; busy: boolean; code: ErrorCode | null; oneChat: boolean };
let wrapper: ReturnType<typeof show> | undefined;

function show(props: Partial<Props> & { reach: SearchReach }) {
  return mount(SearchReachLine, {
    attachTo: document.body,
    props: { busy: false, code: null, oneChat: false, ...props },
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
}
function connect(phase: 'live' | 'offline'): void {
  useConnectionStore(ACCOUNT).apply({ kind: 'connection', connection: { phase, retryAt: null, reason: null } });
}

beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-GB');
  connect('live');
});
afterEach(() => wrapper?.unmount());

describe('what a search says of its reach', () => {
  it.each<[string, Partial<Props> & { reach: SearchReach }, 'live' | 'offline', string, boolean]>([
    [
      'all here',
      { reach: { ...PART, complete: 20, since: null, further: false } },
      'live',
      'All messages searched',
      false,
    ],
    [
      'all of a chat',
      { reach: { ...ONE, complete: 1, since: null, further: false }, oneChat: true },
      'offline',
      'Whole chat searched',
      false,
    ],
    ['a part of many', { reach: PART }, 'live', 'Searched back to 12 March 2020 · 14 of 20 chats in full', true],
    ['a part of one', { reach: ONE, oneChat: true }, 'live', 'Searched back to 12 March 2020', true],
    [
      'a part that has no date',
      { reach: { ...PART, since: null } },
      'live',
      'Searched only what’s on this computer so far · 14 of 20 chats in full',
      true,
    ],
    [
      'no connection',
      { reach: ONE },
      'offline',
      'Searched back to 12 March 2020You need a connection to search further back',
      false,
    ],
    [
      'nothing more to be had',
      { reach: { ...ONE, further: false } },
      'live',
      'Searched back to 12 March 2020The rest can’t be loaded from the server right now',
      false,
    ],
    [
      'unread chats left out',
      { reach: { ...ONE, further: false, spared: 1 } },
      'live',
      'Searched back to 12 March 20201 chat with unread messages was skipped: this server would mark them as read',
      false,
    ],
    ['nothing searched', { reach: { ...PART, chats: 0, complete: 0 } }, 'live', '', false],
  ])('%s', (_what, props, phase, text, hasButton) => {
    connect(phase);
    wrapper = show(props);
    expect(wrapper.find('p').exists() ? wrapper.find('p').text() : '').toBe(text);
    expect(wrapper.find('button').exists()).toBe(hasButton);
  });

  it('says why reading further ended, and lets it be tried again', () => {
    wrapper = show({ reach: ONE, code: 'rate_limited' });
    expect(wrapper.find('p').text()).toContain(i18n.global.t('errors.rate_limited'));
    expect(wrapper.find('button').exists()).toBe(true);
  });

  it('keeps the focus of who pressed, when there is nothing more to press', async () => {
    wrapper = show({ reach: ONE });
    wrapper.find('button').element.focus();
    await wrapper.setProps({ reach: { ...ONE, complete: 1, since: null, further: false } });
    await nextTick();
    expect(document.activeElement).toBe(wrapper.find('p').element);
  });
});
