/** The repositories against what looking at every row says, on each database. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MessageRow } from '../../../relay/records.ts';
import { createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  beforeEach(async () => {
    core = await createCore(adapter);
  });
  afterEach(() => core.close());

  /** Stores messages of these senders in the chat, a millisecond apart; oldest first. */
  async function written(senders: readonly string[], chatId = 'chat', prefix = 'm'): Promise<MessageRow[]> {
    const rows = senders.map((senderId, index) => ({
      id: `${prefix}${index}`,
      chatId,
      senderId,
      content: `${index}`,
      replyToId: null,
      clientId: null,
      createdAt: START + 10 * (index + 1),
    }));
    await core.write(async (tx) => {
      for (const row of rows) {
        await tx.messages.insert(row);
        await tx.chats.messageAdded(chatId, row.id, row.senderId, row.createdAt);
      }
    });
    return rows;
  }
  const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

  describe('history', () => {
    it('by offset, before and after a time is the same as counting them off', async () => {
      const rows = await written(Array.from({ length: 23 }, (_, n) => (n % 3 === 0 ? 'boris' : 'anna')));
      // Another chat's numbers are its own.
      await core.write((tx) => tx.chats.insertPair('other', 'anna', 'clara', START));
      await written(['clara', 'anna', 'clara'], 'other', 'o');
      const newestFirst = rows.toReversed();
      for (const offset of [0, 1, 5, 22, 23, 99])
        for (const limit of [1, 4, 50]) {
          const slice = <T>(all: readonly T[]): T[] => all.slice(offset, offset + limit);
          expect(await core.messages.newest('chat', limit, offset)).toEqual(slice(newestFirst));
          for (const at of [START, START + 10, START + 115, START + 230, START + 999]) {
            const before = newestFirst.filter(({ createdAt }) => createdAt < at);
            const after = rows.filter(({ createdAt }) => createdAt > at);
            expect(ids(await core.messages.before('chat', at, limit, offset))).toEqual(ids(slice(before)));
            expect(ids(await core.messages.after('chat', at, limit, offset))).toEqual(ids(slice(after)));
          }
        }
      expect(ids(await core.messages.newest('other', 9, 1))).toEqual(['o1', 'o0']);
      expect(await core.messages.newest('no chat', 9, 0)).toEqual([]);
    });
  });

  describe('unread messages', () => {
    it('are those of the other one after the mark, wherever it is set', async () => {
      const senders = [...'ABBAAABABBBBAAAABBA'].map((letter) => (letter === 'A' ? 'anna' : 'boris'));
      const rows = await written(senders);
      const unread = async (userId: string): Promise<number | undefined> =>
        (await core.chats.member('chat', userId))?.unread;
      const after = (userId: string, at: number): number =>
        rows.filter(({ senderId, createdAt }) => senderId !== userId && createdAt > at).length;
      for (const userId of ['anna', 'boris']) {
        expect(await unread(userId)).toBe(after(userId, 0));
        for (let at = START + 5; at < START + 10 * (rows.length + 1); at += 5) {
          expect(await core.write((tx) => tx.chats.markRead('chat', userId, at))).toBe(true);
          expect(await unread(userId), `${userId} read up to ${at - START}`).toBe(after(userId, at));
        }
        expect(await core.write((tx) => tx.chats.markRead('chat', userId, START))).toBe(false);
      }
    });
  });

  // In one connection a read outside of a write waits for its end.
  it.skipIf(adapter.name === 'PGlite')('a read outside of a write sees nothing of it before its commit', async () => {
    const seen: unknown[] = [];
    const bioOutside = async (): Promise<void> => void seen.push((await core.users.find('anna'))?.bio);
    await core.write(async (tx) => {
      await tx.users.update('anna', { bio: 'new' });
      seen.push((await tx.users.find('anna'))?.bio);
      await bioOutside();
    });
    await bioOutside();
    expect(seen).toEqual(['new', '', 'new']);
  });

  describe('totals', () => {
    it('are what is there, after whatever was written, taken back or failed', async () => {
      const write = fc.constantFrom('send', 'react', 'unreact', 'chat', 'person', 'fail');
      let names = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(write, { minLength: 5, maxLength: 25 }), async (writes) => {
          const reactions: [message: string, reaction: string][] = [];
          await core.send(core.anna, 'first');
          for (const one of writes) {
            names += 1;
            if (one === 'send') await core.send(core.boris, 'hi');
            if (one === 'person') await core.person(`p${names}`);
            if (one === 'chat') {
              const other = await core.person(`q${names}`);
              await core.messaging.openChat(core.anna, other.id);
            }
            if (one === 'react') {
              const id = await core.send(core.anna, 'nice');
              const { value } = await core.messaging.react(core.boris, id, '👍');
              reactions.push([id, value.id]);
            }
            const last = one === 'unreact' ? reactions.pop() : undefined;
            if (last) await core.messaging.unreact(core.boris, ...last);
            if (one === 'fail') {
              const broken = core.write(async (tx) => {
                await tx.chats.insertPair(`broken${names}`, 'anna', `nobody${names}`, START);
              });
              await expect(broken).rejects.toThrow();
            }
          }
          await core.settle();
          const count = async (list: { page(after: null, limit: number): Promise<unknown[]> }): Promise<number> =>
            (await list.page(null, 100_000)).length;
          const sums = new Map<string, number>();
          for (const { name, hour, value } of await core.reads.hours.between(0, 1e9)) {
            sums.set(name, (sums.get(name) ?? 0) + value);
            expect(value, `${name} of hour ${hour}`).toBeGreaterThanOrEqual(0);
          }
          const totals = await core.reads.totals.read();
          for (const [name, total] of Object.entries(totals)) expect(sums.get(name) ?? 0, name).toBe(total);
          expect(totals).toEqual({
            users: await count(core.users),
            messages: await count(core.messages),
            reactions: await count(core.reactions),
            chats: (await core.chats.idsOf('anna')).length,
            files: 0,
            fileBytes: 0,
            calls: 0,
          });
        }),
        { numRuns: 4 },
      );
    });

    it('leave out the administrator', async () => {
      await core.person('root');
      expect((await core.reads.totals.read()).users).toBe(3);
    });
  });

  describe('lists by time', () => {
    it('go on where a page ended, and skip what lies between', async () => {
      await written(Array.from({ length: 12 }, () => 'anna'));
      const all = await core.messages.page(null, 100);
      expect(ids(all)).toEqual(Array.from({ length: 12 }, (_, n) => `m${11 - n}`));
      const [, , third] = all;
      if (!third) throw new Error('nothing');
      expect(ids(await core.messages.page(third, 3))).toEqual(['m8', 'm7', 'm6']);
      expect(await core.messages.skip(null, 1)).toEqual({ id: 'm11', createdAt: START + 120 });
      expect(await core.messages.skip(third, 4)).toEqual({ id: 'm5', createdAt: START + 60 });
      expect(await core.messages.skip(third, 9)).toEqual({ id: 'm0', createdAt: START + 10 });
      expect(await core.messages.skip(third, 10)).toBeNull();
      expect(await core.messages.skipUp(null, 1)).toEqual({ id: 'm0', createdAt: START + 10 });
      expect(await core.messages.skipUp(third, 2)).toEqual({ id: 'm11', createdAt: START + 120 });
      expect(await core.messages.skipUp(third, 3)).toBeNull();
      // Everybody came at the same time: then it is by id.
      expect(ids(await core.users.page(null, 10))).toEqual(['clara', 'boris', 'anna']);
      expect(await core.users.skip({ createdAt: START, id: 'clara' }, 2)).toEqual({ id: 'anna', createdAt: START });
      expect(await core.users.skipUp({ createdAt: START, id: 'anna' }, 2)).toEqual({ id: 'clara', createdAt: START });
    });
  });

  describe('what waits for somebody', () => {
    it('is found in slices of their chats, however those are ordered', async () => {
      const expected: string[] = [];
      for (let n = 0; n < 7; n += 1) {
        const other = await core.person(`p${n}`);
        await core.write((tx) => tx.chats.insertPair(`c${n}`, other.id, 'boris', START));
        if (n % 2 === 1) continue;
        await written([other.id], `c${n}`, `w${n}-`);
        expected.push(`c${n}`);
      }
      for (const limit of [1, 2, 3, 50]) {
        const found: string[] = [];
        let after: { updatedAt: number; id: string } | null = null;
        do {
          const scan = await core.chats.undelivered('boris', after, limit);
          for (const { chatId, upTo } of scan.found) {
            expect(upTo).toBe(START + 10);
            found.push(chatId);
          }
          after = scan.last;
        } while (after);
        expect(found.toSorted()).toEqual(expected);
      }
    });
  });

  describe('events', () => {
    it('of a write that names one person several times are numbered in its order', async () => {
      const numbers = await core.write(async (tx) => [
        tx.events.append('boris', 'x', 'one', START),
        tx.events.append('anna', 'x', 'two', START),
        tx.events.append('boris', 'x', 'three', START),
      ]);
      expect(numbers.map(({ seq }) => seq)).toEqual([1, 1, 2]);
      expect(await core.events.after('boris', 0, 9)).toEqual([
        { seq: 1, kind: 'x', body: 'one' },
        { seq: 2, kind: 'x', body: 'three' },
      ]);
    });

    it('expire from the oldest on, in portions', async () => {
      await core.write(async (tx) => {
        for (let n = 0; n < 10; n += 1) tx.events.append('boris', 'x', `${n}`, START + n);
        tx.events.append('clara', 'x', 'new', START + 100);
      });
      expect(await core.reads.events.expired('', START, 10)).toEqual({ found: [], last: null });
      expect(await core.reads.events.expired('', START + 7, 10)).toEqual({ found: ['boris'], last: null });
      expect(await core.reads.events.expired('', START + 7, 2)).toEqual({ found: ['boris'], last: 'boris' });
      expect(await core.reads.events.expired('boris', START + 7, 1)).toEqual({ found: [], last: 'clara' });
      expect(await core.reads.events.expired('clara', START + 7, 1)).toEqual({ found: [], last: null });
      const expire = (limit: number) => core.write((tx) => tx.events.expire('boris', START + 7, limit));
      expect([await expire(5), await expire(5), await expire(5)]).toEqual([5, 2, 0]);
      expect((await core.events.after('boris', 0, 99)).map(({ seq }) => seq)).toEqual([8, 9, 10]);
      expect(await core.events.current('boris')).toBe(10);
    });
  });
});
