import { describe, expect, it } from 'vitest';
import { linkAmong, readLink } from '../../../../electron/main/lib/deep-link.ts';

describe('a link into the app', () => {
  it.each([
    ['relay://chat/cmf3k2x', { to: 'chat', chatId: 'cmf3k2x' }],
    ['relay://chat/cmf3k2x/', { to: 'chat', chatId: 'cmf3k2x' }],
    ['RELAY://chat/a-b_C', { to: 'chat', chatId: 'a-b_C' }],
    ['relay://user/anna.b', { to: 'user', username: 'anna.b' }],
    ['relay://user/%D0%B0%D0%BD%D0%BD%D0%B0', { to: 'user', username: 'анна' }],
  ])('%s leads somewhere', (text, expected) => {
    expect(readLink(text)).toEqual(expected);
  });

  it.each([
    'relay://',
    'relay://chat',
    'relay://chat/',
    'relay:chat/a',
    'relay://settings/a',
    'relay://chat/a/b',
    'relay://chat//a',
    'relay://chat/a?x=1',
    'relay://chat/a#m',
    'relay://me:pw@chat/a',
    'relay://chat:80/a',
    'relay://chat/..%2f..%2fetc',
    'relay://chat/%00',
    'relay://chat/%',
    'relay://user/a b',
    'relay://user/<script>',
    'relay://user/a%22',
    `relay://chat/${'a'.repeat(65)}`,
    `relay://user/${'a'.repeat(500)}`,
    'https://chat/a',
    'javascript:alert(1)',
    'relay',
    '',
  ])('%s leads nowhere', (text) => {
    expect(readLink(text)).toBeNull();
  });

  it('is one argument, and no more', () => {
    const link = 'relay://chat/a';
    expect(linkAmong(['Relay.exe', '--flag', link])).toEqual({ asked: true, link: { to: 'chat', chatId: 'a' } });
    expect(linkAmong(['Relay.exe', link, 'relay://user/b'])).toEqual({ asked: true, link: null });
    expect(linkAmong(['Relay.exe', 'relay:--no-sandbox'])).toEqual({ asked: true, link: null });
    expect(linkAmong(['Relay.exe', '--x=relay://chat/a'])).toEqual({ asked: false, link: null });
  });
});
