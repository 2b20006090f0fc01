/** A store with a message of each kind, and the search as main asks for it. */
import type { Message } from '../../../../contract/api/message.ts';
import type { SearchHit } from '../../../../contract/ipc/views.ts';
import { parseQuery } from '../../../../electron/main/lib/search-query.ts';
import { search } from '../../../../electron/main/services/store/ops/search-operations.ts';
import { arrive, knowChat, ME, message, openStore, type OpenStore } from './open-store.ts';

const ANNA = 'anna';
export const WITH_ANNA = 'chat-anna';
/** Noon of a day on this computer, which is where the days of a query are. */
export const noon = (month: number, date: number): string => new Date(2026, month - 1, date, 12).toISOString();
const file = (mimeType: string): Message['attachments'] => [{ id: mimeType, name: 'x', mimeType, size: 1, url: '/x' }];

export const MESSAGES: Message[] = [
  message(1, { id: 'tea', content: 'A cup of tea?', createdAt: noon(5, 1) }),
  message(2, { id: 'team', content: 'The team drinks tea, tea and more tea', createdAt: noon(5, 2) }),
  message(3, { id: 'own', content: 'No teapot here', senderId: ME, createdAt: noon(5, 3) }),
  message(4, { id: 'anna', chatId: WITH_ANNA, senderId: ANNA, content: 'tea with Otto', createdAt: noon(5, 4) }),
  message(5, { id: 'own-anna', chatId: WITH_ANNA, senderId: ME, content: 'Ёлка', createdAt: noon(5, 5) }),
  message(6, { id: 'accents', content: 'Café — naïve Élan', createdAt: noon(5, 6) }),
  message(7, { id: 'parts', content: 'Cafe\u0301 in parts', createdAt: noon(5, 7) }),
  message(8, { id: 'cyrillic', content: 'ЧАЙ у ёлки, чайник', createdAt: noon(5, 8) }),
  message(9, { id: 'emoji', content: 'ok👍done 🎄', createdAt: noon(5, 9) }),
  message(10, { id: 'photo', content: '', attachments: file('image/png'), createdAt: noon(5, 10) }),
  message(11, { id: 'music', content: 'a song', attachments: file('audio/mpeg'), createdAt: noon(5, 11) }),
  message(12, { id: 'film', content: 'a film', attachments: file('video/mp4'), createdAt: noon(5, 12) }),
  message(13, { id: 'paper', content: 'paper', attachments: file('application/pdf'), createdAt: noon(5, 13) }),
  message(14, { id: 'link', content: 'see https://example.org/tea-time', createdAt: noon(5, 14) }),
  message(15, { id: 'signs', content: 'words OR tags NOT near: 100% a_b', createdAt: noon(5, 15) }),
  message(16, { id: 'chinese', content: '你好世界 שָׁלוֹם', createdAt: noon(5, 16) }),
];

/** Both ways in which a search can be answered. */
export const WAYS: [string, boolean][] = [
  ['with an index', true],
  ['without one', false],
];

/** A store that knows the people and the chats, and no message. */
export function openChats(useFts: boolean): OpenStore {
  const store = openStore(useFts);
  if ((store.context.index.from === 0) !== useFts)
    throw new Error('this build of SQLite cannot tell the two ways apart');
  knowChat(store.context);
  const participants = [
    { id: ME, username: 'me', firstName: 'Mara', lastName: 'Own' },
    { id: ANNA, username: 'ab', firstName: 'Anna', lastName: 'Bell' },
  ];
  knowChat(store.context, { id: WITH_ANNA, participants });
  return store;
}

/** The same with all of the messages. */
export function openFilled(useFts: boolean): OpenStore {
  const store = openChats(useFts);
  arrive(store.context, ...MESSAGES);
  return store;
}

type Input = Parameters<typeof search>[1];

export function page(store: OpenStore, text: string, more: Partial<Input> = {}): ReturnType<typeof search> {
  return search(store.context, { query: parseQuery(text), chatId: null, limit: 50, offset: 0, ...more });
}

export function hits(store: OpenStore, text: string, more?: Partial<Input>): SearchHit[] {
  return page(store, text, more).hits;
}

export function ids(store: OpenStore, text: string, more?: Partial<Input>): string[] {
  return hits(store, text, more).map(({ messageId }) => messageId);
}
