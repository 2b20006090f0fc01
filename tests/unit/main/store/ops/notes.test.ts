import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addNote,
  changeNote,
  notes,
  removeNote,
} from '../../../../../electron/main/services/store/ops/note-operations.ts';
import { arrive, CHAT, knowChat, message, NOW, openStore, type OpenStore } from '../open-store.ts';

let store: OpenStore;
beforeEach(() => {
  store = openStore();
  knowChat(store.context);
  arrive(store.context, message(1));
});
afterEach(() => store.close());

const add = (id: string, text: string, messageId: string | null, now = NOW) =>
  addNote(store.context, {
    ...{ id, text, now, most: 3 },
    source: messageId === null ? null : { chatId: CHAT, messageId },
  });

describe('notes', () => {
  it('are kept newest first, with the message they were', () => {
    add('n1', 'buy tea', null);
    add('n2', 'message 1', 'm000001', NOW + 1);
    expect(notes(store.context, {})).toEqual([
      {
        id: 'n2',
        text: 'message 1',
        source: { chatId: CHAT, messageId: 'm000001', senderName: 'Отто Ёжиков' },
        createdAt: NOW + 1,
      },
      { id: 'n1', text: 'buy tea', source: null, createdAt: NOW },
    ]);
  });

  it('name nobody for a message that is not known here', () => {
    expect(add('n1', 'x', 'elsewhere')?.source).toEqual({ chatId: CHAT, messageId: 'elsewhere', senderName: '' });
  });

  it('are changed and removed while they are there', () => {
    add('n1', 'buy tea', null);
    expect(changeNote(store.context, { id: 'n1', text: 'buy coffee' })).toBe(true);
    expect(notes(store.context, {}).map(({ text }) => text)).toEqual(['buy coffee']);
    expect(removeNote(store.context, { id: 'n1' })).toBe(true);
    expect(removeNote(store.context, { id: 'n1' })).toBe(false);
    expect(changeNote(store.context, { id: 'n1', text: 'x' })).toBe(false);
    expect(notes(store.context, {})).toEqual([]);
  });

  it('are as many as there is room for', () => {
    expect([1, 2, 3, 4].map((n) => add(`n${String(n)}`, 'x', null)?.id ?? null)).toEqual(['n1', 'n2', 'n3', null]);
  });
});
