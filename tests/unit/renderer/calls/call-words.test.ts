// @vitest-environment happy-dom
/** What a call's end is called, on both sides, in both languages; and the corner of one's own picture. */
import { mount } from '@vue/test-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallEnd, CallRecordView, CallView } from '#contract/ipc/call-views.ts';
import { cornerAt } from '../../../../renderer/src/features/calls/use-self-view.ts';
import { isMissed, useCallWords } from '../../../../renderer/src/features/calls/call-words.ts';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { callView } from './doubles.ts';

/** The words as a component has them. */
function words(): ReturnType<typeof useCallWords> {
  let made: ReturnType<typeof useCallWords> | null = null;
  mount({ render: () => null, setup: () => void (made = useCallWords()) }, { global: { plugins: [i18n] } });
  if (!made) throw new Error('no words');
  return made;
}
const plain = (text: string | null): string | null => text?.replaceAll(/[\u2066-\u2069]/g, '') ?? null;

beforeAll(() => setLocale('en', 'en-GB'));

test.each<[Partial<CallRecordView> & { end: CallEnd }, string]>([
  [{ end: 'hung_up', duration: 192 }, 'Call, 3:12'],
  [{ end: 'hung_up', duration: 5, type: 'video' }, 'Video call, 0:05'],
  [{ end: 'hung_up' }, 'Call'],
  [{ end: 'missed', incoming: true }, 'Missed call'],
  [{ end: 'missed' }, 'Missed call'],
  [{ end: 'cancelled', type: 'video' }, 'Missed video call'],
  [{ end: 'busy', incoming: true }, 'Missed call'],
  [{ end: 'busy' }, 'Missed call, they were busy'],
  [{ end: 'rejected' }, 'Declined call'],
  [{ end: 'failed' }, 'Call that didn’t connect'],
])('%j is a line of the chat: %s', (more, text) => {
  const { id, chatId, peer, type } = { ...callView('a'), id: 'a' };
  const record = { id, chatId, peer, type, incoming: false, at: 1, duration: null, ...more };
  expect(plain(words().line(record))).toBe(text);
});

describe('the end of a call', () => {
  test.each<[string, Partial<CallView> & { end: CallEnd }, string | null]>([
    ['talked', { end: 'hung_up', duration: 75 }, 'Call ended, 1:15'],
    ['hung up before it was connected', { end: 'hung_up' }, 'Call ended'],
    ['declined there', { end: 'rejected' }, 'Lena Marsh declined the call'],
    ['declined here', { end: 'rejected', incoming: true }, null],
    ['cancelled here', { end: 'cancelled' }, 'Call cancelled'],
    ['cancelled there', { end: 'cancelled', incoming: true }, 'Missed call from Lena Marsh'],
    ['nobody answered there', { end: 'missed' }, 'Lena Marsh didn’t answer'],
    ['nobody answered here', { end: 'missed', incoming: true }, 'Missed call from Lena Marsh'],
    ['busy there', { end: 'busy' }, 'Lena Marsh is in another call'],
    ['busy here', { end: 'busy', incoming: true }, 'Missed call from Lena Marsh'],
    ['taken on another device', { end: 'elsewhere', incoming: true }, 'The call was taken on another of your devices'],
    ['not reached', { end: 'unreachable' }, 'Lena Marsh couldn’t be reached'],
    ['the connection was lost', { end: 'failed' }, 'The connection was lost and the call ended'],
  ])('%s', (_name, more, text) => {
    expect(plain(words().end(callView('a', { state: 'ended', ...more })))).toBe(text);
  });

  test('is missed only where nobody took it on purpose', () => {
    const missed = (incoming: boolean, end: CallEnd) => isMissed({ incoming, end });
    expect([
      missed(true, 'missed'),
      missed(true, 'rejected'),
      missed(true, 'elsewhere'),
      missed(false, 'missed'),
    ]).toEqual([true, false, false, false]);
  });
});

test.each([
  [10, 10, 'top-left'],
  [190, 10, 'top-right'],
  [10, 90, 'bottom-left'],
  [190, 90, 'bottom-right'],
])('a picture that is dropped at %i, %i lies %s', (x, y, corner) => {
  expect(cornerAt(x, y, { left: 0, top: 0, width: 200, height: 100 })).toBe(corner);
});
