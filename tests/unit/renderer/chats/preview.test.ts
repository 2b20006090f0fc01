import { describe, expect, test } from 'vitest';
import { oneLine, previewOf } from '../../../../renderer/src/features/chats/preview.ts';
import { chatView } from '../bridge-double.ts';

describe('the second line of a row', () => {
  const last = { key: 'm', mine: true, senderName: 'Me', text: 'a\n  b', files: 0, at: 1, state: 'read' as const };
  test('somebody types', () => {
    expect(previewOf(chatView('a', { last, draft: 'x' }), [{ name: 'Ann' }], false)).toEqual({
      kind: 'typing',
      names: ['Ann'],
    });
  });
  test('a draft, but not in the open chat', () => {
    expect(previewOf(chatView('a', { last, draft: ' x\ny ' }), [], false)).toEqual({ kind: 'draft', text: 'x y' });
    expect(previewOf(chatView('a', { last, draft: 'x' }), [], true).kind).toBe('message');
    expect(previewOf(chatView('a', { last, draft: '   ' }), [], false).kind).toBe('message');
  });
  test('a failure before the message', () => {
    expect(previewOf(chatView('a', { last, failed: 2 }), [], false)).toEqual({ kind: 'failed', count: 2 });
  });
  test('the message on one line, with a state only for one’s own', () => {
    const mine = { kind: 'message', text: 'a b', sender: null, mine: true, state: 'read', files: 0 };
    expect(previewOf(chatView('a', { last }), [], false)).toEqual(mine);
    const theirs = previewOf(chatView('a', { last: { ...last, mine: false, senderName: 'Ann' } }), [], false);
    expect(theirs).toMatchObject({ state: null, sender: null });
  });
  test('the sender where several people write', () => {
    const chat = chatView('a', { peer: null, last: { ...last, mine: false, senderName: 'Ann' } });
    expect(previewOf(chat, [], false)).toMatchObject({ sender: 'Ann' });
  });
  test('nothing yet', () => {
    expect(previewOf(chatView('a'), [], false)).toEqual({ kind: 'empty' });
  });
  test('a long text is cut before it is worked on', () => {
    expect(oneLine('word '.repeat(100_000)).length).toBeLessThanOrEqual(400);
  });
});
