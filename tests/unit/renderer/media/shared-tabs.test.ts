// @vitest-environment happy-dom
/** The side panel's tabs: what they ask for, page by page, and where they lead. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import type { SharedFileView, SharedLinkView } from '#contract/ipc/file-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
// Loaded here, so that the panel need not wait for it.
import '../../../../renderer/src/features/media/PictureViewer.vue';
import SharedTabs from '../../../../renderer/src/features/media/SharedTabs.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { ACCOUNT, attachmentView, chatView, deferred, installBridge, OF_ACCOUNT } from '../bridge-double.ts';

const NOW = new Date(2026, 2, 20, 12).getTime();
const DAY = 86_400_000;
const shared = (id: string, at: number, more: Partial<SharedFileView['file']> = {}): SharedFileView => ({
  ...{ messageId: `m-${id}`, chatId: 'c1', senderName: 'Anna', at },
  file: attachmentView(id, more),
});
const picture = (id: string, at: number): SharedFileView =>
  shared(id, at, { kind: 'image', name: `${id}.jpg`, width: 800, height: 600, thumbUrl: `/media/t${id}` });

let page: VueWrapper;
let asked: ChannelInput<'files.shared'>[] = [];
let answers: Result<ChannelOutput<'files.shared'>>[] = [];
let seen: (() => void) | null = null;

async function show(): Promise<void> {
  page = mount(SharedTabs, {
    props: { chat: chatView('c1'), now: NOW },
    attachTo: document.body,
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
  await flushPromises();
}
const tab = (name: string) => page.findAll('[role=tab]').find((one) => one.text() === name) ?? page.get('nothing');
const panel = () => page.get('[role=tabpanel]');

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
  asked = [];
  answers = [];
  seen = null;
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
        seen = () => callback([{ isIntersecting: true }]);
      }
      observe(): void {}
      disconnect(): void {}
    },
  );
  installBridge({
    files: {
      shared(input) {
        asked.push(input);
        return Promise.resolve(answers.shift() ?? ok({ items: [], more: false }));
      },
    },
  });
});
afterEach(() => {
  page.unmount();
  vi.unstubAllGlobals();
});

describe('the tabs', () => {
  test('are "Media", "Files", "Links" and "Music", and each is empty in its own words', async () => {
    installBridge({
      files: {
        shared: () => Promise.resolve(ok({ items: [], more: false })),
        links: () => Promise.resolve(ok({ items: [], more: false })),
      },
    });
    await show();
    expect(page.findAll('[role=tab]').map((one) => one.text())).toEqual(['Media', 'Files', 'Links', 'Music']);
    const words: string[] = [];
    for (const name of ['Media', 'Files', 'Links', 'Music']) {
      await tab(name).trigger('click');
      await flushPromises();
      expect(tab(name).attributes('aria-selected')).toBe('true');
      expect(panel().attributes('aria-labelledby')).toBe(tab(name).attributes('id'));
      words.push(panel().text());
    }
    expect(new Set(words).size).toBe(4);
  });

  test('are gone through by the arrow keys', async () => {
    await show();
    await page.get('[role=tablist]').trigger('keydown', { key: 'ArrowRight' });
    expect(tab('Files').attributes('aria-selected')).toBe('true');
    expect(document.activeElement).toBe(tab('Files').element);
    await page.get('[role=tablist]').trigger('keydown', { key: 'Home' });
    await page.get('[role=tablist]').trigger('keydown', { key: 'ArrowLeft', ctrlKey: true });
    expect(tab('Media').attributes('aria-selected')).toBe('true');
    expect(tab('Files').attributes('tabindex')).toBe('-1');
  });
});

describe('files', () => {
  test('stand by month, and the next page follows the last one', async () => {
    answers = [
      ok({ items: [picture('a', NOW), picture('b', NOW - 40 * DAY)], more: true }),
      ok({ items: [picture('c', NOW - 400 * DAY)], more: false }),
    ];
    await show();
    expect(
      panel()
        .findAll('h3')
        .map((one) => one.text()),
    ).toEqual(['March', 'February']);
    seen?.();
    await flushPromises();
    expect(asked.map(({ tab: of, before }) => [of, before])).toEqual([
      ['media', null],
      ['media', { at: NOW - 40 * DAY, messageId: 'm-b' }],
    ]);
    expect(asked[0]).toMatchObject({ accountId: ACCOUNT, chatId: 'c1', limit: 60 });
    expect(panel().findAll('h3').at(-1)?.text()).toBe('February 2025');
    seen?.();
    await flushPromises();
    expect(asked).toHaveLength(2);
  });

  test('a picture opens in the viewer; a video and a document lead to their message', async () => {
    answers = [
      ok({ items: [picture('a', NOW), shared('v', NOW, { kind: 'video', name: 'v.mp4', duration: 9 })], more: false }),
    ];
    await show();
    await panel().get('button[aria-label="v.mp4"]').trigger('click');
    await panel().get('button[aria-label="Open a.jpg"]').trigger('click');
    await vi.waitFor(() => expect(document.querySelector('[role=dialog] img')?.getAttribute('alt')).toBe('a.jpg'));
    answers = [ok({ items: [shared('d', NOW)], more: false })];
    await tab('Files').trigger('click');
    await flushPromises();
    expect(panel().find('button[aria-label="Save as"]').exists()).toBe(true);
    await panel().get('button[aria-label="Go to message"]').trigger('click');
    expect(page.emitted('go')).toEqual([['m-v'], ['m-d']]);
  });

  test('that could not be loaded are asked for again', async () => {
    answers = [fail('storage_failed', 'disk'), ok({ items: [picture('a', NOW)], more: false })];
    await show();
    expect(panel().get('[role=alert]').text()).toContain('Couldn’t load this list.');
    await panel().get('[role=alert] button').trigger('click');
    await flushPromises();
    expect(panel().findAll('img')).toHaveLength(1);
    expect(panel().find('[role=alert]').exists()).toBe(false);
  });

  test('are loaded anew when something is shared, and an answer from before is dropped', async () => {
    const late = deferred<Result<ChannelOutput<'files.shared'>>>();
    let first = true;
    installBridge({
      files: {
        shared() {
          if (!first) return Promise.resolve(ok({ items: [picture('new', NOW)], more: false }));
          first = false;
          return late.promise;
        },
      },
    });
    await show();
    const last = { key: 'm9', mine: false, senderName: 'A', text: '', files: 1, at: NOW, state: null };
    await page.setProps({ chat: chatView('c1', { last }) });
    await flushPromises();
    late.resolve(ok({ items: [picture('old', NOW)], more: false }));
    await flushPromises();
    expect(
      panel()
        .findAll('img')
        .map((one) => one.attributes('alt')),
    ).toEqual(['new.jpg']);
  });
});

describe('links', () => {
  test('are opened by main, and lead to their message', async () => {
    const link: SharedLinkView = {
      messageId: 'm1',
      at: NOW,
      senderName: 'Anna',
      url: 'https://example.org/a',
      text: '',
    };
    const opened: unknown[] = [];
    installBridge({
      files: {
        shared: () => Promise.resolve(ok({ items: [], more: false })),
        links: () => Promise.resolve(ok({ items: [link], more: false })),
      },
      app: { openExternal: (input) => (opened.push(input), Promise.resolve(ok(null))) },
    });
    await show();
    await tab('Links').trigger('click');
    await flushPromises();
    expect(panel().get('.url').text()).toBe('example.org/a');
    await panel().get('.link').trigger('click');
    await panel().get('button[aria-label="Go to message"]').trigger('click');
    expect(opened).toEqual([{ url: 'https://example.org/a' }]);
    expect(page.emitted('go')).toEqual([['m1']]);
  });
});
