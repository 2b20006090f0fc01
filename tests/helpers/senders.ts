/** A relay, people on it who send files, a folder of theirs, and a gate on the way. */
import type { ChatView, MessageView } from '../../contract/ipc/views.ts';
import { createPerson, must, type Person } from './data-world.ts';
import { listing } from './files-world.ts';
import { gateProxy } from './gate-proxy.ts';
import { ownFolder } from './main-parts.ts';
import { startTestRelay, type TestUser } from './relay.ts';
import { download } from './relay-files.ts';

export type Senders = Awaited<ReturnType<typeof senders>>;

/** Messages of others that have come. */
export const arrived = (one: Person): MessageView[] => [...one.page.messages.values()].filter(({ mine }) => !mine);

/** What lies in a person's own folder of files on their way out. */
export const outgoing = async (one: Person): Promise<string[]> =>
  (await listing(one.userDataDir)).filter((path) => path.includes('outgoing'));

export async function senders() {
  const [relay, own] = [await startTestRelay(), await ownFolder()];
  const proxy = await gateProxy(relay.port);
  const people: Person[] = [];
  const users = new Map<Person, TestUser>();

  /** Opens a person's application, with the user they are at the relay. */
  async function open(user: TestUser, more: Partial<Parameters<typeof createPerson>[0]> = {}): Promise<Person> {
    const made = await createPerson({ url: relay.url, ...user, ...more });
    users.set(made, user);
    people.push(made);
    made.open();
    await made.page.until('live', () => made.data.connection.phase === 'live');
    return made;
  }
  const person = async (name: string, more: Partial<Parameters<typeof createPerson>[0]> = {}): Promise<Person> =>
    open(await relay.register(name), more);

  function userOf(one: Person): TestUser {
    const user = users.get(one);
    if (!user) throw new Error('nobody');
    return user;
  }

  return {
    ...{ relay, own, proxy, open, person },

    async pair(): Promise<{ anna: Person; boris: Person; chat: ChatView }> {
      const [anna, boris] = [await person('anna'), await person('boris')];
      const chat = must(await anna.data.chats.create({ userId: boris.user.id }));
      return { anna, boris, chat };
    },

    userOf,

    /** The same person once more, as another program whose line goes through the gate. */
    throughGate: (one: Person): Promise<Person> => open(userOf(one), { url: proxy.url }),

    /** A file as the relay gives it to a person. */
    async bytesAt(one: Person, fileId: string): Promise<Buffer> {
      return (await download(relay.url, userOf(one), `/files/${fileId}`)).bytes;
    },

    async closePerson(one: Person): Promise<void> {
      people.splice(people.indexOf(one), 1);
      await one.close();
    },

    async close(): Promise<void> {
      for (const one of people.splice(0).reverse()) await one.close();
      await proxy.close();
      await relay.close();
      await own.remove();
    },
  };
}
