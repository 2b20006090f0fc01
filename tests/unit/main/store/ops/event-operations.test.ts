import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page } from '../../../../../electron/main/services/store/ops/page-operations.ts';
import {
  arrive,
  CHAT,
  history,
  knowChat,
  ME,
  message,
  openStore,
  OTHER,
  read,
  tell,
  type OpenStore,
} from '../open-store.ts';

let store: OpenStore;
beforeEach(() => void (store = openStore()));
afterEach(() => store.close());

const latest = (limit = 50) => page(store.context, { chatId: CHAT, anchor: { at: 'latest' }, limit });

describe('statuses and reactions', () => {
  beforeEach(() => {
    knowChat(store.context);
    arrive(store.context, ...[1, 2, 3].map((n) => message(n, { senderId: ME })));
  });
  const states = () => latest()?.items.map(({ state }) => state);

  it('go up to a message, and never back', () => {
    tell(store.context, {
      type: 'message:status',
      data: { messageId: message(2).id, chatId: CHAT, status: 'read', upTo: true },
    });
    expect(states()).toEqual(['read', 'read', 'sent']);
    tell(store.context, {
      type: 'message:status',
      data: { messageId: message(3).id, chatId: CHAT, status: 'delivered', upTo: true },
    });
    expect(states()).toEqual(['read', 'read', 'delivered']);
    read(store.context, history(1, 3, { senderId: ME, status: 'sent' }));
    expect(states()).toEqual(['read', 'read', 'delivered']);
  });

  it('wait for a message that comes later', () => {
    tell(store.context, { type: 'message:status', data: { messageId: message(4).id, chatId: CHAT, status: 'read' } });
    arrive(store.context, message(4, { senderId: ME }));
    expect(states()?.[3]).toBe('read');
  });

  it('reactions come, go, and are not undone by an older page', () => {
    const reaction = { id: 'r1', emoji: '👍', userId: OTHER };
    tell(store.context, { type: 'reaction:new', data: { messageId: message(1).id, chatId: CHAT, reaction } });
    tell(store.context, { type: 'reaction:new', data: { messageId: message(1).id, chatId: CHAT, reaction } });
    expect(latest()?.items[0]?.reactions).toEqual([
      { emoji: '👍', mine: false, users: [{ id: OTHER, name: 'Отто Ёжиков' }] },
    ]);
    read(store.context, history(1, 3, { senderId: ME, reactions: [] }), { keepReactions: [message(1).id] });
    expect(latest()?.items[0]?.reactions).toHaveLength(1);
    tell(store.context, {
      type: 'reaction:removed',
      data: { messageId: message(1).id, chatId: CHAT, reactionId: 'r1' },
    });
    expect(latest()?.items[0]?.reactions).toEqual([]);
  });
});
