/** The doctor's allocation at a TURN server: coturn itself where it is installed, and small servers that are wrong in one thing. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { examineTurn } from '../../../relay/maintenance/turn-check.ts';
import type { IceSettings } from '../../../relay/services/ice-servers.ts';

const SECRET = 'a secret of the test';
const missing = spawnSync('turnserver', ['--help']).error ? 'turnserver (coturn) is not installed' : null;
const iceOf = (urls: string[], secret = SECRET): IceSettings => ({ turn: { urls, secret } });
const look = async (ice: IceSettings | undefined, timeoutMs = 3000): Promise<string[]> =>
  (await examineTurn(ice, Date.now(), timeoutMs)).map(({ state, text }) => `${state} ${text}`);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Starts coturn and waits until it answers by both ways. */
async function coturn(folder: string, more: readonly string[]): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  const fixed = [
    '-n',
    '--no-cli',
    '--no-tls',
    '--no-dtls',
    '--log-file',
    'stdout',
    '--simple-log',
    '--realm=relay.example',
  ];
  const where = ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${String(port)}`];
  const own = [`--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'db')}`];
  const child = spawn('turnserver', [...fixed, ...where, ...own, ...more], { stdio: 'ignore', cwd: folder });
  for (let n = 0; n < 100; n += 1) {
    const lines = await look(iceOf([`turn:127.0.0.1:${String(port)}?transport=tcp`], 'another secret of it'), 200);
    if (!lines.some((line) => line.includes('cannot be asked'))) return { port, child };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error('coturn does not answer');
}

describe.skipIf(missing !== null)('a real TURN server', () => {
  const DENIED = ['10.0.0.0-10.255.255.255', '172.16.0.0-172.31.255.255', '192.168.0.0-192.168.255.255'];
  const MORE = ['169.254.0.0-169.254.255.255', '127.0.0.0-127.255.255.255', '100.64.0.0-100.127.255.255'];
  let folder: string;
  let good: { port: number; child: ChildProcess };
  let open: { port: number; child: ChildProcess };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relay-turn-'));
    const secret = ['--use-auth-secret', `--static-auth-secret=${SECRET}`];
    const denied = [...DENIED, ...MORE].map((range) => `--denied-peer-ip=${range}`);
    [good, open] = await Promise.all([coturn(folder, [...secret, ...denied]), coturn(folder, secret)]);
  }, 30_000);
  afterAll(() => {
    good.child.kill('SIGKILL');
    open.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['udp', 'tcp'])('that is in order, by %s', async (way) => {
    const url = `turn:127.0.0.1:${String(good.port)}?transport=${way}`;
    expect(await look(iceOf([url]))).toEqual([
      expect.stringMatching(/^ok .* gave an address for \d{3,} s$/),
      `ok calls: ${url} lets nobody reach inner addresses`,
      `ok calls: ${url} refuses credentials that have ended`,
    ]);
  });

  test('with another secret', async () => {
    const url = `turn:127.0.0.1:${String(good.port)}`;
    expect(await look(iceOf([url], 'another secret of it'))).toEqual([
      expect.stringMatching(/^problem .*refuses our credentials/),
    ]);
  });

  test('that lets callers into the network it stands in', async () => {
    const lines = await look(iceOf([`turn:127.0.0.1:${String(open.port)}`]));
    expect(lines).toContainEqual(expect.stringMatching(/^problem .*reach 10\.0\.0\.1, 172\.16\.0\.1, 192\.168\.0\.1/));
  });
});
if (missing !== null) console.info(`the doctor at a real TURN server was skipped: ${missing}`);

describe('a TURN server that is wrong in one thing', () => {
  const ID = 8;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const one of sockets.splice(0)) one.close();
  });

  /** Answers each request by its own rule. */
  function server(answer: (type: number, request: Buffer) => Buffer | null): Promise<string> {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.on('message', (bytes, from) => {
      const reply = answer(bytes.readUInt16BE(0), bytes);
      if (reply) socket.send(reply, from.port, from.address);
    });
    return new Promise((resolve) => {
      socket.bind(0, '127.0.0.1', () => resolve(`turn:127.0.0.1:${String(socket.address().port)}`));
    });
  }
  const attribute = (type: number, value: Buffer): Buffer => {
    const head = Buffer.from([type >> 8, type & 255, value.length >> 8, value.length & 255]);
    return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  };
  const reply = (type: number, request: Buffer, ...attributes: Buffer[]): Buffer => {
    const body = Buffer.concat(attributes);
    const head = Buffer.from(request.subarray(0, ID + 12));
    head.writeUInt16BE(type, 0);
    head.writeUInt16BE(body.length, 2);
    return Buffer.concat([head, body]);
  };
  const error = (code: number): Buffer => attribute(0x0009, Buffer.from([0, 0, Math.floor(code / 100), code % 100]));
  const realm = attribute(0x0014, Buffer.from('relay.example'));
  const nonce = attribute(0x0015, Buffer.from('nonce'));
  const relayed = attribute(0x0016, Buffer.alloc(8, 1));
  const lifetime = (seconds: number): Buffer => attribute(0x000d, Buffer.from([0, 0, seconds >> 8, seconds & 255]));
  const isSigned = (request: Buffer): boolean => request.includes('relay.example');
  /** Lets in whoever has signed, as `then` says. */
  const signedOnly = (then: (type: number, request: Buffer) => Buffer | null) => (type: number, request: Buffer) =>
    isSigned(request) ? then(type, request) : reply(type + 0x110, request, error(401), realm, nonce);

  test.each<[string, (type: number, request: Buffer) => Buffer | null, string[]]>([
    [
      'that lets anybody in',
      (type, request) => reply(type + 0x100, request, relayed, lifetime(600)),
      ['without credentials'],
    ],
    [
      'that takes old credentials',
      signedOnly((type, request) =>
        type === 8 ? reply(0x118, request, error(403)) : reply(type + 0x100, request, relayed, lifetime(600)),
      ),
      ['for 600 s', 'nobody reach', 'ended long ago'],
    ],
    [
      'that gives ten seconds',
      signedOnly((type, request) =>
        type === 8 ? reply(0x118, request, error(403)) : reply(type + 0x100, request, relayed, lifetime(10)),
      ),
      ['for 10 s', 'nobody reach', 'ended long ago'],
    ],
    ['that is full', signedOnly((_type, request) => reply(0x113, request, error(508))), ['gives no address (508)']],
    [
      'that answers without an address',
      signedOnly((_type, request) => reply(0x103, request)),
      ['gives no address (0)'],
    ],
    ['that refuses for ever', (_type, request) => reply(0x113, request, error(401), realm, nonce), ['our credentials']],
    ['that says nothing', () => null, ['no answer within']],
    [
      'that answers somebody else',
      (_type, request) => reply(0x103, Buffer.alloc(request.length)),
      ['no answer within'],
    ],
    ['that answers with noise', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), ['no answer within']],
    [
      'whose answer is cut short',
      (_type, request) => reply(0x103, request, relayed).subarray(0, 24),
      ['no answer within'],
    ],
  ])('%s', async (_what, answer, expected) => {
    const lines = await look(iceOf([await server(answer)]), 300);
    expect(lines).toHaveLength(expected.length);
    expected.forEach((text, n) => expect(lines[n]).toContain(text));
    expect(lines.some((line) => !line.startsWith('ok'))).toBe(true);
  });

  test('that is not there, by TCP and by TLS', async () => {
    const port = String(await freePort());
    const lines = await look(iceOf([`turn:127.0.0.1:${port}?transport=tcp`, `turns:127.0.0.1:${port}`]), 500);
    expect(lines).toEqual([
      expect.stringMatching(/^problem .*cannot be asked from here: .*ECONNREFUSED/),
      expect.stringMatching(/^problem .*cannot be asked from here: .*ECONNREFUSED/),
    ]);
  });

  test('none at all is no problem of its own', async () => {
    expect(await look(undefined)).toEqual([]);
    expect(await look({ stun: ['stun:a:1'] })).toEqual([]);
  });
});
