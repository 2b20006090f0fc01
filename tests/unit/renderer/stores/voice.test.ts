// @vitest-environment happy-dom
/** One sound at a time, and what follows a voice message. */
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ok } from '#contract/model/errors.ts';
import type { AttachmentView } from '#contract/ipc/views.ts';
import type { VoiceEvent } from '../../../../renderer/src/engines/voice-player.ts';
import { useMessagesStore } from '../../../../renderer/src/stores/account/messages.ts';
import { nextVoice } from '../../../../renderer/src/stores/account/messages/next-voice.ts';
import { useAccountsStore } from '../../../../renderer/src/stores/accounts.ts';
import { useVoiceStore, type Sound } from '../../../../renderer/src/stores/voice.ts';
import { ACCOUNT, accountsView, accountView, attachmentView, installBridge } from '../bridge-double.ts';
import { pageOf, stored } from '../conversation/message.ts';

const player = vi.hoisted(() => ({ calls: [] as string[], hear: (_event: unknown): void => undefined }));
vi.mock('../../../../renderer/src/engines/voice-player.ts', () => ({
  createVoicePlayer: (hear: (event: unknown) => void) => {
    player.hear = hear;
    const note = (name: string) => (value?: string | number) =>
      void player.calls.push(value === undefined ? name : `${name} ${String(value)}`);
    return {
      ...{ load: note('load'), play: note('play'), pause: note('pause') },
      ...{ seek: note('seek'), speed: note('speed'), unload: note('unload') },
    };
  },
}));
const hear = (event: VoiceEvent): void => player.hear(event);
const store = () => useVoiceStore();
const calls = (): string[] => player.calls.splice(0);

const sound = (id: string, more: Partial<Sound> = {}): Sound => ({
  ...{ accountId: ACCOUNT, chatId: 'c1', messageKey: 'm00001', id, url: `/media/${id}`, seconds: 9, voice: true },
  ...more,
});
const note = (id: string, more: Partial<AttachmentView> = {}): AttachmentView =>
  attachmentView(id, { kind: 'audio', voice: true, url: `/media/${id}`, duration: 4, ...more });

beforeEach(() => {
  setActivePinia(createPinia());
  player.calls = [];
});

describe('a sound', () => {
  test('is loaded once, played and paused', () => {
    store().toggle(sound('a'));
    expect(calls()).toEqual(['load ./media/a', 'speed 1', 'play']);
    hear({ kind: 'playing' });
    hear({ kind: 'time', at: 3 });
    hear({ kind: 'length', seconds: 8.5 });
    expect([store().playing, store().at, store().seconds]).toEqual([true, 3, 8.5]);
    store().toggle(sound('a'));
    hear({ kind: 'paused' });
    store().toggle(sound('a'));
    expect(calls()).toEqual(['pause', 'play']);
  });

  test('makes way for another one, which starts at its begin', () => {
    store().play(sound('a'));
    hear({ kind: 'time', at: 3 });
    store().play(sound('b'));
    expect([store().isCurrent(sound('a')), store().isCurrent(sound('b')), store().at]).toEqual([false, true, 0]);
    expect(store().isCurrent(sound('b', { accountId: 'another' }))).toBe(false);
  });

  test('is played from the page’s own origin or the page’s own memory, and from nowhere else', () => {
    store().play(sound('a', { url: 'https://example.org/media/a' }));
    expect(calls()).toEqual([]);
    expect(store().current).toBeNull();
    store().play(sound('b', { url: 'blob:abc' }));
    expect(calls()[0]).toBe('load blob:abc');
  });

  test('keeps the speed of the one before', () => {
    store().play(sound('a'));
    const speeds = [1, 2, 3].map(() => (store().changeSpeed(), store().speed));
    expect(speeds).toEqual([1.5, 2, 1]);
    store().changeSpeed();
    calls();
    store().play(sound('b'));
    expect(calls()).toContain('speed 1.5');
  });

  test('that failed is tried again by the next press', () => {
    store().play(sound('a'));
    hear({ kind: 'failed', reason: 'load' });
    expect([store().problem, store().playing]).toEqual(['load', false]);
    calls();
    store().toggle(sound('a'));
    expect(calls()).toEqual(['load ./media/a', 'speed 1', 'play']);
    expect(store().problem).toBeNull();
  });

  test('can be sought in before it plays', () => {
    store().seek(sound('a'), 4);
    expect(calls()).toEqual(['load ./media/a', 'speed 1', 'seek 4']);
    expect(store().at).toBe(4);
  });

  test('is let go of on request', () => {
    store().play(sound('a'));
    store().stopIf(({ id }) => id === 'b');
    expect(store().current).not.toBeNull();
    store().stopIf(({ id }) => id === 'a');
    expect([store().current, store().playing, calls().at(-1)]).toEqual([null, false, 'unload']);
  });
});

describe('the end of a voice message', () => {
  async function chat(): Promise<void> {
    useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([accountView()]) });
    const items = [
      stored(1, { attachments: [note('a')] }),
      stored(2),
      stored(3, { attachments: [attachmentView('song', { kind: 'audio' }), note('b')] }),
    ];
    installBridge({ messages: { page: () => Promise.resolve(ok({ ...pageOf(0, 0), items, newer: 'end' as const })) } });
    await useMessagesStore(ACCOUNT).open('c1', { at: 'latest' });
  }

  test('is the begin of the next one in the chat', async () => {
    await chat();
    store().play(sound('a'));
    calls();
    hear({ kind: 'ended' });
    expect(calls()).toEqual(['load ./media/b', 'speed 1', 'play']);
    expect(store().current).toMatchObject({ id: 'b', messageKey: 'm00003', seconds: 4 });
    hear({ kind: 'ended' });
    expect(calls()).toEqual([]);
    expect([store().playing, store().at]).toEqual([false, 0]);
  });

  test('of other sound, of a recording, and of a closed account is the end', async () => {
    await chat();
    for (const one of [sound('a', { voice: false }), sound('a', { messageKey: null })]) {
      store().play(one);
      calls();
      hear({ kind: 'ended' });
      expect(calls()).toEqual([]);
      store().stopIf(() => true);
    }
    store().play(sound('a'));
    useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([]) });
    calls();
    hear({ kind: 'ended' });
    expect(calls()).toEqual([]);
  });
});

describe('nextVoice', () => {
  const window = {
    ...pageOf(0, 0),
    items: [
      stored(1, { attachments: [note('a'), attachmentView('x'), note('b')] }),
      stored(2, { attachments: [attachmentView('y')] }),
      stored(3, { attachments: [note('c', { duration: null })] }),
    ],
  };
  test.each([
    ['in the same message', 'm00001', 'a', 'b'],
    ['in a later message', 'm00001', 'b', 'c'],
    ['after the last', 'm00003', 'c', undefined],
    ['after one that is not loaded', 'm00009', 'z', undefined],
  ])('%s', (_name, key, file, next) => {
    expect(nextVoice(window, key, file)?.id).toBe(next);
  });
  test('without a window there is none', () => {
    expect(nextVoice(null, 'm00001', 'a')).toBeNull();
  });
});
