/** Messages that are sent later, at a real relay, over restarts of the program. */
import { randomBytes } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_NAME } from '../../../electron/main/services/store/thread.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { stageBytes } from '../../helpers/files-world.ts';
import { registerAt, spawnRelay, type SpawnedRelay, type TestUser } from '../../helpers/relay.ts';

let relay: SpawnedRelay;
let boris: TestUser;
let user: TestUser;
let chatId: string;
let userDataDir: string;
const people: Person[] = [];

beforeEach(async () => {
  userDataDir = await mkdtemp(join(tmpdir(), 'relay-later-'));
  relay = await spawnRelay();
  [boris, user] = [await registerAt(relay.url, 'boris'), await registerAt(relay.url, 'anna')];
  chatId = (await boris.api.post<{ chat: { id: string } }>('/chats', { userId: user.user.id })).body.chat.id;
});
afterEach(async () => {
  for (const person of people.splice(0)) await person.close();
  await relay.close();
  await rm(userDataDir, { recursive: true, force: true, maxRetries: 3 });
});

async function open(who: TestUser, folder?: string): Promise<Person> {
  const person = await createPerson({
    url: relay.url,
    ...who,
    capabilities: [...ALL_CAPABILITIES, 'files'],
    ...(folder ? { userDataDir: folder } : {}),
  });
  people.push(person);
  person.open();
  await person.page.until('live', () => person.data.connection.phase === 'live');
  await person.page.until('the chat', () => person.page.chats.has(chatId));
  return person;
}

async function end(person: Person): Promise<void> {
  people.splice(people.indexOf(person), 1);
  await person.close();
}

/** Lets everything that waits in the store of a program that is closed fall due by then. */
function makeDue(): void {
  const [name, ...others] = globSync(`**/${DATABASE_NAME}`, { cwd: userDataDir });
  if (name === undefined || others.length > 0) throw new Error('the store is not the only one');
  const database = new DatabaseSync(join(userDataDir, name));
  database.exec('UPDATE later SET due_at = 1');
  database.close();
}

const HOUR_MS = 3_600_000;

const stored = async (): Promise<string[]> =>
  (await boris.api.get<{ messages: { content: string }[] }>(`/chats/${chatId}/messages`)).body.messages.map(
    ({ content }) => content,
  );

describe('a message for later', () => {
  it('that fell due while the program was closed is sent at its start, once', async () => {
    const anna = await open(user, userDataDir);
    const view = must(
      await anna.data.later.add({ chatId, text: 'Good morning', replyTo: null, when: { kind: 'after', ms: HOUR_MS } }),
    );
    expect(anna.page.last('later')?.messages).toEqual([view]);
    expect(await stored()).toEqual([]);
    await end(anna);
    makeDue();
    expect(await stored()).toEqual([]);
    const again = await open(user, userDataDir);
    await again.page.until('sent', () => again.page.messages.get(view.localId)?.id !== undefined);
    await again.page.until('stored', () => again.page.messages.get(view.localId)?.state === 'sent');
    expect(await stored()).toEqual(['Good morning']);
    expect(again.page.last('later')?.messages).toEqual([]);
    await end(again);
    await open(user, userDataDir);
    expect(await stored()).toEqual(['Good morning']);
  });

  it('sends its files with it, which stay on this computer until then', async () => {
    const anna = await open(user, userDataDir);
    const upload = await stageBytes(anna, chatId, randomBytes(300_000), {
      name: 'plan.bin',
      mimeType: 'application/octet-stream',
    });
    const view = must(
      await anna.data.later.add({
        ...{ chatId, text: '', replyTo: null, uploads: [upload.id] },
        when: { kind: 'after', ms: HOUR_MS },
      }),
    );
    expect(view.files).toMatchObject([{ name: 'plan.bin', size: 300_000, kind: 'document' }]);
    expect(must(await anna.data.later.list({}))).toEqual([view]);
    await end(anna);
    const again = await open(user, userDataDir);
    expect(must(await again.data.later.list({}))).toEqual([view]);
    must(await again.data.later.change({ localId: view.localId, text: '', when: { kind: 'after', ms: 0 } }));
    await again.page.until('sent', () => again.page.messages.get(view.localId)?.state === 'sent');
    expect(again.page.messages.get(view.localId)?.attachments).toMatchObject([{ name: 'plan.bin', size: 300_000 }]);
    // An empty text needs a file beside it.
    const empty = await again.data.later.add({ chatId, text: '', replyTo: null, when: { kind: 'online' } });
    expect(empty).toMatchObject({ ok: false, error: { code: 'validation' } });
  });

  it('is sent when the other one comes online', async () => {
    const anna = await open(user, userDataDir);
    must(await anna.data.later.add({ chatId, text: 'There you are', replyTo: null, when: { kind: 'online' } }));
    must(await anna.data.chats.organise({ chatId, pinned: true }));
    expect(await stored()).toEqual([]);
    const other = await open(boris);
    await other.page.until('it came', () =>
      [...other.page.messages.values()].some(({ text }) => text === 'There you are'),
    );
    expect(await stored()).toEqual(['There you are']);
    expect(must(await anna.data.later.list({}))).toEqual([]);
  });
});
