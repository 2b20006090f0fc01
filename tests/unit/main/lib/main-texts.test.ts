import { describe, expect, it } from 'vitest';
import { mainTexts } from '../../../../electron/main/lib/main-texts.ts';

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
