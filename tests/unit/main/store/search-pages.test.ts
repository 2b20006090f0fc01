import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginAttempt } from '../../../../electron/main/services/store/ops/outbox/attempts.ts';
import { cancel, edit } from '../../../../electron/main/services/store/ops/outbox/commands.ts';
import { enqueue } from '../../../../electron/main/services/store/ops/outbox/queue.ts';
import { acknowledge } from '../../../../electron/main/services/store/ops/outbox/reconcile.ts';
import { arrive, CHAT, knowChat, ME, message, NOW, read, type OpenStore } from './open-store.ts';
import { ids, noon, openChats, page, WAYS } from './search-world.ts';

let store: OpenStore;
afterEach(() => store.close());

describe.each(WAYS)('search %s', (_name, useFts) => {
  beforeEach(() => void (store = openChats(useFts)));

  it('shows the newest first, whatever says the words more often', () => {
    arrive(
      store.context,
      message(2, { id: 'often', content: 'pear, pear and pear', createdAt: noon(5, 20) }),
      message(3, { id: 'short', content: 'pear', createdAt: noon(1, 20) }),
      message(1, { id: 'newest', content: 'a pear among a great many other words', createdAt: noon(5, 21) }),
    );
    expect(ids(store, 'pear')).toEqual(['newest', 'often', 'short']);
    expect(ids(store, 'pear before:2026-06-01')).toEqual(['newest', 'often', 'short']);
  });

  it('goes on from page to page in the order of time, over more than one window of candidates', () => {
    arrive(
      store.context,
      ...Array.from({ length: 900 }, (_, n) => message(n * 7 + 1, { content: 'fig '.repeat(1 + (n % 5)) })),
    );
    const times = [0, 300, 600].flatMap((offset) =>
      page(store, 'fig', { limit: 300, offset }).hits.map(({ createdAt }) => createdAt),
    );
    expect(times).toHaveLength(900);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('shows the newest first where a query has no words', () => {
    arrive(store.context, ...[2, 3, 1].map((n) => message(n, { content: `https://example.org/${n}` })));
    expect(ids(store, 'has:link')).toEqual([3, 2, 1].map((n) => message(n).id));
  });

  it('pages without a repeat or a gap, over more than one window of candidates', () => {
    const many = Array.from({ length: 1000 }, (_, n) =>
      message(100 + n, { id: `p${n}`, content: `plum ${'word '.repeat(n % 7)}${n % 3 === 0 ? 'plum' : ''}` }),
    );
    arrive(store.context, ...many);
    const all: string[] = [];
    for (let offset = 0, more = true; more; offset += 70) {
      const next = page(store, 'plum', { limit: 70, offset });
      expect(next.hits).toHaveLength(Math.min(70, 1000 - offset));
      all.push(...next.hits.map(({ messageId }) => messageId));
      more = next.more;
    }
    expect([...all].sort()).toEqual(many.map(({ id }) => id).sort());
    expect(page(store, 'plum', { offset: 1000 })).toEqual({ hits: [], more: false });
  });

  it.each([
    [199, 200, false],
    [200, 200, false],
    [201, 200, true],
    [400, 400, false],
    [401, 400, true],
  ])('of %i found tells whether there are more than %i: %s', (count, limit, more) => {
    arrive(store.context, ...Array.from({ length: count }, (_, n) => message(100 + n, { content: 'fig' })));
    expect(page(store, 'fig', { limit })).toMatchObject({ hits: { length: Math.min(count, limit) }, more });
  });

  it('finds in hundreds of chats at once', () => {
    const many = Array.from({ length: 300 }, (_, n) => `crowd${n}`);
    store.context.sql.transaction(() => {
      for (const id of many) knowChat(store.context, { id });
    });
    arrive(store.context, ...many.map((chatId, n) => message(200 + n, { chatId, content: 'quince' })));
    expect(ids(store, 'in:otto quince', { limit: 1000 })).toHaveLength(300);
  });

  describe.each([
    ['hundreds of people', 300],
    ['more people than the index is asked for one by one', 700],
  ])('of %s with one name', (_what, count) => {
    const crowd = Array.from({ length: count }, (_, n) => ({ id: `j-${n}`, username: `joan${n}` }));
    const sorted = (found: string[]): string[] => [...found].sort();

    it('misses nobody, in all of them together, with a word and in pages', () => {
      const said = crowd.map((sender, n) =>
        message(100 + n, { chatId: 'crowd', sender, content: n % 2 === 0 ? 'even quince' : 'odd quince' }),
      );
      arrive(store.context, ...said, message(99, { content: 'quince of somebody else' }));
      const all = said.map(({ id }) => id);
      expect(sorted(ids(store, 'from:joan', { limit: 1000 }))).toEqual(sorted(all));
      expect(sorted(ids(store, 'from:joan from:joan1 quince', { limit: 1000 }))).toEqual(sorted(all));
      expect(ids(store, 'from:joan odd ', { limit: 1000 })).toHaveLength(count / 2);
      expect(ids(store, 'from:joan has:link')).toEqual([]);
      expect(ids(store, 'from:joan quince', { chatId: CHAT })).toEqual([]);
      const paged: string[] = [];
      for (let offset = 0, more = true; more; offset += 90) {
        const next = page(store, 'from:joan quince', { limit: 90, offset });
        paged.push(...next.hits.map(({ messageId }) => messageId));
        more = next.more;
      }
      expect(sorted(paged)).toEqual(sorted(all));
    });

    it('misses nobody’s chat', () => {
      store.context.sql.transaction(() => {
        for (const one of crowd) knowChat(store.context, { id: `with-${one.id}`, participants: [one] });
      });
      const said = crowd.map(({ id }, n) =>
        message(100 + n, { chatId: `with-${id}`, senderId: id, content: 'quince' }),
      );
      arrive(store.context, ...said, message(99, { content: 'quince of somebody else' }));
      expect(ids(store, 'in:joan quince', { limit: 1000 })).toHaveLength(count);
      expect(ids(store, `in:joan${count - 1} quince`)).toEqual([said.at(-1)?.id]);
    });
  });

  it('finds what one of very many people wrote before hundreds of thousands of others', () => {
    const crowd = Array.from({ length: 700 }, (_, n) => ({ id: `j-${n}`, username: `joan${n}` }));
    knowChat(store.context, { id: 'crowd', participants: crowd });
    arrive(store.context, message(1, { id: 'long ago', senderId: 'j-699', content: 'hello' }));
    store.context.sql.run(
      `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n <= 200000)
       INSERT INTO messages (row, key, id, chat_id, at, tie, sender_id, mine, content, created_at)
         SELECT (SELECT max(row) FROM messages) + n, 'f' || n, 'f' || n, 'noise', 0, '', 'nobody', 0, '', ${NOW} FROM n`,
    );
    expect(ids(store, 'from:joan')).toEqual(['long ago']);
  });

  it('finds one person among hundreds whose names hold the same letters', () => {
    const crowd = Array.from({ length: 300 }, (_, n) => ({
      id: `a${String(n).padStart(3, '0')}`,
      username: `joan${n}`,
    }));
    knowChat(store.context, { id: 'crowd', participants: [...crowd, { id: 'z', username: 'andrew' }] });
    arrive(store.context, message(1, { senderId: 'z', content: 'here I am' }));
    expect(ids(store, 'from:an')).toEqual([message(1).id]);
  });
});

describe.each(WAYS)('what was written without a connection, searched %s', (_name, useFts) => {
  beforeEach(() => void (store = openChats(useFts)));

  it('stands where the server’s time puts it, among what came meanwhile', () => {
    const localId = 'l1';
    const text = 'grape';
    enqueue(store.context, {
      localId,
      chatId: CHAT,
      text,
      replyTo: null,
      files: [],
      state: 'queued',
      now: Date.parse(noon(5, 1)),
    });
    arrive(
      store.context,
      message(1, { id: 'before', content: text, createdAt: noon(5, 2) }),
      message(3, { id: 'after', content: text, createdAt: noon(5, 4) }),
    );
    beginAttempt(store.context, { localId, now: NOW });
    const own = message(2, { id: 'own', content: text, senderId: ME, createdAt: noon(5, 3) });
    acknowledge(store.context, { localId, message: own, now: NOW });
    expect(ids(store, text)).toEqual(['after', 'own', 'before']);
  });
});

describe.each(WAYS)('what is no more as it was, searched %s', (_name, useFts) => {
  beforeEach(() => void (store = openChats(useFts)));

  function write(localId: string, text: string, now = NOW): void {
    enqueue(store.context, { localId, chatId: CHAT, text, replyTo: null, files: [], state: 'queued', now });
  }
  function stored(localId: string, content: string, createdAt = message(60).createdAt): void {
    beginAttempt(store.context, { localId, now: NOW });
    const own = message(60, { id: `s-${localId}`, content, senderId: ME, createdAt });
    acknowledge(store.context, { localId, message: own, now: NOW });
  }

  it('a message is found from the moment the server has it, by its last words', () => {
    write('l1', 'apple');
    expect(ids(store, 'apple')).toEqual([]);
    edit(store.context, { localId: 'l1', text: 'cherry', now: NOW });
    stored('l1', 'cherry');
    expect(ids(store, 'apple')).toEqual([]);
    expect(ids(store, 'cherry')).toEqual(['s-l1']);
  });

  it('the words of one that was taken back are not lent to the next in its place', () => {
    write('l1', 'apple');
    cancel(store.context, { localId: 'l1', now: NOW });
    write('l2', 'cherry');
    stored('l2', 'cherry');
    expect(ids(store, 'apple')).toEqual([]);
    expect(ids(store, 'cherry')).toEqual(['s-l2']);
  });

  it('a message that came by two ways is found once', () => {
    write('l1', 'cherry');
    arrive(store.context, message(60, { id: 's-l1', content: 'cherry', senderId: ME }));
    stored('l1', 'cherry');
    expect(ids(store, 'cherry')).toEqual(['s-l1']);
  });

  it('a message that gets its files from the server is found by them', () => {
    write('l1', 'cherry');
    beginAttempt(store.context, { localId: 'l1', now: NOW });
    const attachments = [{ id: 'f1', name: 'x', mimeType: 'audio/mpeg', size: 1 }];
    const own = message(60, { id: 's-l1', content: 'cherry', senderId: ME, attachments });
    acknowledge(store.context, { localId: 'l1', message: own, now: NOW });
    expect(ids(store, 'has:music cherry')).toEqual(['s-l1']);
  });

  it('an edited message is found by its new words, links and all, and not by the old ones', () => {
    arrive(store.context, message(1, { content: 'a cup' }), message(2, { content: 'https://example.org/cup' }));
    read(store.context, [message(2, { content: 'a mug' }), message(1, { content: 'https://example.org/mug' })]);
    expect(ids(store, 'cup')).toEqual([]);
    expect(ids(store, 'mug').sort()).toEqual([message(1).id, message(2).id]);
    expect(ids(store, 'has:link')).toEqual([message(1).id]);
  });

  it('a message whose files are told later is found by them', () => {
    const attachments = [{ id: 'f1', name: 'x', mimeType: 'image/png', size: 1 }];
    arrive(store.context, message(1, { content: 'a cup' }));
    read(store.context, [message(1, { content: 'a cup', attachments })]);
    expect(ids(store, 'has:image cup')).toEqual([message(1).id]);
  });

  it('an edited message keeps its files, told again or not', () => {
    const attachments = [{ id: 'f1', name: 'x', mimeType: 'image/png', size: 1 }];
    arrive(store.context, message(1, { content: 'a cup', attachments }));
    read(store.context, [message(1, { content: 'a mug', attachments })]);
    expect(ids(store, 'has:image mug')).toEqual([message(1).id]);
    read(store.context, [message(1, { content: 'a jug' })]);
    expect(ids(store, 'has:image jug')).toEqual([message(1).id]);
  });

  it.each([
    ['long before it could leave', noon(5, 20)],
    ['by a clock that is ahead', noon(5, 24)],
  ])('a message that was written %s is found on the day on which the server got it', (_what, time) => {
    write('l1', 'grape', Date.parse(time));
    stored('l1', 'grape', noon(5, 22));
    expect(ids(store, 'grape after:2026-05-22')).toEqual(['s-l1']);
    expect(ids(store, 'grape before:2026-05-23')).toEqual(['s-l1']);
    expect(ids(store, 'grape after:2026-05-23')).toEqual([]);
    expect(ids(store, 'grape before:2026-05-22')).toEqual([]);
  });
});
