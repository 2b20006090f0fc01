/** What a socket must bear: frames that break the protocol of sockets, and frames that break ours. */
import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestUser } from '../../helpers/relay.ts';
import { chatBetween, newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';
import { startWatchedRelay, type WatchedRelay } from '../../helpers/relay-watch.ts';

let relay: WatchedRelay;
let anna: TestUser;
let chatId: string;
let otherChatId: string;
let otherMessageId: string;
let before: string;
beforeAll(async () => {
  relay = await startWatchedRelay({
    limits: { framesBurst: 1000 },
    capabilities: ['idempotency', 'sync', 'message-read'],
  });
  ({ anna, chatId } = await pair(relay));
  const [one, two] = [await newcomer(relay), await newcomer(relay)];
  otherChatId = await chatBetween(one, two);
  otherMessageId = (await say(one, otherChatId, 'private words')).id;
  await (await signedIn(relay.socketUrl, anna.token)).close();
});
afterAll(() => relay.close());
beforeEach(async () => (before = await relay.rows()));
afterEach(async () => {
  expect((await relay.rows()) === before, 'no row changed').toBe(true);
  expect(relay.faults()).toEqual([]);
});

/** A frame of RFC 6455 as it stands in the words of a test. */
function frame(
  opcode: number,
  payload: Buffer | string,
  options: { fin?: boolean; masked?: boolean; reserved?: number; length?: bigint } = {},
): Buffer {
  const { fin = true, masked = true, reserved = 0 } = options;
  const data = Buffer.from(payload);
  const size = options.length ?? BigInt(data.length);
  const header = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  const extended = Buffer.alloc(size > 65_535n ? 8 : size > 125n ? 2 : 0);
  if (extended.length === 8) extended.writeBigUInt64BE(size);
  else if (extended.length === 2) extended.writeUInt16BE(Number(size));
  header.push(mask | (extended.length === 8 ? 127 : extended.length === 2 ? 126 : Number(size)));
  if (!masked) return Buffer.concat([Buffer.from(header), extended, data]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(header), extended, key, data.map((byte, index) => byte ^ (key[index % 4] ?? 0))]);
}

/** An upgraded line with nothing of a library on our side. */
function upgrade(query: string): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /ws${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    socket.once('data', (data) => {
      const answer = data.toString('latin1');
      if (!answer.startsWith('HTTP/1.1 101')) return reject(new Error(answer));
      // The first frames may have come in the same breath: they wait for who listens next.
      socket.pause();
      socket.unshift(data.subarray(answer.indexOf('\r\n\r\n') + 4));
      resolve(socket);
    });
  });
}

/** The close code that the server sends, or null when it cuts the line. */
function closeCode(socket: Socket, ms = 5000): Promise<number | null> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const late = setTimeout(() => reject(new Error('still open')), ms);
    const finish = (): void => {
      clearTimeout(late);
      socket.destroy();
      for (let at = 0; at + 2 <= bytes.length;) {
        const opcode = (bytes[at] ?? 0) & 0x0f;
        const short = (bytes[at + 1] ?? 0) & 0x7f;
        const start = at + (short === 126 ? 4 : 2);
        const size = short === 126 ? bytes.readUInt16BE(at + 2) : short;
        if (opcode === 8) return resolve(size >= 2 ? bytes.readUInt16BE(start) : null);
        at = start + size;
      }
      resolve(null);
    };
    socket.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      // Answering the close lets the server end the line without waiting.
      if (bytes.includes(0x88)) socket.end();
    });
    socket.on('close', finish).on('error', finish);
    socket.resume();
  });
}

const send = (): string => JSON.stringify({ type: 'message:send', data: { chatId, content: 'raw' } });

describe('the protocol of sockets', () => {
  test.each<[string, () => Buffer, number[]]>([
    ['an unmasked frame', () => frame(1, send(), { masked: false }), [1002]],
    ['a reserved opcode', () => frame(3, 'x'), [1002]],
    ['a reserved control opcode', () => frame(11, 'x'), [1002]],
    ['a reserved bit', () => frame(1, send(), { reserved: 4 }), [1002]],
    ['bad UTF-8', () => frame(1, Buffer.from([0x22, 0xc3, 0x28, 0x22])), [1007]],
    ['a binary frame', () => frame(2, send()), [1008]],
    ['a continuation of nothing', () => frame(0, send()), [1002]],
    [
      'a new message inside a message',
      () => Buffer.concat([frame(1, '{"ty', { fin: false }), frame(1, send())]),
      [1002],
    ],
    ['a ping of 126 bytes', () => frame(9, 'x'.repeat(126)), [1002]],
    ['a ping in pieces', () => frame(9, 'x', { fin: false }), [1002]],
    ['a length of 2^62', () => frame(1, 'x', { length: 1n << 62n }), [1009]],
    ['a length of 2^63', () => frame(1, 'x', { length: 1n << 63n }), [1002, 1009]],
    [
      'a message of 1 MB',
      () =>
        frame(
          1,
          JSON.stringify({ type: 'call:offer', callId: 'c', offer: { type: 'offer', sdp: 'x'.repeat(1_000_000) } }),
        ),
      [1009],
    ],
    [
      '64 KB in small pieces',
      () =>
        Buffer.concat(Array.from({ length: 70 }, (_, index) => frame(index ? 0 : 1, 'x'.repeat(1000), { fin: false }))),
      [1009],
    ],
    [
      'thousands of tiny pieces',
      () => Buffer.concat(Array.from({ length: 3000 }, (_, index) => frame(index ? 0 : 1, 'x', { fin: false }))),
      [1008],
    ],
    ['a close code that is none', () => frame(8, Buffer.from([0x03, 0xe7])), [1002]],
    ['a close of one byte', () => frame(8, 'x'), [1002]],
    ['no JSON', () => frame(1, 'hello'), [1008]],
    ['null', () => frame(1, 'null'), [1008]],
    ['a list', () => frame(1, '[]'), [1008]],
    ['10,000 levels', () => frame(1, '['.repeat(10_000) + ']'.repeat(10_000)), [1008]],
    ['a type twice', () => frame(1, '{"type":"typing:stop","type":"message:send"}'), [1008]],
    ['__proto__', () => frame(1, '{"type":"typing:stop","__proto__":{"data":1}}'), [1008]],
  ])('%s is closed with its code', async (_what, bytes, codes) => {
    const socket = await upgrade(`?token=${anna.token}`);
    const code = closeCode(socket);
    socket.write(bytes());
    expect(codes).toContain(await code);
  });

  test('the token twice, in the address and in strange ways', async () => {
    await expect(upgrade(`?token=${anna.token}&token=${anna.token}`)).rejects.toThrow('404');
    for (const query of [
      '?token=',
      '?token=null',
      '?token[]=x',
      `?token=${'x'.repeat(10_000)}`,
      '?token=%00',
      `?TOKEN=${anna.token}x`,
    ]) {
      const socket = await upgrade(query);
      const code = closeCode(socket, 8000);
      socket.write(frame(1, send()));
      expect(await code, query.slice(0, 30)).toBe(4401);
    }
  });
});

describe('our frames', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a server’s frame',
      () => ({ type: 'message:new', data: { id: 'm', chatId, content: 'x', createdAt: new Date().toISOString() } }),
      'bad_request',
    ],
    [
      'a status of a message',
      () => ({ type: 'message:status', data: { messageId: otherMessageId, chatId, status: 'read' } }),
      'bad_request',
    ],
    ['the type __proto__', () => ({ type: '__proto__', data: {} }), 'bad_request'],
    ['the type constructor', () => ({ type: 'constructor' }), 'bad_request'],
    ['signing in again', () => ({ type: 'auth', data: { token: anna.token } }), 'bad_request'],
    [
      'a send into another chat',
      () => ({ type: 'message:send', data: { chatId: otherChatId, content: 'x' } }),
      'forbidden',
    ],
    [
      'a reply to another chat',
      () => ({ type: 'message:send', data: { chatId, content: 'x', replyToId: otherMessageId } }),
      'validation',
    ],
    [
      'a send with an operator',
      () => ({ type: 'message:send', data: { chatId: { $gt: '' }, content: 'x' } }),
      'validation',
    ],
    ['a send of blanks', () => ({ type: 'message:send', data: { chatId, content: '\u200B ' } }), 'validation'],
    [
      'a send of 4,001 characters',
      () => ({ type: 'message:send', data: { chatId, content: 'x'.repeat(4001) } }),
      'validation',
    ],
    [
      'a send of a lone surrogate',
      () => ({ type: 'message:send', data: { chatId, content: 'a\uD800' } }),
      'validation',
    ],
    [
      'reading another chat',
      () => ({ type: 'message:read', data: { chatId: otherChatId, messageId: otherMessageId } }),
      'forbidden',
    ],
    [
      'reading a message of another chat',
      () => ({ type: 'message:read', data: { chatId, messageId: otherMessageId } }),
      'validation',
    ],
    ['reading nothing', () => ({ type: 'message:read', data: { chatId, messageId: 'none' } }), 'validation'],
    ['typing in another chat', () => ({ type: 'typing:start', data: { chatId: otherChatId } }), 'forbidden'],
    ['typing nowhere', () => ({ type: 'typing:stop', data: { chatId: 'none' } }), 'not_found'],
    [
      'a signal of a call one is no member of',
      () => ({ type: 'call:answer', callId: 'c1', answer: { type: 'answer', sdp: 'v=0' } }),
      'not_found',
    ],
    ['a candidate of nothing', () => ({ type: 'call:ice-candidate', callId: 'c1', candidate: null }), 'not_found'],
    [
      'an SDP of 61 KB',
      () => ({ type: 'call:offer', callId: 'c1', offer: { type: 'offer', sdp: 'x'.repeat(61_000) } }),
      'validation',
    ],
    ['data that is a list', () => ({ type: 'typing:start', data: [chatId] }), 'validation'],
  ])('%s is refused, and the connection goes on', async (_what, make, code) => {
    const socket = await signedIn(relay.socketUrl, anna.token);
    socket.send(make());
    expect((await socket.next('error')).data.code).toBe(code);
    expect(JSON.stringify(socket.frames)).not.toContain('private words');
    socket.send({ type: 'typing:stop', data: { chatId } });
    await socket.settle();
    expect(socket.frames.filter(({ type }) => type === 'error')).toHaveLength(1);
    await socket.close();
  });

  test('everything before signing in is refused and closed', async () => {
    for (const bytes of [
      send(),
      '{"type":"typing:start","data":{"chatId":"x"}}',
      '{"type":"auth","data":{"token":7}}',
      '{"type":"auth"}',
    ]) {
      const socket = await openSocket(relay.socketUrl);
      socket.sendRaw(bytes);
      await socket.next('auth:error');
      expect((await socket.closed()).code).toBe(4401);
      expect(socket.frames).toHaveLength(1);
    }
  });
});
