import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../electron/main/lib/drawing/png.ts';
import { drawTray } from '../../../../electron/main/lib/drawing/tray-drawing.ts';
import { noticeBody, noticeTitle } from '../../../../electron/main/lib/system-text.ts';
import { createNotifier, type NotifyOptions } from '../../../../electron/main/platform/notifier.ts';
import { createNativeImage } from '../../../../host/modules/native-image.ts';
import { createNotification } from '../../../../host/modules/notification.ts';
import { SystemUi } from '../../../../host/system-ui.ts';
import type { NotificationMood } from '../../../../host/runtime.ts';
import { recordingLogger, until } from '../../../helpers/main-parts.ts';

describe('a text of people', () => {
  it.each([
    ['a & b', 'a &amp; b'],
    ['<b>bold</b>', '&lt;b&gt;bold&lt;/b&gt;'],
    ['&lt;', '&amp;lt;'],
    ['"quotes" and \'these\'', '"quotes" and \'these\''],
    ['<a href="https://example.org">', '&lt;a href="https://example.org"&gt;'],
    ['nul\u0000bell\u0007', 'nul bell '],
    ['half a pair \uD83D', 'half a pair \uFFFD'],
    ['👋 привет', '👋 привет'],
  ])('%j is no markup on Linux', (text, expected) => {
    expect(noticeBody(text, 'linux')).toBe(expected);
  });

  it('is left as it is for the other systems, and in a title', () => {
    for (const platform of ['win32', 'darwin'] as const) expect(noticeBody('<a> & b\u0001', platform)).toBe('<a> & b ');
    expect(noticeTitle('Q & A <team>\u0000')).toBe('Q & A <team> ');
  });
});

function notifierWith(mood: NotificationMood) {
  const outside = new SystemUi();
  const logger = recordingLogger();
  const System = createNotification({ mood, outside, isReady: () => true });
  return {
    outside,
    logger,
    notify: createNotifier({ Notification: System, nativeImage: createNativeImage(), platform: 'linux', logger }),
  };
}

describe('a notification', () => {
  it('is shown, clicked and taken away', () => {
    const { outside, notify } = notifierWith('shown');
    let clicks = 0;
    const undo = notify({ title: 'R & D', body: 'a < b' }, () => (clicks += 1));
    const [item] = outside.items();
    expect(item).toMatchObject({ title: 'R & D', text: 'a &lt; b' });
    outside.act({ id: item?.id ?? '', action: 'click' });
    expect(clicks).toBe(1);
    notify({ title: 'again', body: '' }, () => undefined);
    undo();
    expect(outside.items().map(({ title }) => title)).toEqual(['again']);
  });

  it('has a picture where there is one that can be decoded', () => {
    const { outside, notify } = notifierWith('shown');
    const png = encodePng(drawTray(16, { kind: 'none' }));
    for (const picture of [png, Buffer.from('RIFF....WEBP'), null]) {
      notify({ title: 'Ada', body: '' }, () => undefined, { picture });
    }
    expect(outside.items().map(({ picture }) => picture)).toEqual([
      `data:image/png;base64,${png.toString('base64')}`,
      undefined,
      undefined,
    ]);
  });

  it('that failed says why in the log', async () => {
    const { notify, logger } = notifierWith('failing');
    const undo = notify({ title: 'Anna', body: 'a secret' }, () => undefined);
    await until('it is logged', () => logger.of('notification.failed').length > 0);
    expect(logger.of('notification.failed')[0]?.fields).toEqual({
      reason: 'The notification platform is unavailable.',
    });
    expect(JSON.stringify(logger.entries)).not.toContain('secret');
    undo();
  });

  it('is nothing where the system has none', () => {
    const { notify, outside } = notifierWith('unsupported');
    notify({ title: 'Anna', body: 'Hello' }, () => undefined)();
    expect(outside.records).toEqual([]);
  });
});

describe('answers in a notification', () => {
  function on(platform: NodeJS.Platform, options: NotifyOptions = {}) {
    const outside = new SystemUi();
    const heard: string[] = [];
    const System = createNotification({ mood: 'shown', outside, isReady: () => true });
    const notify = createNotifier({
      ...{ Notification: System, nativeImage: createNativeImage(), platform },
      logger: recordingLogger(),
    });
    const show = (title: string) =>
      notify({ title, body: 'Hello' }, () => heard.push(`click ${title}`), {
        key: 'chat',
        group: 'account',
        reply: { placeholder: 'Reply', run: (text) => heard.push(`reply ${text}`) },
        actions: [{ text: 'Mark as read', run: () => heard.push('read') }],
        ...options,
      });
    const act = (action: string): boolean => outside.act({ id: outside.items()[0]?.id ?? '', action });
    return { outside, heard, show, act };
  }

  it.each(['darwin', 'win32'] as const)('are written, or given by a button, on %s', (platform) => {
    const { heard, show, act, outside } = on(platform);
    show('Anna');
    expect(outside.items()[0]?.choices.map(({ label }) => label)).toEqual(['Anna', 'Mark as read', 'Reply', 'Close']);
    act('reply:On my way');
    show('Anna');
    act('action:0');
    show('Anna');
    // Sent with nothing in it: the user wants the chat.
    act('reply:  ');
    expect(heard).toEqual(['reply On my way', 'read', 'click Anna']);
    expect(outside.items()).toEqual([]);
  });

  it('are not offered on Linux, which has none', () => {
    const { show, act, outside, heard } = on('linux');
    show('Anna');
    expect(outside.items()[0]?.choices.map(({ label }) => label)).toEqual(['Anna', 'Close']);
    expect(act('reply:lost')).toBe(false);
    expect(heard).toEqual([]);
  });

  it('of the same key replace each other, and the earlier one takes no later one away', () => {
    const { show, outside } = on('darwin');
    const first = show('one');
    const second = show('two');
    expect(outside.items().map(({ title }) => title)).toEqual(['two']);
    first();
    expect(outside.items()).toHaveLength(1);
    second();
    expect(outside.items()).toEqual([]);
  });

  it.each([
    ['darwin', 'glass', { silent: false, sound: 'Glass' }],
    ['darwin', 'none', { silent: true, sound: '' }],
    ['win32', 'ping', { silent: false, sound: '' }],
    ['linux', 'system', { silent: false, sound: '' }],
  ] as const)('sound on %s as %s', (platform, sound, expected) => {
    const { show, outside } = on(platform, { sound });
    show('Anna');
    expect(outside.records[0]?.detail).toMatchObject(expected);
  });

  it('say when nothing was shown', async () => {
    const why: string[] = [];
    for (const mood of ['unsupported', 'failing'] as const) {
      const System = createNotification({ mood, outside: new SystemUi(), isReady: () => true });
      createNotifier({
        ...{ Notification: System, nativeImage: createNativeImage(), platform: 'linux' },
        logger: recordingLogger(),
      })({ title: 'a', body: 'b' }, () => undefined, {
        notShown: (reason) => why.push(reason),
      });
    }
    await until('both', () => why.length === 2);
    expect(why).toEqual(['unsupported', 'system_failed']);
  });
});
