import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../../electron/main/lib/emitter.ts';
import { externalUrl } from '../../../../electron/main/lib/external-url.ts';
import { logLine } from '../../../../electron/main/lib/log-line.ts';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';
import { toUserView } from '../../../../electron/main/lib/user-view.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

describe('an address for other programs', () => {
  it.each([
    ['https://example.org', 'https://example.org/'],
    ['http://example.org/a b', 'http://example.org/a%20b'],
    ['HTTPS://EXAMPLE.ORG/?q=1#x', 'https://example.org/?q=1#x'],
    ['mailto:someone@example.org?subject=hi', 'mailto:someone@example.org?subject=hi'],
    ['https://пример.рф/', 'https://xn--e1afmkfd.xn--p1ai/'],
  ])('%s', (text, url) => {
    expect(externalUrl(text)).toBe(url);
  });

  it.each([
    '',
    'example.org',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'smb://host/share',
    'ms-msdt:/id',
    'vbscript:x',
    'relay://chat/1',
    'app://relay/index.html',
    'https://user:pass@example.org',
    'https://user@example.org',
    'https://',
    `https://example.org/${'a'.repeat(3000)}`,
    `https://example.org/${'я'.repeat(1000)}`,
    'blob:https://example.org/x',
    '\\\\host\\share',
    'C:\\Windows\\System32\\calc.exe',
  ])('not %s', (text) => {
    expect(externalUrl(text)).toBeNull();
  });
});

describe('a line of the log', () => {
  const at = new Date(0);

  it('is one line of JSON', () => {
    const line = logLine(at, 'info', 'api.refused', { route: 'login', status: 401, note: 'a\nb' });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      at: at.toISOString(),
      level: 'info',
      event: 'api.refused',
      route: 'login',
      status: 401,
      note: 'a\nb',
    });
  });

  it('leaves out what looks like a secret or words, at any depth', () => {
    const line = logLine(at, 'error', 'x', {
      token: 'abc-secret',
      Authorization: 'Bearer abc-secret',
      inner: { password: 'abc-secret', list: [{ content: 'abc-secret', draftText: 'abc-secret' }] },
      url: 'ws://h/ws?jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln',
      error: new Error('abc-secret'),
    });
    expect(line).not.toContain('abc-secret');
    expect(line).not.toContain('eyJ');
  });

  it('is bounded', () => {
    const loop: Record<string, unknown> = {
      long: 'x'.repeat(10_000),
      list: Array.from({ length: 10_000 }, (_, n) => n),
    };
    loop['self'] = loop;
    expect(logLine(at, 'info', 'x', loop).length).toBeLessThan(10_000);
  });
});

describe('listeners', () => {
  it('hear until they are undone, and one that throws harms nobody', () => {
    const logger = recordingLogger();
    const heard: string[] = [];
    const emitter = new Emitter<[string]>('test', logger);
    const undo = emitter.on((word) => heard.push(`a ${word}`));
    emitter.on(() => {
      throw new TypeError('secret words');
    });
    emitter.on((word) => heard.push(`b ${word}`));
    emitter.emit('1');
    undo();
    undo();
    emitter.emit('2');
    expect(heard).toEqual(['a 1', 'b 1', 'b 2']);
    expect(logger.of('listener.threw')).toHaveLength(2);
    expect(JSON.stringify(logger.entries)).not.toContain('secret words');
  });
});

describe('a person on the screens', () => {
  it.each([
    [{ id: 'u1', username: 'ada' }, 'ada'],
    [{ id: 'u1', username: 'ada', firstName: 'Ada', lastName: 'Example' }, 'Ada Example'],
    [{ id: 'u1', username: 'ada', firstName: ' ', lastName: null }, 'ada'],
    [{ id: 'u1', username: 'ada', firstName: '\u202Egnp.exe', lastName: '' }, 'gnp.exe'],
    [{ id: 'u1', username: 'ada', firstName: '\u200B\u2060', lastName: '' }, 'ada'],
    [{ id: 'u1', username: '\u202E' }, 'u1'],
  ])('%j is called %s', (user, name) => {
    expect(toUserView(user).name).toBe(name);
  });

  it('has what the server did not say as null or empty', () => {
    expect(toUserView({ id: 'u1', username: 'ada', lastSeenAt: null })).toEqual({
      id: 'u1',
      username: 'ada',
      name: 'ada',
      firstName: '',
      lastName: '',
      bio: '',
      online: null,
      lastSeenAt: null,
    });
    expect(
      toUserView({ id: 'u1', username: 'ada', online: true, lastSeenAt: '1970-01-01T00:00:01.000Z' }),
    ).toMatchObject({
      online: true,
      lastSeenAt: 1000,
    });
  });
});

describe('the words of main', () => {
  it.each([
    ['en-GB', 1, '1 unread message'],
    ['en', 5, '5 unread messages'],
    ['ru', 1, '1 непрочитанное сообщение'],
    ['ru-RU', 3, '3 непрочитанных сообщения'],
    ['ru', 11, '11 непрочитанных сообщений'],
    ['de', 2, '2 unread messages'],
  ])('%s, %i unread: %s', (locale, count, text) => {
    expect(mainTexts(locale).newMessages(count)).toBe(text);
  });
});
