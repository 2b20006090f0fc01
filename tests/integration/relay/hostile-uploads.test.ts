/** Uploads that are wrong on purpose, on a real node: each gets a clean refusal, and nothing is left of it. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { File } from '../../../contract/api/file.ts';
import { brokenDisk } from '../../helpers/broken-disk.ts';
import { beginRequest, jsonOf, sendRequest, type RawAnswer } from '../../helpers/raw-request.ts';
import { registerAt, spawnRelay, startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download, upload, uploadRaw } from '../../helpers/relay-files.ts';
import { newcomer } from '../../helpers/relay-scene.ts';

const disk = brokenDisk();
const lines: string[] = [];
let relay: TestRelay;
let anna: TestUser;
beforeAll(async () => {
  relay = await startTestRelay({
    fileSystem: disk.files,
    logLevel: 'error',
    logTo: { write: (line) => void lines.push(line) },
    limits: { uploadSilenceMs: 300 },
  });
});
afterAll(() => relay.close());
beforeEach(async () => {
  disk.repair();
  anna = await newcomer(relay);
});

/** Everything that the store holds. */
const onDisk = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

const codeOf = (answer: RawAnswer): string => jsonOf<{ error: { code: string } }>(answer).error.code;
const post = (body: Buffer | string, type = 'multipart/form-data; boundary=B'): Promise<RawAnswer> =>
  sendRequest(
    `${relay.url}/api/files/upload`,
    { method: 'POST', token: anna.token, headers: { 'content-type': type } },
    body,
  );
const filePart = (disposition: string, body: string | Buffer = 'hi'): Buffer =>
  Buffer.concat([
    Buffer.from(`--B\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: image/png\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
const END = Buffer.from('--B--\r\n');
const ONE = 'name="file"; filename="a.bin"';

async function leavesNothing(run: () => Promise<unknown>): Promise<void> {
  const before = onDisk(relay.dataDir);
  await run();
  expect(onDisk(relay.dataDir)).toEqual(before);
  expect(lines).toEqual([]);
}

describe('a form', () => {
  test.each<[string, number, string, Buffer, string?]>([
    ['without a boundary', 400, 'bad_request', Buffer.concat([filePart(ONE), END]), 'multipart/form-data'],
    [
      'with another boundary',
      400,
      'bad_request',
      Buffer.concat([filePart(ONE), END]),
      'multipart/form-data; boundary=C',
    ],
    ['of another type', 415, 'unsupported_media', Buffer.from('{}'), 'application/json'],
    ['that is not closed', 400, 'bad_request', filePart(ONE)],
    ['without a file', 400, 'bad_request', Buffer.concat([filePart('name="x"'), END])],
    ['with its file in another field', 400, 'bad_request', Buffer.concat([filePart('name="x"; filename="a"'), END])],
    ['with two files', 400, 'bad_request', Buffer.concat([filePart(ONE), filePart(ONE), END])],
    [
      'with a second file elsewhere',
      400,
      'bad_request',
      Buffer.concat([filePart(ONE), filePart('name="y"; filename="b"'), END]),
    ],
    [
      'of 1,001 parts',
      400,
      'bad_request',
      Buffer.concat([...Array.from({ length: 1001 }, () => filePart('name="x"')), filePart(ONE), END]),
    ],
    ['with an empty file', 400, 'validation', Buffer.concat([filePart(ONE, ''), END])],
    [
      'that begins with a file and ends in the middle of a header',
      400,
      'bad_request',
      Buffer.concat([filePart(ONE), Buffer.from('--B\r\nContent-Dis')]),
    ],
  ])('%s: %i', async (_name, status, code, body, type) => {
    await leavesNothing(async () => {
      const answer = await post(body, type);
      expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    });
  });

  test('with fields before and behind its file is fine; a field is no way to set anything', async () => {
    const answer = await post(
      Buffer.concat([
        filePart('name="__proto__"', 'x'),
        filePart('name="mimeType"', 'text/html'),
        filePart(ONE),
        filePart('name="owner"', 'x'),
        END,
      ]),
    );
    expect(answer.status).toBe(201);
    expect(jsonOf<{ file: File }>(answer).file).toMatchObject({ name: 'a.bin', mimeType: 'text/plain', size: 2 });
  });

  test('with a name that is an attack: the name is clean, and no path', async () => {
    for (const [given, name] of [
      ['../../../tmp/x', 'x'],
      ['C:\\x', 'x'],
      ['a%0D%0AX-Evil: 1', 'aX-Evil: 1'],
      [`${'a'.repeat(4096)}.png`, `${'a'.repeat(251)}.png`],
      ['', 'file'],
    ] as const) {
      const answer = await post(Buffer.concat([filePart(`name="file"; filename="${given}"`), END]));
      const { file } = jsonOf<{ file: File }>(answer);
      expect(file.name).toBe(name);
      const got = await download(relay.url, anna, `/files/${file.id}`);
      expect([got.status, got.headers.get('x-evil')]).toEqual([200, null]);
    }
  });
});

describe('the size', () => {
  const MOST = 104_857_600;

  test('exactly 100 MiB is taken', { timeout: 60_000 }, async () => {
    const bytes = Buffer.alloc(MOST, 7);
    const { status, body } = await uploadRaw(anna, bytes, 'big.bin');
    expect([status, body.file.size]).toEqual([201, MOST]);
    const tail = await download(relay.url, anna, `/files/${body.file.id}`, { range: 'bytes=-3' });
    expect([tail.status, tail.headers.get('content-range'), tail.bytes]).toEqual([
      206,
      `bytes ${MOST - 3}-${MOST - 1}/${MOST}`,
      Buffer.from([7, 7, 7]),
    ]);
  });

  test('one byte more is not, announced or not', { timeout: 60_000 }, async () => {
    const body = Buffer.concat([filePart(ONE, Buffer.alloc(MOST + 1, 7)), END]);
    await leavesNothing(async () => {
      const told = await post(body);
      expect([told.status, codeOf(told)]).toEqual([413, 'too_large']);
      const { request, answer } = beginRequest(`${relay.url}/api/files/upload`, {
        method: 'POST',
        token: anna.token,
        headers: { 'content-type': 'multipart/form-data; boundary=B', 'transfer-encoding': 'chunked' },
      });
      request.end(body);
      expect((await answer).status).toBe(413);
    });
  });

  test('a length that cannot be is refused before the first byte', async () => {
    const answer = beginRequest(`${relay.url}/api/files/upload`, {
      method: 'POST',
      token: anna.token,
      headers: { 'content-type': 'multipart/form-data; boundary=B', 'content-length': String(2 ** 40) },
    });
    answer.request.flushHeaders();
    expect((await answer.answer).status).toBe(413);
    answer.request.destroy();
  });
});

describe('a client', () => {
  /** Sends the begin of an upload, and then whatever the test does. */
  function beginUpload(bytes: Buffer): ReturnType<typeof connect> {
    const socket = connect(relay.port, '127.0.0.1');
    const body = Buffer.concat([filePart(ONE, bytes), END]);
    socket.write(
      `POST /api/files/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${anna.token}\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, Math.floor(body.length * 0.99)));
    socket.on('error', () => undefined);
    return socket;
  }

  /** Waits until the store holds as much as before. */
  async function settles(before: readonly string[]): Promise<void> {
    while (onDisk(relay.dataDir).length > before.length) await delay(5);
    expect(onDisk(relay.dataDir)).toEqual(before);
  }

  test('that goes at 99 % leaves nothing', async () => {
    const before = onDisk(relay.dataDir);
    const socket = beginUpload(randomBytes(4_000_000));
    while (onDisk(relay.dataDir).length === before.length) await delay(5);
    socket.destroy();
    await settles(before);
    expect(lines).toEqual([]);
  });

  test('that falls silent is told so, and leaves nothing', async () => {
    const before = onDisk(relay.dataDir);
    const socket = beginUpload(randomBytes(4_000_000));
    let told = '';
    socket.on('data', (chunk) => (told += chunk.toString()));
    while (!told.includes('}')) await delay(5);
    expect(told).toMatch(/^HTTP\/1\.1 408 /);
    socket.destroy();
    await settles(before);
  });
});

describe('the disk', () => {
  test.each(['open', 'write', 'sync', 'rename', 'syncFolder'] as const)(
    'full at %s: 507, nothing left, and fine again',
    async (operation) => {
      await leavesNothing(async () => {
        disk.breakAfter(operation, 0);
        const { status, body } = await uploadRaw(anna, randomBytes(3_000_000));
        expect([status, body.error?.code]).toEqual([507, 'disk_full']);
        disk.repair();
      });
      expect((await uploadRaw(anna, 'room')).status).toBe(201);
    },
  );

  test('of which nothing is left but the reserve', async () => {
    disk.free = 1000;
    const { status, body } = await uploadRaw(anna, 'x');
    disk.free = null;
    expect([status, body.error?.code]).toEqual([507, 'disk_full']);
  });
});

test('more than the quota: 507, and another person is not concerned', async () => {
  const small = await startTestRelay({ limits: { fileBytesPerDay: 1000 } });
  try {
    const [one, two] = [await newcomer(small), await newcomer(small)];
    expect((await uploadRaw(one, Buffer.alloc(600, 1))).status).toBe(201);
    const refused = await uploadRaw(one, Buffer.alloc(600, 1));
    expect([refused.status, refused.body.error?.code]).toEqual([507, 'quota_exceeded']);
    expect((await uploadRaw(two, Buffer.alloc(600, 1))).status).toBe(201);
  } finally {
    await small.close();
  }
});

test('a node killed in the middle of an upload has nothing of it after its next start', async () => {
  const killed = await spawnRelay();
  try {
    const person = await registerAt(killed.url, 'anna');
    const kept = await upload(person, 'kept');
    const body = Buffer.concat([filePart(ONE, randomBytes(8_000_000)), END]);
    const { request } = beginRequest(`${killed.url}/api/files/upload`, {
      method: 'POST',
      token: person.token,
      headers: { 'content-type': 'multipart/form-data; boundary=B', 'content-length': String(body.length) },
    });
    request.on('error', () => undefined);
    request.write(body.subarray(0, 7_900_000));
    while (onDisk(killed.dataDir).length < 2) await delay(5);
    await killed.restart();
    while (onDisk(killed.dataDir).length > 1) await delay(5);
    expect(onDisk(killed.dataDir)).toEqual([kept.id]);
    expect((await download(killed.url, person, `/files/${kept.id}`)).bytes.toString()).toBe('kept');
  } finally {
    await killed.close();
  }
});

describe('parts of a file', () => {
  const TEXT = '0123456789';

  test.each<[string, Record<string, string>, number, string]>([
    ['from the begin', { range: 'bytes=0-3' }, 206, '0123'],
    ['of one byte', { range: 'bytes=4-4' }, 206, '4'],
    ['to the end', { range: 'bytes=7-' }, 206, '789'],
    ['the last', { range: 'bytes=-2' }, 206, '89'],
    ['more than there is', { range: 'bytes=5-999999999999999999999' }, 206, '56789'],
    ['the last of none', { range: 'bytes=-0' }, 416, ''],
    ['past the end', { range: 'bytes=10-' }, 416, ''],
    ['reversed', { range: 'bytes=5-2' }, 200, TEXT],
    [
      'a thousand of them',
      { range: `bytes=${Array.from({ length: 1000 }, (_, n) => `${n}-${n}`).join(',')}` },
      200,
      TEXT,
    ],
    ['in another unit', { range: 'lines=0-1' }, 200, TEXT],
    ['if it is another file', { range: 'bytes=0-3', 'if-range': '"other"' }, 200, TEXT],
    ['if it changed since a date', { range: 'bytes=0-3', 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 200, TEXT],
  ])('%s', async (_name, headers, status, bytes) => {
    const { id } = await upload(anna, TEXT, 'digits.txt');
    const got = await download(relay.url, anna, `/files/${id}`, headers);
    expect([got.status, status === 416 ? '' : got.bytes.toString()]).toEqual([status, bytes]);
    if (status === 416) expect(got.headers.get('content-range')).toBe('bytes */10');
  });

  test('if it is still the same, and nothing when it is known already', async () => {
    const { id } = await upload(anna, TEXT, 'digits.txt');
    const part = await download(relay.url, anna, `/files/${id}`, { range: 'bytes=0-3', 'if-range': `"${id}"` });
    expect([part.status, part.bytes.toString()]).toEqual([206, '0123']);
    const known = await download(relay.url, anna, `/files/${id}`, { 'if-none-match': `"${id}"` });
    expect([known.status, known.bytes.length]).toEqual([304, 0]);
  });
});

test('all of that was refused without a fault of the node', () => {
  expect(lines).toEqual([]);
});
