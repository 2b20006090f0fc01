/** Bodies that stream into the relay, over real sockets to real files. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  keepBody,
  MOST_BYTES,
  startBytesRelay,
  TOKEN,
  type BytesRelay,
  type BytesRelayOptions,
  type Put,
  type PutCall,
} from '../../helpers/bytes-relay.ts';
import { RelayError } from '../../../relay/errors.ts';
import { ownFolder, until } from '../../helpers/main-parts.ts';
import { beginRequest, jsonOf, sendRequest } from '../../helpers/raw-request.ts';

const BYTES = { 'content-type': 'application/octet-stream' };
const KEPT = { method: 'POST', headers: BYTES };
let own: Awaited<ReturnType<typeof ownFolder>>;
let relay: BytesRelay;

beforeEach(async () => void (own = await ownFolder()));
afterEach(async () => {
  await relay.close();
  expect(relay.faults()).toEqual([]);
  await own.remove();
});

async function start(options: BytesRelayOptions = {}): Promise<string> {
  relay = await startBytesRelay({ folder: own.folder, ...options });
  return `${relay.url}/api/things`;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const codeOf = (answer: { body: Buffer }): string =>
  jsonOf<{ error: { code: string } }>({ ...answer, status: 0, headers: {} }).error.code;
const nothingKept = async (): Promise<void> => expect(await readdir(own.folder)).toEqual([]);

describe('a body', () => {
  it.each([
    ['empty', 0],
    ['of one byte', 1],
    ['at the limit', MOST_BYTES],
  ])('%s arrives as it was sent', async (_what, size) => {
    const url = await start();
    const bytes = randomBytes(size);
    const answer = await sendRequest(url, KEPT, bytes);
    expect(answer.status).toBe(201);
    expect(jsonOf<Put>(answer)).toEqual({ bytes: size, sha256: hashOf(bytes) });
    expect(hashOf(await readFile(join(own.folder, 'kept')))).toBe(hashOf(bytes));
  });

  it('with the boundary of its parts reaches its handler untouched', async () => {
    await start();
    const type = 'multipart/form-data; boundary="-x y"';
    const answer = await sendRequest(
      `${relay.url}/api/forms`,
      { method: 'POST', headers: { 'content-type': type } },
      '---x y\r\nanything\r\n',
    );
    expect(jsonOf(answer)).toMatchObject({ file: { name: type, size: 18 } });
    expect(await readFile(join(own.folder, 'form'), 'latin1')).toBe('---x y\r\nanything\r\n');
  });

  it('may take as long as it moves, longer than a request of JSON', async () => {
    const url = await start({ limits: { requestMs: 300, uploadSilenceMs: 2000 } });
    const { request, answer } = beginRequest(url, { method: 'POST', headers: { ...BYTES, 'content-length': '10' } });
    for (let byte = 0; byte < 10; byte++) {
      request.write('x');
      await sleep(60);
    }
    request.end();
    expect((await answer).status).toBe(201);
  });

  it('is read no faster than its handler takes it', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const url = await start({
      limits: { uploadSilenceMs: 100 },
      put: async ({ body }) => {
        await released;
        return keepBody(body, join(own.folder, 'kept'));
      },
    });
    const bytes = Buffer.alloc(MOST_BYTES, 7);
    const { request, answer } = beginRequest(url, KEPT);
    request.end(bytes);
    // Longer than may pass in silence: this silence is the handler's.
    await sleep(300);
    expect(relay.seen[0]?.socket.bytesRead).toBeLessThan(512 * 1024);
    release();
    expect(jsonOf<Put>(await answer).sha256).toBe(hashOf(bytes));
  });
});

describe('a body that is refused', () => {
  it('past the limit is told so while the client still sends, and nothing of it is kept', async () => {
    const url = await start();
    const { request, answer } = beginRequest(url, KEPT);
    // More than any buffer on the way holds.
    for (let sent = 0; sent < 4 * MOST_BYTES; sent += 65_536) request.write(Buffer.alloc(65_536));
    const told = await answer;
    expect([told.status, codeOf(told)]).toEqual([413, 'too_large']);
    request.destroy();
    await until('the file is gone', () => relay.seen[0]?.socket.destroyed === true);
    await nothingKept();
  });

  it('one byte past the limit is refused, chunked or not', async () => {
    const url = await start();
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    const told = await sendRequest(url, KEPT, bytes);
    expect([told.status, codeOf(told)]).toEqual([413, 'too_large']);
    const { request, answer } = beginRequest(url, KEPT);
    request.write(bytes.subarray(1));
    request.end('x');
    expect((await answer).status).toBe(413);
    await nothingKept();
  });

  it.each<[string, Record<string, string>, string | null, number, string]>([
    ['too long by its header', { ...BYTES, 'content-length': String(MOST_BYTES + 1) }, TOKEN, 413, 'too_large'],
    ['of another type', { 'content-type': 'text/plain', 'content-length': '9' }, TOKEN, 415, 'unsupported_media'],
    ['of JSON', { 'content-type': 'application/json', 'content-length': '9' }, TOKEN, 415, 'unsupported_media'],
    ['of no type', { 'content-length': '9' }, TOKEN, 415, 'unsupported_media'],
    ['compressed', { ...BYTES, 'content-encoding': 'gzip', 'content-length': '9' }, TOKEN, 415, 'unsupported_media'],
    ['of a stranger', { ...BYTES, 'content-length': '9' }, null, 401, 'unauthenticated'],
    ['of nobody known', { ...BYTES, 'content-length': '9' }, 'wrong', 401, 'unauthenticated'],
  ])('%s is refused before it is sent', async (_what, headers, token, status, code) => {
    let asked = 0;
    const url = await start({ put: async () => ({ bytes: (asked += 1), sha256: '' }) });
    const { request, answer } = beginRequest(url, { method: 'POST', headers, token });
    request.flushHeaders();
    const told = await answer;
    expect([told.status, codeOf(told), asked]).toEqual([status, code, 0]);
    request.destroy();
  });

  it('is refused in words to a client that sends it all before it listens', async () => {
    const url = await start();
    const told = await sendRequest(
      url,
      { method: 'POST', headers: { 'content-type': 'text/plain' } },
      Buffer.alloc(4 * MOST_BYTES),
    );
    expect([told.status, codeOf(told)]).toEqual([415, 'unsupported_media']);
  });

  it('leaves the connection good for the next request once it has come to its end', async () => {
    const url = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const wrong = { method: 'POST', headers: { 'content-type': 'text/plain' }, agent };
    expect((await sendRequest(url, wrong, Buffer.alloc(1024 * 1024))).status).toBe(415);
    expect((await sendRequest(url, { ...KEPT, agent }, 'good')).status).toBe(201);
    expect(relay.seen[0]?.socket).toBe(relay.seen[1]?.socket);
    agent.destroy();
  });

  it('is let go for a while and then cut, whoever goes on sending', async () => {
    const url = await start({
      limits: { lingerMs: 300 },
      put: () => Promise.reject(new RelayError('quota_exceeded', 'There is no room.')),
    });
    const { request, answer } = beginRequest(url, KEPT);
    const drip = setInterval(() => request.write('x'), 20);
    const told = await answer;
    expect([told.status, codeOf(told)]).toEqual([507, 'quota_exceeded']);
    const begun = performance.now();
    await new Promise<void>((resolve) => request.once('close', resolve));
    clearInterval(drip);
    expect(performance.now() - begun).toBeGreaterThan(200);
  });

  it('is let go where its handler has had enough of it', async () => {
    const url = await start({
      put: async ({ body }) => {
        await once(body, 'readable');
        return { bytes: 3, sha256: 'enough' };
      },
    });
    // What is answered before the end is an answer; the rest is let go.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await sendRequest(url, { ...KEPT, agent }, Buffer.alloc(1024 * 1024))).status).toBe(201);
    expect((await sendRequest(`${relay.url}/api/nothing`, { agent })).status).toBe(404);
    agent.destroy();
  });
});

describe('a client', () => {
  it('that stops sending is told so, and nothing of it is kept', async () => {
    const url = await start({ limits: { uploadSilenceMs: 200 } });
    const { request, answer } = beginRequest(url, { method: 'POST', headers: { ...BYTES, 'content-length': '100' } });
    request.write('some');
    const told = await answer;
    expect([told.status, codeOf(told)]).toEqual([408, 'timed_out']);
    request.destroy();
    await nothingKept();
  });

  it('that goes away in the middle leaves nothing behind, and no fault in the log', async () => {
    const ended: { reason: unknown; aborted: boolean }[] = [];
    const url = await start({
      put: async ({ body, signal }: PutCall) => {
        try {
          return await keepBody(body, join(own.folder, 'kept'));
        } catch (reason) {
          ended.push({ reason, aborted: signal.aborted });
          throw new Error('what the handler makes of it', { cause: reason });
        }
      },
    });
    const { request } = beginRequest(url, { method: 'POST', headers: { ...BYTES, 'content-length': '1000000' } });
    request.write(Buffer.alloc(100_000));
    await until('it has begun', () => (relay.seen[0]?.socket.bytesRead ?? 0) > 50_000);
    request.destroy();
    await until('the handler knows', () => ended.length === 1);
    expect(ended[0]).toMatchObject({ aborted: true });
    await nothingKept();
    expect((await sendRequest(url, KEPT, 'goes on')).status).toBe(201);
  });

  it('that breaks off into nonsense has sent nothing', async () => {
    let ended = 0;
    const url = await start({
      put: ({ body }) => keepBody(body, join(own.folder, 'kept')).finally(() => void (ended += 1)),
    });
    const told = await new Promise<string>((resolve) => {
      const socket = connect(relay.port, '127.0.0.1');
      let text = '';
      socket.on('data', (data) => (text += data.toString('latin1')));
      socket.on('close', () => resolve(text));
      socket.on('error', () => resolve(text));
      const head = `POST /api/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/octet-stream\r\n`;
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n`);
    });
    expect(told).toMatch(/^HTTP\/1\.1 400 /);
    await until('the handler is done', () => ended === 1);
    await nothingKept();
    expect((await sendRequest(url, KEPT, 'goes on')).status).toBe(201);
  });
});

describe('a body of JSON', () => {
  it('still has one time to arrive in', async () => {
    await start({ limits: { requestMs: 200 } });
    const { request, answer } = beginRequest(`${relay.url}/api/hello`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '10000' },
    });
    const drip = setInterval(() => request.write(' '), 20);
    const told = await answer;
    clearInterval(drip);
    expect([told.status, codeOf(told)]).toEqual([408, 'timed_out']);
  });

  it('to nowhere has no longer', async () => {
    await start({ limits: { requestMs: 200 } });
    const { request, answer } = beginRequest(`${relay.url}/api/nowhere`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'content-length': '100000' },
    });
    const drip = setInterval(() => request.write(' '), 20);
    expect((await answer).status).toBe(404);
    await new Promise<void>((resolve) => request.once('close', resolve));
    clearInterval(drip);
  });

  it('that comes in time is answered', async () => {
    await start({ limits: { requestMs: 200 } });
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const say = () => sendRequest(`${relay.url}/api/hello`, { ...json, agent }, '{"name":"Anna"}');
    expect(jsonOf(await say())).toEqual({ greeting: 'Hello, Anna' });
    // The time of the first is not the time of the connection.
    await sleep(300);
    expect((await say()).status).toBe(200);
    expect(relay.seen[0]?.socket).toBe(relay.seen[1]?.socket);
    agent.destroy();
  });
});
