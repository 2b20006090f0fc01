// @vitest-environment happy-dom
/** Updates in the settings: each state in words, and what can be done in it. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type UpdateView } from '#contract/ipc/update-views.ts';
import { UPDATE_OFF, UPDATE_PROBLEMS } from '#contract/model/updates.ts';
import { fail, ok } from '#contract/model/errors.ts';
import UpdateRows from '../../../../renderer/src/features/settings/UpdateRows.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useCallsStore } from '../../../../renderer/src/stores/calls.ts';
import { useSettingsStore } from '../../../../renderer/src/stores/settings.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { useUpdatesStore } from '../../../../renderer/src/stores/updates.ts';
import { ACCOUNT, installBridge, OF_ACCOUNT } from '../bridge-double.ts';
import { callView } from '../calls/doubles.ts';

// A call needs neither its sounds nor its media here, for which there is no browser.
vi.mock('../../../../renderer/src/engines/ring.ts', () => ({
  createRing: () => ({ play: () => undefined, end: () => undefined }),
}));
vi.mock('../../../../renderer/src/stores/call-session.ts', () => ({
  createCallSession: () => ({
    follow: () => undefined,
    begin: () => undefined,
    receive: () => undefined,
    close: () => undefined,
    log: { recap: () => null },
  }),
}));

const AT = Date.UTC(2026, 0, 1, 12);
let page: VueWrapper | undefined;
let did: string[];

beforeEach(() => {
  setActivePinia(createPinia());
  did = [];
});
afterEach(() => page?.unmount());

async function show(view: UpdateView, locale: 'en' | 'ru' = 'en', refusing = false): Promise<VueWrapper> {
  await setLocale(locale, locale);
  installBridge({
    updates: {
      read: async () => ok(view),
      check: async () => (did.push('check'), refusing ? fail('call_busy', 'x') : ok({ phase: 'checking' })),
      restart: async () => (did.push('restart'), refusing ? fail('call_busy', 'x') : ok(null)),
    },
    settings: {
      update: async (patch) => {
        did.push(JSON.stringify(patch));
        return ok({ ...useSettingsStore().settings, autoUpdate: patch.autoUpdate ?? true });
      },
    },
  });
  page = mount(UpdateRows, { attachTo: document.body, global: { plugins: [i18n], provide: OF_ACCOUNT } });
  await flushPromises();
  return page;
}
const buttons = (rows: VueWrapper): string[] =>
  rows.findAll('button').flatMap((button) => (button.attributes('role') === 'switch' ? [] : [button.text()]));

describe('an update', () => {
  const states: [UpdateView, string, string, string[]][] = [
    [
      { phase: 'idle', checkedAt: null },
      'a few minutes after it starts',
      'через несколько минут',
      ['Check for updates'],
    ],
    [{ phase: 'idle', checkedAt: AT }, 'Relay is up to date.', 'Установлена последняя версия.', ['Check for updates']],
    [{ phase: 'checking' }, 'Looking for a newer version…', 'Проверяем наличие', ['Check for updates']],
    [
      { phase: 'downloading', version: '1.2.0', percent: 40 },
      'Downloading version 1.2.0 (40%)',
      'Загружается версия 1.2.0 (40',
      ['Check for updates'],
    ],
    [
      { phase: 'ready', version: '1.2.0' },
      'Version 1.2.0 is installed when you quit Relay.',
      'Версия 1.2.0 установится',
      ['Restart and update'],
    ],
    [
      { phase: 'failed', why: 'bad_checksum', at: AT },
      'wasn’t the one that was announced. It was deleted. Relay will try again later.',
      'не тот, что был объявлен',
      ['Check for updates'],
    ],
    [{ phase: 'off', why: 'no_feed' }, 'install the newer version over this one', 'установите новую версию', []],
  ];
  test.each(states)('%j', async (view, english, russian, may) => {
    const rows = await show(view);
    expect(rows.text()).toContain(english);
    expect(buttons(rows)).toEqual(may);
    expect(rows.findAll('[role=switch]')).toHaveLength(view.phase === 'off' ? 0 : 1);
    rows.unmount();
    expect((await show(view, 'ru')).text()).toContain(russian);
  });

  test.each(UPDATE_OFF)('that is off because of %s says so', async (why) => {
    expect((await show({ phase: 'off', why })).text()).not.toContain('desktop.');
  });

  test.each(UPDATE_PROBLEMS)('that failed because of %s says so', async (why) => {
    expect((await show({ phase: 'failed', why, at: AT })).text()).not.toContain('desktop.');
  });

  test('that does not come by itself promises nothing', async () => {
    const rows = await show({ phase: 'idle', checkedAt: null });
    await rows.get('[role=switch]').trigger('click');
    await flushPromises();
    expect(did).toEqual(['{"autoUpdate":false}']);
    expect(rows.text()).toContain('only when you ask it to');
    useUpdatesStore().apply({ kind: 'update', update: { phase: 'failed', why: 'no_answer', at: AT } });
    await flushPromises();
    expect(rows.text()).toContain('The update server didn’t answer.');
    expect(rows.text()).not.toContain('try again later');
  });

  test('is looked for and followed', async () => {
    const rows = await show({ phase: 'idle', checkedAt: AT });
    await rows.get('button').trigger('click');
    await flushPromises();
    expect(did).toEqual(['check']);
    expect(rows.text()).toContain('Looking for');
    expect(rows.get('button').attributes('disabled')).toBeDefined();
    useUpdatesStore().apply({ kind: 'update', update: { phase: 'ready', version: '1.2.0' } });
    await flushPromises();
    await rows.get('button').trigger('click');
    await flushPromises();
    expect(did).toEqual(['check', 'restart']);
  });

  test('that is ready in a call says when one can restart', async () => {
    const rows = await show({ phase: 'ready', version: '1.2.0' });
    useCallsStore().applyOf(ACCOUNT)({ kind: 'call', call: callView('k', { incoming: false, state: 'ringing' }) });
    await flushPromises();
    expect(rows.text()).toContain('as soon as the call is over');
    expect(rows.get('button').attributes('disabled')).toBeDefined();
    useCallsStore().applyOf(ACCOUNT)({ kind: 'call', call: callView('k', { state: 'ended', end: 'hung_up' }) });
    await flushPromises();
    expect(rows.get('button').attributes('disabled')).toBeUndefined();
  });

  test('that main refuses in a call is told in words', async () => {
    const rows = await show({ phase: 'ready', version: '1.2.0' }, 'en', true);
    await rows.get('button').trigger('click');
    await flushPromises();
    expect(useUiStore().toasts.map(({ text }) => text)).toEqual(['You’re already in a call. End it first.']);
  });
});
