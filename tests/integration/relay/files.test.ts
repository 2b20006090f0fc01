/** Files over HTTP: taken whole or not at all, given to those who may read them, attached to messages. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../../contract/api/message.ts';
import type { SyncAnswer } from '../../../contract/routes.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { download, upload, uploadRaw } from '../../helpers/relay-files.ts';
import { chatBetween, chatOf, history, newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { signedIn } from '../../helpers/relay-socket.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('an upload', () => {
  test('comes back byte for byte, with the type of its bytes and a clean name', async () => {
    const { anna } = await pair(relay);
    const bytes = randomBytes(3_000_001);
    const file = await upload(anna, bytes, '../../etc/фото\u202Egpj.exe. ');
    expect(file).toMatchObject({
      name: 'фотоgpj.exe',
      mimeType: 'application/octet-stream',
      size: bytes.length,
      url: `/api/files/${file.id}`,
    });
    const got = await download(relay.url, anna, `/files/${file.id}`);
    expect([got.status, got.bytes.length, sha(got.bytes)]).toEqual([200, bytes.length, sha(bytes)]);
    expect(got.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(got.headers.get('etag')).toBe(`"${file.id}"`);
  });

  test('is refused when empty', async () => {
    const { anna } = await pair(relay);
    expect(await uploadRaw(anna, '')).toMatchObject({ status: 400, body: { error: { code: 'validation' } } });
  });
});

describe('attached to a message', () => {
  test('it is in the answer, the event, the history, the list, the sync and the quote', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const socket = await signedIn(relay.socketUrl, boris.token);
    const [one, two] = [await upload(anna, 'first', 'a.txt'), await upload(anna, 'second', 'b.txt')];
    const sent = await say(anna, chatId, '', { attachments: [two.id, one.id] });
    const names = (message: { attachments?: { name: string }[] | null | undefined } | null | undefined) =>
      message?.attachments?.map(({ name }) => name);
    expect([sent.content, names(sent)]).toEqual(['', ['b.txt', 'a.txt']]);
    expect(sent.attachments?.[0]).toEqual(two);
    const event = await socket.next('message:new');
    expect(names(event.data)).toEqual(['b.txt', 'a.txt']);
    expect(names((await history(boris, chatId)).messages[0])).toEqual(['b.txt', 'a.txt']);
    expect(names((await chatOf(boris, chatId)).lastMessage)).toEqual(['b.txt', 'a.txt']);
    const sync = await boris.api.get<SyncAnswer>('/sync', { since: 0 });
    const frames = sync.body.events?.filter((frame) => frame.type === 'message:new') ?? [];
    expect(names(frames[0]?.data)).toEqual(['b.txt', 'a.txt']);
    const reply = await say(boris, chatId, 'nice', { replyToId: sent.id });
    expect(names(reply.replyTo)).toEqual(['b.txt', 'a.txt']);
    await socket.close();
  });

  test('the members may read it from then on, and nobody else', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const stranger = await newcomer(relay);
    const file = await upload(anna, 'for boris only');
    const statusFor = async (who: typeof anna | null) => (await download(relay.url, who, `/files/${file.id}`)).status;
    expect([await statusFor(anna), await statusFor(boris), await statusFor(stranger)]).toEqual([200, 403, 403]);
    await say(anna, chatId, 'look', { attachments: [file.id] });
    expect([await statusFor(anna), await statusFor(boris), await statusFor(stranger)]).toEqual([200, 200, 403]);
    expect(await statusFor(null)).toBe(401);
    expect((await download(relay.url, anna, '/files/nothing')).status).toBe(404);
    // Boris may pass on what he may read.
    const further = await chatBetween(boris, stranger);
    await say(boris, further, 'from anna', { attachments: [file.id] });
    expect(await statusFor(stranger)).toBe(200);
  });

  test('only what the sender may read, each once, ten at most; the key means the files too', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const [mine, other] = [await upload(anna, 'mine'), await upload(anna, 'other')];
    const send = (who: typeof anna, body: object) =>
      who.api.post<{ message: Message; error?: { code: string; fields?: object } }>('/messages/send', {
        chatId,
        content: '',
        ...body,
      });
    const refused = { error: { code: 'validation', fields: { attachments: 'invalid' } } };
    expect((await send(boris, { attachments: [mine.id] })).body).toMatchObject(refused);
    expect((await send(anna, { attachments: [mine.id, mine.id] })).body).toMatchObject(refused);
    expect((await send(anna, { attachments: [mine.id, 'nothing'] })).body).toMatchObject(refused);
    expect((await send(anna, { attachments: [] })).body).toMatchObject({ error: { fields: { content: 'required' } } });
    const many = Array.from({ length: 11 }, () => mine.id);
    expect((await send(anna, { attachments: many })).body).toMatchObject({
      error: { fields: { attachments: 'too_long' } },
    });
    const first = await send(anna, { attachments: [mine.id], clientId: 'K1' });
    const again = await send(anna, { attachments: [mine.id], clientId: 'K1' });
    expect([first.status, again.status, again.body.message.id]).toEqual([201, 200, first.body.message.id]);
    expect((await send(anna, { attachments: [other.id], clientId: 'K1' })).status).toBe(422);
    expect((await send(anna, { content: 'x', clientId: 'K1' })).status).toBe(422);
    expect((await history(anna, chatId)).total).toBe(1);
  });

  test('by frame as by request', async () => {
    const { anna, chatId } = await pair(relay);
    const file = await upload(anna, 'framed');
    const socket = await signedIn(relay.socketUrl, anna.token);
    socket.send({ type: 'message:send', data: { chatId, content: '', attachments: [file.id], clientId: 'K2' } });
    expect((await socket.next('message:new')).data.attachments).toEqual([file]);
    await socket.close();
  });
});
