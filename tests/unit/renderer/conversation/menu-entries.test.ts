import { describe, expect, it } from 'vitest';
import { isWaiting, messageMenu, needsDecision } from '../../../../renderer/src/features/conversation/menu-entries.ts';
import { attachmentView } from '../bridge-double.ts';
import { pending, stored } from './message.ts';

describe('messageMenu', () => {
  const ids = (...[message, aim]: [Parameters<typeof messageMenu>[0], Parameters<typeof messageMenu>[2]?]): string =>
    messageMenu(message, (key) => key, aim)
      .filter((entry) => entry.kind === 'action')
      .map((entry) => entry.id)
      .join(' ');

  it.each([
    ['what somebody else wrote', stored(1), 'reply react copy forward note select details'],
    ['what one has sent', stored(1, { mine: true, state: 'read' }), 'reply react copy forward note select details'],
    ['what waits', pending(1), 'edit copy details cancel'],
    ['what waits for the sign-in', pending(1, { state: 'waiting_auth' }), 'edit copy details cancel'],
    ['what is on its way', pending(1, { state: 'sending' }), 'copy details'],
    ['what was refused', pending(1, { state: 'failed' }), 'resend edit copy details discard'],
    ['what nobody knows', pending(1, { state: 'unknown', undecided: true }), 'resend copy details discard'],
    ['what is being found out', pending(1, { state: 'unknown' }), 'copy details'],
    ['one of two copies', stored(1, { doubleOf: 'm2' }), 'reply react copy forward note select other details'],
    ['files without words', stored(1, { text: '' }), 'reply react forward select details'],
  ])('of %s', (_name, message, expected) => {
    expect(ids(message)).toBe(expected);
  });

  it.each([
    ['nowhere', { selected: ' ', link: null }, 'reply react copy forward note select details'],
    ['on a link', { selected: '', link: 'https://a.example' }, 'reply react copyLink copy forward note select details'],
    [
      'with words selected',
      { selected: 'two words', link: null },
      'reply react copySelection copy forward note select details',
    ],
  ])('offers copy link and copy selection where it was asked for: %s', (_name, aim, expected) => {
    expect(ids(stored(1), aim)).toBe(expected);
  });

  it('offers the player and the library where there is music', () => {
    const song = attachmentView('song', { kind: 'audio', name: 'song.mp3' });
    const voice = attachmentView('voice', { kind: 'audio', voice: true });
    const coming = attachmentView('coming', { kind: 'audio', uploadId: 'u1' });
    const of = (files: (typeof song)[], mine: boolean, listed: boolean): string =>
      messageMenu(
        stored(1, { mine, attachments: files }),
        (key) => key,
        undefined,
        () => listed,
      )
        .flatMap((entry) => (entry.kind === 'action' && /play|Library/.test(entry.id) ? [entry.id] : []))
        .join(' ');
    expect(of([song], true, false)).toBe('playNext playLater addToLibrary');
    expect(of([song], true, true)).toBe('playNext playLater');
    // Only one's own files can be listed.
    expect(of([song], false, false)).toBe('playNext playLater');
    expect(of([voice, coming], true, false)).toBe('');
  });

  it('tells what waits from what must be decided', () => {
    expect([isWaiting(pending(1)), isWaiting(pending(1, { state: 'sending' })), isWaiting(stored(1))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(needsDecision(pending(1, { state: 'unknown', undecided: true }))).toBe(true);
    expect(needsDecision(pending(1))).toBe(false);
  });
});
