/** Uploads in parts over HTTP: each goes on where the last one ended, whatever ended it. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginRequest, jsonOf } from '../../helpers/raw-request.ts';
import {
  createRelayClient,
  registerAt,
  spawnRelay,
  startTestRelay,
  type TestRelay,
  type TestUser,
} from '../../helpers/relay.ts';
import { download, uploadsOf } from '../../helpers/relay-files.ts';
import { newcomer } from '../../helpers/relay-scene.ts';

const HOUR = 60 * 60_000;
let now = Date.now();
let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ now: () => now, limits: { uploadSilenceMs: 60_000 } });
});
afterAll(() => relay.close());

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const drafts = (dataDir: string): string[] => readdirSync(join(dataDir, 'files', 'incoming'));

/** A part whose bytes the test writes when it likes. */
function slowPart(url: string, user: TestUser, id: string, offset: number) {
  return beginRequest(`${url}/api/uploads/${id}`, {
    method: 'PATCH',
    token: user.token,
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
  });
}

/** Waits until something holds; a test that waits in vain fails by its time limit. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(5);
}

describe('in parts', () => {
  test('the file is made of them by the last one, and asking again gives the same file', async () => {
    const anna = await newcomer(relay);
    const uploads = uploadsOf(anna);
    const bytes = randomBytes(300_000);
    const { status, body, headers } = await uploads.create(bytes.length, '../a\u202Eb.bin');
    expect([status, body.offset, headers.get('upload-offset')]).toEqual([201, 0, '0']);
    const id = body.uploadId;
    const first = await uploads.part(id, 0, bytes.subarray(0, 100_000));
    expect([first.status, first.body]).toEqual([200, { offset: 100_000 }]);
    expect((await uploads.progress(id)).body).toEqual({ offset: 100_000 });
    const head = await fetch(`${relay.url}/api/uploads/${id}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${anna.token}` },
    });
    expect([head.status, head.headers.get('upload-offset'), await head.text()]).toEqual([200, '100000', '']);
    const last = await uploads.part(id, 100_000, bytes.subarray(100_000));
    expect(last.body).toMatchObject({ offset: 300_000, file: { name: 'ab.bin', size: 300_000 } });
    const again = await uploads.part(id, 300_000, new Uint8Array());
    expect([again.body, (await uploads.progress(id)).body]).toEqual([last.body, last.body]);
    const got = await download(relay.url, anna, `/files/${last.body.file?.id ?? ''}`);
    expect(sha(got.bytes)).toBe(sha(bytes));
    expect(drafts(relay.dataDir)).toEqual([]);
  });

  test('a part that begins elsewhere is told where to begin, and changes nothing', async () => {
    const uploads = uploadsOf(await newcomer(relay));
    const { uploadId: id } = (await uploads.create(10)).body;
    await uploads.part(id, 0, Buffer.from('01234'));
    for (const offset of [0, 4, 6, 10]) {
      const wrong = await uploads.part(id, offset, Buffer.from('xxxxx'));
      expect([wrong.status, wrong.headers.get('upload-offset'), wrong.body]).toEqual([
        409,
        '5',
        { error: { code: 'conflict', message: expect.any(String) as unknown }, offset: 5 },
      ]);
    }
    for (const offset of ['', '-1', '1.5', '5, 5', '1e1', '99999999999999999999']) {
      expect((await uploads.part(id, offset, Buffer.from('5'))).status, offset).toBe(400);
    }
    expect((await uploads.part(id, 5, Buffer.from('567890'))).status).toBe(413);
    expect((await uploads.progress(id)).body).toEqual({ offset: 5 });
    expect((await uploads.part(id, 5, Buffer.from('56789'))).body.file?.size).toBe(10);
  });

  test('what arrived before the line broke is kept', async () => {
    const anna = await newcomer(relay);
    const uploads = uploadsOf(anna);
    const bytes = randomBytes(200_000);
    const { uploadId: id } = (await uploads.create(bytes.length)).body;
    const broken = slowPart(relay.url, anna, id, 0);
    broken.request.write(bytes.subarray(0, 150_000));
    await eventually(
      () => broken.request.socket?.bytesWritten !== undefined && broken.request.socket.bytesWritten > 150_000,
    );
    await delay(50);
    broken.request.destroy();
    await eventually(async () => (await uploads.progress(id)).body.offset > 0);
    const { offset } = (await uploads.progress(id)).body;
    expect(offset).toBe(150_000);
    const { file } = (await uploads.part(id, offset, bytes.subarray(offset))).body;
    expect(sha((await download(relay.url, anna, `/files/${file?.id ?? ''}`)).bytes)).toBe(sha(bytes));
  });

  test('a second connection takes over from one that has fallen silent', async () => {
    const anna = await newcomer(relay);
    const uploads = uploadsOf(anna);
    const bytes = randomBytes(100_000);
    const before = drafts(relay.dataDir);
    const { uploadId: id } = (await uploads.create(bytes.length)).body;
    const silent = slowPart(relay.url, anna, id, 0);
    silent.request.write(bytes.subarray(0, 60_000));
    await eventually(() => drafts(relay.dataDir).length > before.length);
    const told = await uploads.part(id, 99_999, bytes.subarray(99_999));
    const { offset } = told.body;
    expect([told.status, offset <= 60_000]).toEqual([409, true]);
    const first = await silent.answer;
    expect([first.status, jsonOf<{ error: { code: string } }>(first).error.code]).toEqual([409, 'conflict']);
    const { file } = (await uploads.part(id, offset, bytes.subarray(offset))).body;
    expect(sha((await download(relay.url, anna, `/files/${file?.id ?? ''}`)).bytes)).toBe(sha(bytes));
  });

  test('of several connections at once, whichever wins, the file is whole in the end', async () => {
    const anna = await newcomer(relay);
    const uploads = uploadsOf(anna);
    const bytes = randomBytes(2_000_000);
    for (let round = 0; round < 5; round += 1) {
      const { uploadId: id } = (await uploads.create(bytes.length)).body;
      const silent = slowPart(relay.url, anna, id, 0);
      silent.request.write(bytes.subarray(0, 1000));
      const all = await Promise.all([0, 1, 2].map(() => uploads.part(id, 0, bytes)));
      expect(all.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
      // As a client does: a conflict says where to go on.
      let { offset, file } = (await uploads.progress(id)).body;
      while (!file) ({ offset, file } = (await uploads.part(id, offset, bytes.subarray(offset))).body);
      silent.request.destroy();
      expect([offset, sha((await download(relay.url, anna, `/files/${file.id}`)).bytes)]).toEqual([
        bytes.length,
        sha(bytes),
      ]);
    }
  });
});

describe('an upload that is not one’s own, not any more, or not allowed', () => {
  test('another person’s is not there', async () => {
    const [anna, boris] = [uploadsOf(await newcomer(relay)), uploadsOf(await newcomer(relay))];
    const { uploadId: id } = (await anna.create(5)).body;
    const statuses = [await boris.progress(id), await boris.part(id, 0, Buffer.from('01234')), await boris.cancel(id)];
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await anna.part(id, 0, Buffer.from('01234'))).body.file?.size).toBe(5);
  });

  test('given up, nothing is left', async () => {
    const before = drafts(relay.dataDir);
    const uploads = uploadsOf(await newcomer(relay));
    const { uploadId: id } = (await uploads.create(10)).body;
    await uploads.part(id, 0, Buffer.from('01234'));
    expect(drafts(relay.dataDir)).toHaveLength(before.length + 1);
    expect((await uploads.cancel(id)).status).toBe(204);
    expect((await uploads.progress(id)).status).toBe(404);
    expect(drafts(relay.dataDir)).toEqual(before);
  });

  test('it ends a day after its last byte', async () => {
    const uploads = uploadsOf(await newcomer(relay));
    const { uploadId: id } = (await uploads.create(10)).body;
    now += 20 * HOUR;
    expect((await uploads.part(id, 0, Buffer.from('01234'))).status).toBe(200);
    now += 23 * HOUR;
    expect((await uploads.progress(id)).body).toEqual({ offset: 5 });
    now += HOUR;
    expect((await uploads.progress(id)).status).toBe(404);
    expect((await uploads.part(id, 5, Buffer.from('56789'))).status).toBe(404);
  });

  test('the size is that of a file: not nothing, not more than 100 MiB', async () => {
    const uploads = uploadsOf(await newcomer(relay));
    expect((await uploads.create(0)).status).toBe(400);
    expect((await uploads.create(104_857_600)).status).toBe(201);
    expect((await uploads.create(104_857_601)).status).toBe(413);
  });
});

test('a node that does not offer it has none of its rows', async () => {
  const plain = await startTestRelay({ capabilities: ['files'] });
  try {
    const uploads = uploadsOf(await newcomer(plain));
    expect((await uploads.create(5)).status).toBe(404);
  } finally {
    await plain.close();
  }
});

test('a node that is stopped in the middle writes down how far it came, and leaves no form half taken', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'relay-stopped-'));
  const stopped = await startTestRelay({ dataDir, limits: { stopMs: 50 } });
  const anna = await newcomer(stopped);
  const { uploadId } = (await uploadsOf(anna).create(5000)).body;
  const part = slowPart(stopped.url, anna, uploadId, 0);
  part.request.on('error', () => undefined);
  part.request.write(Buffer.alloc(1000, 1));
  const form = beginRequest(`${stopped.url}/api/files/upload`, {
    method: 'POST',
    token: anna.token,
    headers: { 'content-type': 'multipart/form-data; boundary=B', 'content-length': '5000' },
  });
  form.request.on('error', () => undefined);
  form.request.write('--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello');
  await eventually(() => drafts(dataDir).length === 2);
  await stopped.close();
  expect(drafts(dataDir)).toHaveLength(1);
  const again = await startTestRelay({ dataDir });
  try {
    const same = { ...anna, api: createRelayClient(again.url, anna.token) };
    expect((await uploadsOf(same).progress(uploadId)).body).toEqual({ offset: 1000 });
  } finally {
    await again.close();
    await rm(dataDir, { recursive: true });
  }
});

test('a node killed in the middle keeps what it had on disk; the file is whole in the end', async () => {
  const killed = await spawnRelay();
  try {
    const anna = await registerAt(killed.url, 'anna');
    const uploads = uploadsOf(anna);
    const bytes = randomBytes(40 * 1024 * 1024);
    const { uploadId: id } = (await uploads.create(bytes.length)).body;
    const part = slowPart(killed.url, anna, id, 0);
    part.request.on('error', () => undefined);
    part.request.write(bytes.subarray(0, 39 * 1024 * 1024));
    await eventually(async () => (await uploads.progress(id)).body.offset >= 32 * 1024 * 1024);
    await killed.restart();
    const { offset } = (await uploads.progress(id)).body;
    expect(offset).toBeGreaterThanOrEqual(32 * 1024 * 1024);
    const { file } = (await uploads.part(id, offset, bytes.subarray(offset))).body;
    const got = await download(killed.url, anna, `/files/${file?.id ?? ''}`);
    expect(sha(got.bytes)).toBe(sha(bytes));
    expect(existsSync(join(killed.dataDir, 'files', 'incoming'))).toBe(true);
    expect(drafts(killed.dataDir)).toEqual([]);
  } finally {
    await killed.close();
  }
});
