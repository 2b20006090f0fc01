/** A person whose store is damaged while something keeps another from being made. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPerson, must, type Person, type PersonOptions } from '../../helpers/data-world.ts';
import { ManualClock } from '../../helpers/main-parts.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { FIRST_STEP } from '../../unit/main/store/recovery/obstacles.ts';
import { noise, overwrite, overwriteRoot } from '../../unit/main/store/recovery/damage.ts';

let relay: TestRelay;
let userDataDir: string;
let clock: ManualClock;
const people: Person[] = [];
beforeEach(async () => {
  relay = await startTestRelay();
  userDataDir = mkdtempSync(join(tmpdir(), 'relay-damaged-'));
  clock = new ManualClock(Date.now());
});
afterEach(async () => {
  for (const one of people.splice(0)) await one.close();
  await relay.close();
  rmSync(userDataDir, { recursive: true, force: true, maxRetries: 3 });
});

async function person(options: PersonOptions, online = true): Promise<Person> {
  const made = await createPerson(options);
  people.push(made);
  made.open(online);
  return made;
}

const account = (): string => join(userDataDir, 'accounts', readdirSync(join(userDataDir, 'accounts'))[0] ?? '');
const database = (): string => join(account(), 'relay.db');

const DAMAGES: [string, () => void][] = [
  ['found at the start', () => overwrite(database(), 0, noise(4096))],
  ['found in use', () => overwriteRoot(database(), 'messages')],
];

describe('a damaged store that cannot be made anew', () => {
  it.each(DAMAGES)('%s: says so, and goes on with everything once it can', async (_name, damage) => {
    const boris = await person({ url: relay.url, ...(await relay.register('boris')) });
    // What was written before is read as history, which the page asks for: these are to come as events.
    await boris.page.until('boris is live', () => boris.data.connection.phase === 'live');
    const options = { url: relay.url, ...(await relay.register('anna')), userDataDir };
    const first = await person(options);
    const chat = must(await first.data.chats.create({ userId: boris.user.id }));
    must(await first.data.messages.send({ chatId: chat.id, text: 'before', replyTo: null }));
    await boris.page.until('boris got it', () => boris.page.texts(chat.id).includes('before'));
    await first.close();
    // Without a good token: it waits.
    const signedOut = await person(options, false);
    must(await signedOut.data.messages.send({ chatId: chat.id, text: 'not sent', replyTo: null }));
    await signedOut.close();

    damage();
    FIRST_STEP.put(account());
    const anna = await person({ ...options, data: { clock } });
    const send = (text: string): ReturnType<typeof anna.data.messages.send> =>
      anna.data.messages.send({ chatId: chat.id, text, replyTo: null });
    expect(await send('meanwhile')).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    expect(anna.page.last('notice')).toBeUndefined();

    FIRST_STEP.take(account());
    /** Waits, and lets the time of what waits for its next try go by meanwhile. */
    const until = (what: string, check: () => boolean): Promise<void> =>
      anna.page.until(what, () => {
        clock.advance(100);
        return check();
      });
    const notices = (): string[] =>
      anna.page.events.flatMap((event) => (event.kind === 'notice' ? [event.notice] : []));
    await until('the person is told', () => notices().length === 2);
    expect(notices()).toEqual(['store_rebuilt', 'outbox_rescued']);
    await until('live', () => anna.data.connection.phase === 'live');
    must(await send('after'));
    await until('all of it has arrived', () => boris.page.texts(chat.id).length === 3);
    expect(boris.page.texts(chat.id)).toEqual(['before', 'not sent', 'after']);
  });
});
