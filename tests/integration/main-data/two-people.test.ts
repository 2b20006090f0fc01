import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { createPerson, must, type Person } from '../../helpers/data-world.ts';

let relay: TestRelay;
const people: Person[] = [];

async function person(name: string): Promise<Person> {
  const made = await createPerson({ url: relay.url, ...(await relay.register(name)) });
  people.push(made);
  made.open();
  await made.page.until('live', () => made.data.connection.phase === 'live');
  return made;
}

beforeEach(async () => {
  relay = await startTestRelay();
});
afterEach(async () => {
  for (const one of people.splice(0)) await one.close();
  await relay.close();
});

describe('two people', () => {
  it('chat: sent, delivered, read, both ways, with reactions and a reply', async () => {
    const [anna, boris] = [await person('anna'), await person('boris')];
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    expect(chat.peer?.id).toBe(boris.user.id);

    const sent = must(await anna.data.messages.send({ chatId: chat.id, text: 'Hello', replyTo: null }));
    // Nothing is before it in its chat: it leaves with its own commit.
    expect(sent).toMatchObject({ state: 'sending', id: null, text: 'Hello', mine: true });
    await boris.page.until('boris got it', () => boris.page.texts(chat.id).includes('Hello'));
    await anna.page.until('delivered', () => anna.page.messages.get(sent.key)?.state === 'delivered');
    await boris.page.until('unread', () => boris.page.last('unread')?.unread.messages === 1);

    const got = [...boris.page.messages.values()][0];
    expect(got).toMatchObject({ text: 'Hello', mine: false, state: null, senderName: 'anna Test' });
    must(await boris.data.chats.markRead({ chatId: chat.id, messageId: got?.id ?? '' }));
    await anna.page.until('read', () => anna.page.messages.get(sent.key)?.state === 'read');
    expect(boris.page.last('unread')?.unread).toEqual({ messages: 0, chats: 0 });

    const reply = must(await boris.data.messages.send({ chatId: chat.id, text: 'Привет', replyTo: got?.id ?? null }));
    await anna.page.until('the reply', () => anna.page.texts(chat.id).length === 2);
    await boris.page.until('stored', () => boris.page.messages.get(reply.key)?.id !== null);
    const answered = [...anna.page.messages.values()].find((message) => message.text === 'Привет');
    expect(answered?.quote).toMatchObject({ id: got?.id, text: 'Hello', mine: true, known: true });

    must(await anna.data.messages.react({ messageId: answered?.id ?? '', emoji: '👍' }));
    await boris.page.until('the reaction', () => boris.page.messages.get(reply.key)?.reactions[0]?.emoji === '👍');
    must(await anna.data.messages.unreact({ messageId: answered?.id ?? '', emoji: '👍' }));
    await boris.page.until('no reaction', () => boris.page.messages.get(reply.key)?.reactions.length === 0);

    const page = must(await anna.data.messages.page({ chatId: chat.id, anchor: { at: 'latest' }, limit: 50 }));
    expect(page.items.map((message) => message.text)).toEqual(['Hello', 'Привет']);
    expect(page).toMatchObject({ older: 'end', newer: 'end' });
  });

  it('types: the other one sees it, and it ends with the message', async () => {
    const [anna, boris] = [await person('anna'), await person('boris')];
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    must(await anna.data.chats.setTyping({ chatId: chat.id, typing: true }));
    await boris.page.until('typing', () => boris.page.last('typing')?.users[0]?.id === anna.user.id);
    must(await anna.data.messages.send({ chatId: chat.id, text: 'done', replyTo: null }));
    await boris.page.until('no typing', () => boris.page.last('typing')?.users.length === 0);
  });

  it('writes on a computer eight days behind, which is then set right: it is sent, and never older than the chat', async () => {
    const boris = await person('boris');
    let shift = -8 * 24 * 3_600_000;
    const clock = { ...systemClock, now: () => systemClock.now() + shift };
    const anna = await createPerson({ url: relay.url, ...(await relay.register('anna')), data: { clock } });
    people.push(anna);
    anna.open();
    await anna.page.until('live', () => anna.data.connection.phase === 'live');
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    must(await boris.data.chats.create({ userId: anna.user.id }));
    must(await boris.data.messages.send({ chatId: chat.id, text: 'When?', replyTo: null }));
    await anna.page.until('the question', () => anna.page.texts(chat.id).length === 1);
    // Signed out: what is written waits, and nothing is tried.
    anna.open(false);
    const sent = must(await anna.data.messages.send({ chatId: chat.id, text: 'Now', replyTo: null }));
    expect(anna.page.chats.get(chat.id)?.last?.text).toBe('Now');
    shift = 0;
    anna.open();
    await anna.page.until('it is sent', () => anna.page.messages.get(sent.key)?.id !== null);
    await boris.page.until('boris has it', () => boris.page.texts(chat.id).includes('Now'));
    expect(anna.page.events.filter((event) => event.kind === 'notice')).toEqual([]);
  });

  it('writes while the line is down: it arrives once, in order, when it is back', async () => {
    const [anna, boris] = [await person('anna'), await person('boris')];
    const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
    boris.dropSocket();
    const texts = Array.from({ length: 30 }, (_, n) => `message ${n}`);
    for (const text of texts) must(await anna.data.messages.send({ chatId: chat.id, text, replyTo: null }));
    await anna.page.until('all stored', () =>
      [...anna.page.messages.values()].every((message) => message.state === 'sent'),
    );
    boris.resume();
    await boris.page.until('all here', () => boris.page.texts(chat.id).length === 30);
    expect(boris.page.texts(chat.id)).toEqual(texts);
    const latest = async () =>
      must(await boris.data.messages.page({ chatId: chat.id, anchor: { at: 'latest' }, limit: 200 }));
    await expect.poll(async () => (await latest()).older).toBe('end');
    expect((await latest()).items.map((message) => message.text)).toEqual(texts);
  });
});
