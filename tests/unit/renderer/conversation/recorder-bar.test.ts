// @vitest-environment happy-dom
/** A voice message being made, by the names of its buttons and the words of its troubles. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import RecorderBar from '../../../../renderer/src/features/conversation/composer/RecorderBar.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import type { Recording } from '../../../../renderer/src/stores/account/recordings.ts';
import { useVoiceStore, type Sound } from '../../../../renderer/src/stores/voice.ts';
import { ACCOUNT, OF_ACCOUNT } from '../bridge-double.ts';

vi.mock('../../../../renderer/src/engines/voice-player.ts', () => ({
  createVoicePlayer: () => ({
    ...{ load: () => undefined, play: () => undefined, pause: () => undefined },
    ...{ seek: () => undefined, speed: () => undefined, unload: () => undefined },
  }),
}));

const SOUND: Sound = {
  ...{
    accountId: ACCOUNT,
    chatId: 'c1',
    messageKey: null,
    id: 'recording-1',
    url: 'blob:x',
    seconds: 10,
    voice: false,
  },
};
const of = (more: Partial<Recording>): Recording => ({
  ...{ phase: 'recording', seconds: 0, peaks: [], result: null, problem: null, refusal: null, sound: null },
  ...more,
});
let page: VueWrapper;
const show = (more: Partial<Recording>): void => {
  page = mount(RecorderBar, {
    props: { recording: of(more) },
    attachTo: document.body,
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
};
const names = (): (string | undefined)[] => page.findAll('button').map((one) => one.attributes('aria-label'));
const press = (name: string) => page.get(`button[aria-label="${name}"]`).trigger('click');

beforeEach(async () => {
  await setLocale('en', 'en-GB');
  setActivePinia(createPinia());
});
afterEach(() => page.unmount());

describe('the recorder', () => {
  test.each<[Partial<Recording>, string[], string]>([
    [{ phase: 'asking' }, ['Discard recording'], 'Waiting for the microphone…'],
    [
      { phase: 'recording' },
      ['Discard recording', 'Pause recording', 'Stop and listen', 'Send voice message'],
      'Recording',
    ],
    [{ phase: 'paused' }, ['Discard recording', 'Resume recording', 'Stop and listen', 'Send voice message'], 'Paused'],
  ])('%o', (more, buttons, status) => {
    show(more);
    expect(names()).toEqual(buttons);
    expect(page.get('[role=status]').text()).toBe(status);
  });

  test('says what its buttons say', async () => {
    show({ phase: 'recording' });
    for (const name of ['Discard recording', 'Pause recording', 'Stop and listen', 'Send voice message'])
      await press(name);
    await page.setProps({ recording: of({ phase: 'paused' }) });
    await press('Resume recording');
    await page.get('[role=group]').trigger('keydown', { key: 'Escape' });
    expect(['discard', 'pause', 'stop', 'send', 'resume'].map((name) => page.emitted(name)?.length)).toEqual([
      2, 1, 1, 1, 1,
    ]);
  });

  test('is listened to before it is sent', async () => {
    show({ phase: 'ready', seconds: 10, sound: SOUND });
    expect(names()).toEqual(['Discard recording', 'Play', 'Send voice message']);
    await press('Play');
    const voice = useVoiceStore();
    expect(voice.current?.id).toBe('recording-1');
    voice.playing = true;
    voice.at = 4;
    await flushPromises();
    expect([names()[1], page.get('.time').text()]).toEqual(['Pause', '0:04']);
    expect(page.get('[role=slider]').attributes('aria-valuenow')).toBe('40');
    await page.get('[role=slider]').trigger('keydown', { key: 'End' });
    expect(voice.at).toBe(10);
  });

  test('neither discards nor sends twice while it is sent', async () => {
    show({ phase: 'sending', seconds: 10, sound: SOUND });
    expect(names()).toEqual(['Play', 'Send voice message']);
    await press('Send voice message');
    expect(page.emitted('send')).toBeUndefined();
  });

  test.each<[NonNullable<Recording['problem']>, RegExp]>([
    ['denied', /isn’t allowed to use the microphone/],
    ['none', /No microphone found/],
    ['busy', /used by another app/],
    ['unsupported', /can’t be recorded on this computer/],
    ['failed', /recording failed/],
  ])('%s is said in words, and can be tried again', async (problem, words) => {
    show({ phase: 'failed', problem });
    expect(page.get('[role=alert]').text()).toMatch(words);
    await press('Try again');
    expect(page.emitted('again')).toHaveLength(1);
  });

  test('an unplugged microphone leaves what there is', () => {
    show({ phase: 'ready', problem: 'unplugged', seconds: 3, sound: SOUND });
    expect(page.get('[role=alert]').text()).toContain('The microphone was disconnected');
    expect(names()).toContain('Send voice message');
  });

  test('a refusal says why, and that it is still here', () => {
    show({ phase: 'ready', refusal: 'storage_failed', seconds: 3, sound: SOUND });
    expect(page.get('[role=alert]').text()).toMatch(
      /^Your voice message wasn’t sent and is still here\. Couldn’t save/,
    );
  });

  test('keeps the focus when a button gives way to another', async () => {
    show({ phase: 'recording' });
    page.get<HTMLElement>('button[aria-label="Stop and listen"]').element.focus();
    await page.setProps({ recording: of({ phase: 'ready', sound: SOUND }) });
    await flushPromises();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Send voice message');
  });
});
