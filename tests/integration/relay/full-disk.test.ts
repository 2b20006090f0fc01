/** A disk that is really full: a small file system in memory, mounted for the test. Without the right to mount: skipped. */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyncAnswer } from '../../../contract/routes.ts';
import { startRelay } from '../../../relay/server.ts';
import type { StartOptions } from '../../../relay/settings.ts';
import { StartError } from '../../../relay/start-error.ts';
import { SECRET_BYTES } from '../../../relay/storage/secret.ts';
import { sqliteOnly } from '../../helpers/postgres/sqlite-only.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { chatOf, history, pair, say, statusOf } from '../../helpers/relay-scene.ts';
import { signedIn } from '../../helpers/relay-socket.ts';

sqliteOnly('it is the disk of SQLite’s file that is full');

const mountPoint = mkdtempSync(join(tmpdir(), 'relay-disk-'));

function mounted(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mountPoint], { stdio: 'pipe' });
    return true;
  } catch (error) {
    console.info(`no file system could be mounted: ${String(error)}`);
    return false;
  }
}
const isMounted = mounted();
afterAll(() => {
  if (isMounted) execFileSync('umount', [mountPoint]);
  rmSync(mountPoint, { recursive: true, force: true });
});

const filler = join(mountPoint, 'filler');

/** Writes until nothing more fits. */
function fillDisk(): void {
  const file = openSync(filler, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

describe.skipIf(!isMounted)('a full disk', () => {
  let relay: TestRelay;
  const lines: string[] = [];
  beforeAll(async () => {
    const dataDir = join(mountPoint, 'data');
    relay = await startTestRelay({ dataDir, logLevel: 'error', logTo: { write: (line) => void lines.push(line) } });
  });
  afterAll(() => relay.close());

  test('stops no reading; what the reading notes is made up for when there is room again', async () => {
    const [first, second, third] = [await pair(relay), await pair(relay), await pair(relay)];
    const one = await say(first.anna, first.chatId, 'one');
    const two = await say(second.anna, second.chatId, 'two');
    const three = await say(third.anna, third.chatId, 'three');
    const cursor = await say(third.boris, third.chatId, 'four');
    fillDisk();
    const send = { chatId: first.chatId, content: 'no room' };
    expect((await first.anna.api.post('/messages/send', send)).status).toBe(507);

    expect((await history(first.boris, first.chatId)).messages.map(({ content }) => content)).toEqual(['one']);
    expect((await chatOf(second.boris, second.chatId)).lastMessage?.content).toBe('two');
    expect((await second.boris.api.get('/chats', { limit: 1 })).status).toBe(200);
    expect((await second.boris.api.get<SyncAnswer>('/sync', { since: 0 })).body.events).toHaveLength(1);
    expect((await history(third.boris, third.chatId, { before: cursor.id })).messages).toHaveLength(1);
    expect((await third.boris.api.get(`/messages/${three.id}`)).status).toBe(200);
    const { username } = third.boris.user;
    expect((await relay.api.post('/auth/login', { username, password: third.boris.password })).status).toBe(200);
    const socket = await signedIn(relay.socketUrl, third.boris.token);
    // Who says it is told that it was not noted.
    socket.send({ type: 'message:read', data: { chatId: third.chatId, messageId: three.id } });
    expect((await socket.next('error')).data.code).toBe('quota_exceeded');
    await socket.settle();
    await socket.close();
    const senders = [first.anna, second.anna, third.anna];
    const statuses = (): Promise<unknown[]> =>
      Promise.all([one, two, three].map(({ id }, index) => statusOf(senders[index] ?? first.anna, id)));
    expect(await statuses()).toEqual(['sent', 'sent', 'sent']);

    rmSync(filler);
    await say(first.anna, first.chatId, 'room again');
    await expect.poll(statuses).toEqual(['read', 'delivered', 'delivered']);
    expect(lines, 'faults in the log').toEqual([]);
  });

  test('what is there already is found: a message by its key, a chat, a reaction', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const body = { chatId, content: 'once', clientId: 'key-1' };
    const message = await say(anna, chatId, 'once', { clientId: 'key-1' });
    const react = `/messages/${message.id}/reactions`;
    await anna.api.post(react, { emoji: '👍' });
    fillDisk();
    const again = await Promise.all([
      anna.api.post('/messages/send', body),
      anna.api.post('/chats', { userId: boris.user.id }),
      anna.api.post(react, { emoji: '👍' }),
    ]);
    const another = await Promise.all([
      anna.api.post('/messages/send', { ...body, content: 'other' }),
      anna.api.post('/messages/send', { ...body, clientId: 'key-2' }),
      anna.api.post(react, { emoji: '🔥' }),
    ]);
    rmSync(filler);
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(again[0].body).toMatchObject({ message: { id: message.id } });
    expect(another.map(({ status }) => status)).toEqual([422, 507, 507]);
  });

  test('at the start it is one line, and leaves no empty secret', async () => {
    const start = { host: '127.0.0.1', port: 0, dataDir: join(mountPoint, 'another'), logLevel: 'silent' } as const;
    await expect(startWhileFull(start)).rejects.toThrow(StartError);
    // Now everything is there but the secret.
    await (await startRelay({ ...start, jwtSecret: 'x'.repeat(SECRET_BYTES) })).close();
    await expect(startWhileFull(start)).rejects.toThrow(/^[^\n]*jwt-secret cannot be written: ENOSPC[^\n]*$/);
    expect(existsSync(join(start.dataDir, 'jwt-secret'))).toBe(false);
    await (await startRelay(start)).close();
  });

  async function startWhileFull(options: StartOptions): Promise<void> {
    fillDisk();
    try {
      await (await startRelay(options)).close();
    } finally {
      rmSync(filler);
    }
  }
});
