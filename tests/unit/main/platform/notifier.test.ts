import { describe, expect, it } from 'vitest';
import { noticeBody, noticeTitle } from '../../../../electron/main/lib/system-text.ts';
import { createNotifier } from '../../../../electron/main/platform/notifier.ts';
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
  return { outside, logger, notify: createNotifier(System, 'linux', logger) };
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
