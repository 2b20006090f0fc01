/** Uploads that are interrupted, and go on where they were: by the network, by a relay that is killed, by a restart. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Capability } from '../../../contract/api/capabilities.ts';
import { ALL_CAPABILITIES, createPerson, must, type Person } from '../../helpers/data-world.ts';
import { randomFile, sha, stage, toldUploads, untilUpload } from '../../helpers/files-world.ts';
import { type GateProxy, gateProxy } from '../../helpers/gate-proxy.ts';
import { ownFolder } from '../../helpers/main-parts.ts';
import { registerAt, spawnRelay, type SpawnedRelay, type TestUser } from '../../helpers/relay.ts';
import { download } from '../../helpers/relay-files.ts';

const SIZE = 40_000_000;
const RESUMABLE: Capability[] = [...ALL_CAPABILITIES, 'resumable-upload', 'files'];

let relay: SpawnedRelay;
let proxy: GateProxy;
let own: Awaited<ReturnType<typeof ownFolder>>;
let user: TestUser;
let chatId: string;
const people: Person[] = [];

async function anna(capabilities = RESUMABLE): Promise<Person> {
  const made = await createPerson({ url: proxy.url, ...user, userDataDir: join(own.folder, 'anna'), capabilities });
  people.push(made);
  made.open();
  await made.page.until('live', () => made.data.connection.phase === 'live');
  return made;
}

/** Lets so many bytes more pass, and waits until they have. */
async function pass(person: Person, bytes: number): Promise<void> {
  const end = proxy.passed() + bytes;
  proxy.allow(end);
  await person.page.until('the bytes', () => proxy.passed() >= end);
}

/** Waits until the relay has at least so many bytes on its disk: a slow disk is behind the network. */
async function untilKept(person: Person, id: string, bytes: number): Promise<void> {
  const kept = async (): Promise<number> =>
    (await user.api.get<{ offset: number }>(`/uploads/${sessionOf(person, id)}`)).body.offset;
  await expect.poll(kept, { timeout: 20_000 }).toBeGreaterThanOrEqual(bytes);
}

beforeEach(async () => {
  own = await ownFolder();
  relay = await spawnRelay();
  proxy = await gateProxy(relay.port);
  user = await registerAt(relay.url, 'anna');
  const boris = await registerAt(relay.url, 'boris');
  const made = await user.api.post<{ chat: { id: string } }>('/chats', { userId: boris.user.id });
  chatId = made.body.chat.id;
});
afterEach(async () => {
  for (const one of people.splice(0)) await one.close();
  await proxy.close();
  await relay.close();
  await own.remove();
});

async function arrived(person: Person, id: string): Promise<Buffer> {
  const [upload] = must(await person.data.files.uploads({ chatId })).uploads.filter((one) => one.id === id);
  expect(upload?.state).toBe('ready');
  const sent = must(await person.data.messages.send({ chatId, text: '', replyTo: null, uploads: [id] }));
  await person.page.until('sent', () => person.page.messages.get(sent.key)?.state === 'sent');
  const [file] = person.page.messages.get(sent.key)?.attachments ?? [];
  return (await download(relay.url, user, `/files/${file?.id ?? ''}`)).bytes;
}

describe('an upload that is interrupted', () => {
  it.each<[string, () => Promise<void> | void]>([
    ['by the network', () => proxy.cut()],
    ['by a relay that is killed', () => relay.restart()],
  ])('%s goes on where the relay has it, and arrives whole', async (_what, interrupt) => {
    const person = await anna();
    const { path, bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    proxy.allow(proxy.passed());
    const [upload] = await stage(person, chatId, path);
    const id = upload?.id ?? '';
    await pass(person, 30_000_000);
    await untilKept(person, id, SIZE * 0.3);
    const before = proxy.passed();
    await interrupt();
    proxy.allow(Number.POSITIVE_INFINITY);
    person.data.retryNow();
    await untilUpload(person, chatId, id, (one) => one?.state === 'ready');
    // Most of it was not sent a second time.
    expect(proxy.passed() - before).toBeLessThan(SIZE * 0.75);
    expect(sha(await arrived(person, id))).toBe(sha(bytes));
  });

  it('at its very end is not sent again', async () => {
    const person = await anna();
    const { path, bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    proxy.allow(proxy.passed());
    const [upload] = await stage(person, chatId, path);
    const id = upload?.id ?? '';
    await pass(person, Math.floor(SIZE * 0.99));
    await untilKept(person, id, SIZE * 0.3);
    await relay.restart();
    const before = proxy.passed();
    proxy.allow(Number.POSITIVE_INFINITY);
    person.data.retryNow();
    await untilUpload(person, chatId, id, (one) => one?.state === 'ready');
    expect(proxy.passed() - before).toBeLessThan(SIZE * 0.75);
    expect(sha(await arrived(person, id))).toBe(sha(bytes));
  });

  it('by the end of the program goes on with the next one, and so does a paused one', async () => {
    const first = await anna();
    // What is left is more than the system's buffers hold: of a file that has all left, nothing can be paused.
    const size = 2 * SIZE;
    const { path, bytes } = await randomFile(own.folder, 'film.bin', size);
    proxy.allow(proxy.passed());
    const [upload] = await stage(first, chatId, path);
    const id = upload?.id ?? '';
    await pass(first, 38_000_000);
    await untilKept(first, id, size * 0.4);
    expect(must(await first.data.files.uploads({ chatId })).uploads).toMatchObject([{ id, state: 'sending' }]);
    must(await first.data.files.pause({ uploadId: id }));
    await first.close();
    people.splice(0);
    proxy.cut();
    proxy.allow(Number.POSITIVE_INFINITY);
    const second = await anna();
    const before = proxy.passed();
    expect(must(await second.data.files.uploads({ chatId })).uploads).toMatchObject([{ id, state: 'paused' }]);
    must(await second.data.files.resume({ uploadId: id }));
    await untilUpload(second, chatId, id, (one) => one?.state === 'ready');
    expect(proxy.passed() - before).toBeLessThan(size * 0.75);
    expect(sha(await arrived(second, id))).toBe(sha(bytes));
  });

  it('that the relay has forgotten begins anew', async () => {
    const person = await anna();
    const { path, bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    proxy.allow(proxy.passed());
    const [upload] = await stage(person, chatId, path);
    const id = upload?.id ?? '';
    await pass(person, 10_000_000);
    must(await person.data.files.pause({ uploadId: id }));
    const session = sessionOf(person, id);
    expect((await user.api.request('DELETE', `/uploads/${session}`, {})).status).toBe(204);
    proxy.allow(Number.POSITIVE_INFINITY);
    must(await person.data.files.resume({ uploadId: id }));
    await untilUpload(person, chatId, id, (one) => one?.state === 'ready');
    expect(sha(await arrived(person, id))).toBe(sha(bytes));
  });

  it('and whose file changed meanwhile fails, and nothing of it stays at the relay', async () => {
    const person = await anna();
    const { path } = await randomFile(own.folder, 'film.bin', SIZE);
    proxy.allow(proxy.passed());
    const [upload] = await stage(person, chatId, path);
    const id = upload?.id ?? '';
    await pass(person, 10_000_000);
    const session = sessionOf(person, id);
    await appendFile(path, 'more');
    proxy.allow(Number.POSITIVE_INFINITY);
    await untilUpload(person, chatId, id, (one) => one?.state === 'failed');
    expect(toldUploads(person, chatId)).toMatchObject([{ problem: 'file_changed' }]);
    must(await person.data.files.remove({ uploadId: id }));
    const left = async (): Promise<number> => (await user.api.request('GET', `/uploads/${session}`, {})).status;
    await expect.poll(left).toBe(404);
  });

  it('by a relay that cannot continue one begins anew, too', async () => {
    const person = await anna(ALL_CAPABILITIES);
    const { path, bytes } = await randomFile(own.folder, 'film.bin', SIZE);
    proxy.allow(proxy.passed());
    const [upload] = await stage(person, chatId, path);
    const id = upload?.id ?? '';
    await pass(person, 20_000_000);
    const before = proxy.passed();
    await relay.restart();
    proxy.allow(Number.POSITIVE_INFINITY);
    person.data.retryNow();
    await untilUpload(person, chatId, id, (one) => one?.state === 'ready');
    expect(proxy.passed() - before).toBeGreaterThan(SIZE);
    expect(sha(await arrived(person, id))).toBe(sha(bytes));
  });
});

/** The relay's id of an upload, as this program has stored it. */
function sessionOf(person: Person, id: string): string {
  const session = person.program.accounts.get(person.accountId)?.files.find(id)?.session;
  if (!session) throw new Error('no session');
  return session;
}
