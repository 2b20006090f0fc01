import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrive, CHAT, knowChat, message, type OpenStore } from './open-store.ts';
import { hits, ids, MESSAGES, noon, openChats, openFilled, WAYS, WITH_ANNA } from './search-world.ts';

const FILES = ['photo', 'music', 'film', 'paper'];

const TABLE: [string, string[]][] = [
  // Words: the last one is still being typed, all must be there, in any order.
  ['te', ['tea', 'team', 'own', 'anna', 'link']],
  ['tea', ['tea', 'team', 'own', 'anna', 'link']],
  ['tea ', ['tea', 'team', 'anna', 'link']],
  ['TEA CUP', ['tea']],
  ['cup te', ['tea']],
  ['tea nothing', []],
  ['ea', []],
  // Phrases.
  ['"tea tea"', ['team']],
  ['"tea and more"', ['team']],
  ['"more and tea"', []],
  ['"tea tim"', []],
  ['"cup of" te', ['tea']],
  ['tea-ti', ['link']],
  // People and chats.
  ['from:otto tea ', ['tea', 'team', 'link']],
  ['from:@OTTO cup ', ['tea']],
  ['from:"отто еж" cup', ['tea']],
  ['from:жиков', []],
  ['from:me', ['own', 'own-anna']],
  ['from:я', ['own', 'own-anna']],
  ['from:anna', ['anna']],
  ['from:anna from:me', ['own', 'anna', 'own-anna']],
  ['from:nobody', []],
  ['from:nobody tea', []],
  ['from:%', []],
  ['in:anna', ['anna', 'own-anna']],
  ['in:"anna bell" from:me', ['own-anna']],
  [`in:${WITH_ANNA} tea`, ['anna']],
  ['in:me', []],
  ['in:nowhere tea', []],
  // A name of nothing but a mark or an accent is nobody's.
  ['from:@', []],
  ['in:@', []],
  ['from:"\u0301" tea', []],
  // Kinds.
  ['has:file', FILES],
  ['has:image', ['photo']],
  ['has:music', ['music']],
  ['has:audio song', ['music']],
  ['has:video', ['film']],
  ['has:link', ['link']],
  ['has:link tea', ['link']],
  ['has:file has:link', []],
  ['has:file from:me', []],
  ['has:teapot', []],
  // Days: before one, or on it and later.
  ['before:2026-05-02', ['tea']],
  ['after:2026-05-16', ['chinese']],
  ['after:2026-05-10 before:2026-05-12', ['photo', 'music']],
  ['tea after:2026-05-03', ['anna', 'link']],
  ['after:2026-05-12 before:2026-05-12', []],
  ['before:2026-05-04 from:me te', ['own']],
  ['has:file in:otto after:2026-05-12', ['film', 'paper']],
  ['before:tomorrow', []],
  // Folding.
  ['елка', ['own-anna']],
  ['ЁЛК', ['own-anna', 'cyrillic']],
  ['чай', ['cyrillic']],
  ['чаи', []],
  ['cafe', ['accents', 'parts']],
  ['CAFÉ ', ['accents', 'parts']],
  ['cafe\u0301 ', ['accents', 'parts']],
  ['naive elan', ['accents']],
  ['你好', ['chinese']],
  ['שלום', ['chinese']],
  // Emoji are words for themselves.
  ['👍', ['emoji']],
  ['👎', []],
  ['ok👍', ['emoji']],
  ['ok👍do', ['emoji']],
  ['done 🎄', ['emoji']],
  // What an index or SQL would take for its syntax.
  ['', []],
  ['   ', []],
  ['"', []],
  ['""', []],
  ['*', []],
  ['tea*', ['tea', 'team', 'own', 'anna', 'link']],
  ['-', []],
  ['-tea', ['tea', 'team', 'own', 'anna', 'link']],
  ['NOT tea ', []],
  ['OR', ['link', 'signs']],
  ['cup OR song', []],
  ['cup AND tea', []],
  ['NEAR(cup tea)', []],
  ['near', ['signs']],
  ['(', []],
  ['(tea) AND (', ['team']],
  ['^cup', ['tea']],
  ['words:tea', []],
  ['tags:hasfile', []],
  ['hasfile', []],
  ['{words tags}: tea', []],
  ['" OR "tea', []],
  ['\0', []],
  ['cup\0te', ['tea']],
  ['from:\0', []],
  ["'; DROP TABLE messages; --", []],
  ['100%', ['signs']],
  ['%', []],
  ['a_', ['tea', 'team', 'music', 'film', 'signs']],
  ['a_b', ['signs']],
  ['\ud800', []],
  ['from:\ud800', []],
  // A letter that SQLite's own tables do not know.
  ['\u19b0', []],
  ['\u19b0 tea', []],
];

describe.each(WAYS)('search %s', (_name, useFts) => {
  let store: OpenStore;
  beforeAll(() => void (store = openFilled(useFts)));
  afterAll(() => store.close());

  it.each(TABLE)('%j', (text, expected) => {
    expect(ids(store, text).sort()).toEqual([...expected].sort());
  });

  it('has a message that each query could find', () => {
    expect(ids(store, 'before:2027-01-01').sort()).toEqual(MESSAGES.map(({ id }) => id).sort());
  });

  it('tells what a list shows of a message', () => {
    expect(hits(store, 'cup')).toEqual([
      {
        chatId: CHAT,
        chatTitle: 'Отто Ёжиков',
        messageId: 'tea',
        senderName: 'Отто Ёжиков',
        mine: false,
        createdAt: Date.parse(noon(5, 1)),
        excerpt: 'A cup of tea?',
        marks: [{ start: 2, length: 3 }],
        files: 0,
      },
    ]);
    expect(hits(store, 'in:anna from:me')).toMatchObject([
      { chatTitle: 'Anna Bell', senderName: 'Mara Own', mine: true },
    ]);
    expect(hits(store, 'has:image')).toMatchObject([{ files: 1, excerpt: '', marks: [] }]);
  });

  it('stays in the chat that it was asked in', () => {
    expect(ids(store, 'tea', { chatId: WITH_ANNA })).toEqual(['anna']);
    expect(ids(store, 'in:anna', { chatId: CHAT })).toEqual([]);
    expect(ids(store, '', { chatId: CHAT })).toEqual([]);
  });

  it('tells apart two ids that are one word to the index', () => {
    const alike = ['chat-1', 'chat_1', 'CHAT.1'];
    for (const [n, id] of alike.entries()) {
      knowChat(store.context, { id });
      arrive(store.context, message(70 + n, { id: `alike${n}`, chatId: id, senderId: `${id}-by`, content: 'kiwi' }));
    }
    expect(alike.map((chatId) => ids(store, 'kiwi', { chatId }))).toEqual([['alike0'], ['alike1'], ['alike2']]);
    expect(ids(store, 'in:chat_1 kiwi')).toEqual(['alike1']);
  });
});

describe('two accounts', () => {
  it('find nothing of each other', () => {
    const both = [openChats(true), openChats(true)];
    try {
      for (const [n, one] of both.entries()) arrive(one.context, message(n, { content: `alone ${n}` }));
      const found = both.map((one) => hits(one, 'alone').map(({ excerpt }) => excerpt));
      expect(found).toEqual([['alone 0'], ['alone 1']]);
    } finally {
      for (const one of both) one.close();
    }
  });
});
