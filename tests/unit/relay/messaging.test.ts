/** Sending, reacting and opening chats, by their outcome in the database and at the connections. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

describe.each(ADAPTERS)('on $name', (adapter) => {
  let core: Core;
  beforeEach(async () => {
    core = await createCore(adapter);
  });
  afterEach(() => core.close());

  const types = (frames: { type: string }[]) => frames.map(({ type }) => type);
  const refusal = (code: string, field?: string) => ({ code, ...(field ? { fields: { [field]: 'invalid' } } : {}) });

  describe('a message', () => {
    it('is stored, told to both, and ends its writer’s typing', async () => {
      const [anna, boris] = [core.connect('anna'), core.connect('boris')];
      const { value, created } = await core.messaging.send(core.anna, {
        chatId: 'chat',
        content: 'hi',
        clientId: 'key-of-Anna',
      });
      await core.settle();
      expect(created).toBe(true);
      expect(value).toMatchObject({
        chatId: 'chat',
        content: 'hi',
        senderId: 'anna',
        clientId: 'key-of-Anna',
        replyToId: null,
      });
      // The one who was sent it has it: their mark moves, and the sender hears of that.
      expect(types(anna)).toEqual(['message:new', 'message:status']);
      expect(types(boris)).toEqual(['message:new']);
      expect(anna[0]).toMatchObject({ data: { id: value.id, clientId: 'key-of-Anna' }, seq: 1 });
      expect(boris[0]).toMatchObject({ data: { id: value.id }, seq: 1 });
      // No random id holds a dash, so none holds this key by chance.
      expect(JSON.stringify(boris[0])).not.toContain('key-of-Anna');
      expect(core.typed).toEqual(['anna chat']);
      expect(await core.chats.find('chat')).toMatchObject({ lastMessageId: value.id, messageCount: 1 });
      expect(await core.chats.member('chat', 'boris')).toMatchObject({ unread: 1 });
      expect(await core.chats.member('chat', 'anna')).toMatchObject({ unread: 0 });
      expect(core.failures).toEqual([]);
    });

    it('is never dated before the one that came before it, whatever the clock does', async () => {
      const first = await core.send(core.anna, 'one');
      core.pass(-10_000);
      const second = await core.send(core.anna, 'two');
      const at = async (id: string) => (await core.messages.find(id))?.createdAt;
      expect([await at(first), await at(second)]).toEqual([START, START + 1]);
      core.pass(60_000);
      expect(await at(await core.send(core.anna, 'three'))).toBe(START + 50_000);
    });

    it('under a key that was used is the one that was made then, also when both come at once', async () => {
      const body = { chatId: 'chat', content: 'hi', clientId: 'k1' };
      const both = await Promise.all([core.messaging.send(core.anna, body), core.messaging.send(core.anna, body)]);
      const third = await core.messaging.send(core.anna, body);
      expect(new Set([...both, third].map(({ value }) => value.id)).size).toBe(1);
      expect([...both, third].map(({ created }) => created)).toEqual([true, false, false]);
      // A key is its owner's: another person may use the same.
      expect((await core.messaging.send(core.boris, body)).created).toBe(true);
    });

    it('has its place in the order of the calls, whatever there is to look up for it', async () => {
      const words = Array.from({ length: 12 }, (_, n) => `m${n}`);
      const first = await core.send(core.anna, 'first');
      await Promise.all(
        words.map((content, n) =>
          core.send(core.anna, content, {
            ...(n % 2 === 0 ? { clientId: `k${n}` } : {}),
            ...(n % 3 === 0 ? { replyToId: first } : {}),
          }),
        ),
      );
      const rows = await core.messages.newest('chat', 12, 0);
      expect(rows.map(({ content }) => content).toReversed()).toEqual(words);
    });

    it.each([
      ['words', { content: 'other' }],
      ['answer', { replyToId: 'x' }],
    ])('under a key that was used for other %s is refused', async (_what, more) => {
      await core.send(core.anna, 'hi', { clientId: 'k1' });
      const body = { chatId: 'chat', content: 'hi', clientId: 'k1', ...more };
      await expect(core.messaging.send(core.anna, body)).rejects.toMatchObject(refusal('key_reused'));
    });

    it('has no key where the node knows none', async () => {
      await core.close();
      core = await createCore(adapter, { idempotency: false });
      const body = { chatId: 'chat', content: 'hi', clientId: 'k1' };
      const { value } = await core.messaging.send(core.anna, body);
      expect(value.clientId).toBeUndefined();
      expect((await core.messaging.send(core.anna, body)).created).toBe(true);
    });

    it.each([
      ['to a chat that is not there', { chatId: 'x', content: 'hi' }, refusal('not_found')],
      [
        'with a file that is not there',
        { chatId: 'chat', content: 'hi', attachments: ['f'] },
        refusal('validation', 'attachments'),
      ],
      ['in answer to nothing', { chatId: 'chat', content: 'hi', replyToId: 'x' }, refusal('validation', 'replyToId')],
    ])('%s is refused', async (_what, body, error) => {
      await expect(core.messaging.send(core.anna, body)).rejects.toMatchObject(error);
      expect((await core.reads.totals.read()).messages).toBe(0);
    });

    it('of somebody who is no member is refused, and so is an answer to a message of another chat', async () => {
      const id = await core.send(core.anna, 'hi');
      await expect(core.messaging.send(core.clara, { chatId: 'chat', content: 'x' })).rejects.toMatchObject(
        refusal('forbidden'),
      );
      const { value } = await core.messaging.openChat(core.anna, 'clara');
      await expect(
        core.messaging.send(core.anna, { chatId: value.id, content: 'x', replyToId: id }),
      ).rejects.toMatchObject(refusal('validation', 'replyToId'));
      const { value: answer } = await core.messaging.send(core.boris, { chatId: 'chat', content: 'x', replyToId: id });
      expect(answer).toMatchObject({ replyToId: id, replyTo: { id, content: 'hi', sender: { id: 'anna' } } });
    });
  });

  describe('a chat', () => {
    it('is opened once for two people, whoever asks', async () => {
      const asked = await Promise.all([
        core.messaging.openChat(core.anna, 'clara'),
        core.messaging.openChat(core.clara, 'anna'),
      ]);
      expect(asked.map(({ created }) => created)).toEqual([true, false]);
      expect(asked[0]?.value.id).toBe(asked[1]?.value.id);
      expect(asked[0]?.value).toMatchObject({ unreadCount: 0, lastMessage: null });
      expect(asked[0]?.value.participants.map(({ id }) => id)).toEqual(['anna', 'clara']);
    });

    it.each([
      ['oneself', 'anna', refusal('validation', 'userId')],
      ['nobody', 'x', refusal('not_found')],
      ['the administrator', 'root', refusal('not_found')],
    ])('with %s is refused', async (_who, userId, error) => {
      await core.person('root');
      await expect(core.messaging.openChat(core.anna, userId)).rejects.toMatchObject(error);
    });

    it('tells a member who else is in it, and others nothing', async () => {
      expect(await core.messaging.othersIn('anna', 'chat')).toEqual(['boris']);
      await expect(core.messaging.othersIn('clara', 'chat')).rejects.toMatchObject(refusal('forbidden'));
      await expect(core.messaging.othersIn('anna', 'x')).rejects.toMatchObject(refusal('not_found'));
      expect((await core.messaging.chatOf('anna', 'chat')).id).toBe('chat');
    });
  });

  describe('a reaction', () => {
    let id: string;
    beforeEach(async () => {
      id = await core.send(core.anna, 'hi');
      await core.settle();
    });

    it('is made once for each person and emoji, and told to both', async () => {
      const heard = core.connect('boris');
      const first = await core.messaging.react(core.boris, id, '👍');
      const again = await core.messaging.react(core.boris, id, '👍');
      const other = await core.messaging.react(core.boris, id, '❤️');
      await core.settle();
      expect([first.created, again.created, other.created]).toEqual([true, false, true]);
      expect(again.value).toEqual(first.value);
      expect(first.value).toMatchObject({ messageId: id, userId: 'boris', emoji: '👍' });
      expect(heard.filter(({ type }) => type === 'reaction:new')).toMatchObject([
        { data: { messageId: id, chatId: 'chat', reaction: { id: first.value.id, emoji: '👍', userId: 'boris' } } },
        { data: { reaction: { emoji: '❤️' } } },
      ]);
      expect(await core.log.current('anna')).toBe(await core.log.current('boris'));
    });

    it('is taken back by who made it, and told to both', async () => {
      const { value } = await core.messaging.react(core.boris, id, '👍');
      await core.settle();
      const heard = core.connect('anna');
      await expect(core.messaging.unreact(core.anna, id, value.id)).rejects.toMatchObject(refusal('forbidden'));
      await core.messaging.unreact(core.boris, id, value.id);
      await core.settle();
      expect(heard).toMatchObject([
        { type: 'reaction:removed', data: { messageId: id, chatId: 'chat', reactionId: value.id } },
      ]);
      expect(await core.reactions.find(value.id)).toBeNull();
      await expect(core.messaging.unreact(core.boris, id, value.id)).rejects.toMatchObject(refusal('not_found'));
    });

    it.each([
      ['with an emoji that is not offered', 'anna', (known: string) => [known, '🦊'], refusal('validation', 'emoji')],
      ['to nothing', 'anna', () => ['x', '👍'], refusal('not_found')],
      ['of somebody who is no member', 'clara', (known: string) => [known, '👍'], refusal('forbidden')],
    ] as const)('%s is refused', async (_what, who, of, error) => {
      const [messageId = '', emoji = ''] = of(id);
      await expect(core.messaging.react(core[who], messageId, emoji)).rejects.toMatchObject(error);
    });

    it('of another message is not taken back by the way', async () => {
      const other = await core.send(core.anna, 'two');
      const { value } = await core.messaging.react(core.boris, id, '👍');
      await expect(core.messaging.unreact(core.boris, other, value.id)).rejects.toMatchObject(refusal('not_found'));
      await expect(core.messaging.unreact(core.clara, id, value.id)).rejects.toMatchObject(refusal('forbidden'));
    });
  });

  describe('reading up to a message', () => {
    it('moves the mark, and a message of another chat or none does not', async () => {
      const id = await core.send(core.anna, 'hi');
      await core.messaging.markRead('boris', 'chat', id);
      expect(await core.chats.member('chat', 'boris')).toMatchObject({ readAt: START, unread: 0 });
      await expect(core.messaging.markRead('boris', 'chat', 'x')).rejects.toMatchObject(
        refusal('validation', 'messageId'),
      );
      await expect(core.messaging.markRead('clara', 'chat', id)).rejects.toMatchObject(refusal('forbidden'));
      const { value } = await core.messaging.openChat(core.boris, 'clara');
      await expect(core.messaging.markRead('boris', value.id, id)).rejects.toMatchObject(
        refusal('validation', 'messageId'),
      );
    });
  });
});
