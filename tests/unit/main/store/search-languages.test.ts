import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrive, message, type OpenStore } from './open-store.ts';
import { hits, openChats, WAYS } from './search-world.ts';

/** What was written, what is looked for, and what of it is marked; null: it is not found. */
const TABLE: [string, string, string | null][] = [
  // Scripts without spaces: a word inside of a run.
  ['我在上海住了很多年', '上海', '上海'],
  ['我在上海住了很多年', '海', '海'],
  ['我在上海住了很多年', '海上', null],
  ['北京。京都', '京京', null],
  ['iPhone手机壳', '手机', '手机'],
  ['서울에서 만나요', '서울', '서울'],
  ['서울에서 만나요'.normalize('NFD'), '만나 ', '만나'.normalize('NFD')],
  ['ฉันกินข้าวเย็น', 'ข้าว', 'ข้าว'],
  ['ฉันกินข้าวเย็น', 'ขาว', null],
  ['東京タワーで会いましょう', 'タワー', 'タワー'],
  ['ខ្ញុំស្រលាញ់ភាសាខ្មែរ', 'ភាសា', 'ភាសា'],
  // Voiced marks are letters, however they are spelled; full width is none.
  ['ガーデン', 'カーデン', null],
  ['カ\u3099ーデン', 'ガーデン', 'カ\u3099ーデン'],
  ['ｶﾞｰﾃﾞﾝ', 'ガーデン', 'ｶﾞｰﾃﾞﾝ'],
  ['ＡＢＣ ２０２６', 'abc', 'ＡＢＣ'],
  // Vowel signs are letters.
  ['हिन्दी किताब', 'किताब', 'किताब'],
  ['हिन्दी किताब', 'कताब', null],
  // Letters that a keyboard has not.
  ['Zoë came', 'zoe', 'Zoë'],
  ['zoe came', 'Zoë', 'zoe'],
  ['nad Łódź', 'lodz ', 'Łódź'],
  ['in Đà Nẵng', 'da nang', 'Đà,Nẵng'],
  ['die Straße', 'STRASSE', 'Straße'],
  ['die STRASSE', 'straße', 'STRASSE'],
  ['ISPARTA ılık İzmir', 'isparta ilik izmir', 'ISPARTA,ılık,İzmir'],
  ['Smørrebrød i Århus', 'smorrebrod arhus', 'Smørrebrød,Århus'],
  ['ΟΔΟΣ ΑΘΗΝΑΣ', 'οδός', 'ΟΔΟΣ'],
  ['Ёжик пьёт йод', 'ежик пьет', 'Ёжик,пьёт'],
  ['чай', 'чаи ', null],
  ['מָרָק חַם', 'מרק', 'מָרָק'],
  ['مُحَمَّد وأحمـــد', 'محمد', 'مُحَمَّد'],
  ['مُحَمَّد وأحمـــد', 'واحمد', 'وأحمـــد'],
  // Quotes and emoji.
  ['she said hello there', '"said hel', 'said,hello'],
  ['she said hello there', '“hello there”', 'hello there'],
  ['hello, she said', '«said hello»', null],
  ['well done 👍🏽!', '👍', '👍🏽'],
  ['with ❤️', '❤ ', '❤️'],
  ['here 👩‍💻', '👩🏽‍💻 ', '👩‍💻'],
  ['in 🇫🇷🇩🇪', '🇩🇪 ', '🇩🇪'],
];

describe.each(WAYS)('in any language, searched %s', (_name, useFts) => {
  let store: OpenStore;
  beforeAll(() => {
    store = openChats(useFts);
    const texts = [...new Set(TABLE.map(([text]) => text))];
    arrive(store.context, ...texts.map((content, n) => message(n, { id: content, content })));
  });
  afterAll(() => store.close());

  it.each(TABLE)('%j by %j: %j', (text, query, marked) => {
    const hit = hits(store, query).find(({ messageId }) => messageId === text);
    expect(hit?.marks.map(({ start, length }) => text.slice(start, start + length)).join() ?? null).toBe(marked);
  });
});

describe('both ways to answer a search', () => {
  let stores: OpenStore[];
  beforeAll(() => void (stores = WAYS.map(([, useFts]) => openChats(useFts))));
  afterAll(() => stores.forEach((store) => store.close()));

  it('find the same, and mark something in all of it', () => {
    const sign = fc.oneof(
      fc.constantFrom(...('上海京カガー서울กขิ้ёйЁßŁłeE\u0301\u3099Iıİ१कि👍🏽❤️½⑴ﷺ。, "“”-_ \n'.match(/./gsu) ?? [])),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
    );
    const text = fc.array(sign, { minLength: 1, maxLength: 12 }).map((signs) => signs.join(''));
    let run = 0;
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text, fc.nat(), (texts, other, pick) => {
        run += 1;
        const chatId = `chat ${run}`;
        const arrived = texts.map((content, n) => message(n, { id: `${run} ${n}`, chatId, content }));
        for (const store of stores) arrive(store.context, ...arrived);
        const whole = texts[pick % texts.length] ?? '';
        for (const query of [other, whole, whole.slice(pick % whole.length), whole.slice(0, pick % whole.length)]) {
          const asked = `${query.replaceAll(':', '')} "${query.replaceAll(':', '')}`;
          const [indexed, scanned] = stores.map((store) => hits(store, asked, { chatId }));
          expect(indexed).toEqual(scanned);
          for (const hit of indexed ?? []) expect(hit.marks).not.toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
