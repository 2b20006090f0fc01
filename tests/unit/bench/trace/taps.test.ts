/** The instruments on real sockets, threads and a real database: what they write down, and that they go away again. */
import { hasSubscribers } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { PageSocket } from '../../../../host/server/page-socket.ts';
import { tapBridge } from '../../../bench/trace/bridge-tap.ts';
import { tapConnections, tapRequests } from '../../../bench/trace/net-tap.ts';
import { tapCommits } from '../../../bench/trace/node-tap.ts';
import { type Disposer, Recorder } from '../../../bench/trace/recorder.ts';
import type { Stamp } from '../../../bench/trace/stamp.ts';
import { tapStoreCalls } from '../../../bench/trace/store-tap.ts';

const undos: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo();
});

function recording(install: (recorder: Recorder) => Disposer): Recorder {
  const recorder = new Recorder();
  recorder.start('word-');
  undos.push(install(recorder));
  return recorder;
}

const told = (stamps: readonly Stamp[]): string[] =>
  stamps.map(({ kind, op, words }) => [kind, op, ...words].filter((part) => part !== '').join(' '));

describe('Recorder', () => {
  it.each<[string, number[]]>([
    ['word-7.', [7]],
    ['word-7. word-12. word-7.', [7, 12]],
    ['word-7', []],
    ['WORD-7.', []],
    ['', []],
  ])('finds in "%s" the messages %j, as text and as bytes', (content, words) => {
    const recorder = new Recorder();
    recorder.start('word-');
    expect(recorder.wordsIn(content)).toEqual(words);
    expect(recorder.wordsIn(Buffer.from(`\u00e9${content}`))).toEqual(words);
  });

  it('looks for nothing before it starts, and forgets at the start what it has', () => {
    const recorder = new Recorder();
    expect(recorder.wordsIn('word-7.')).toEqual([]);
    recorder.add('commit');
    recorder.start('word-');
    expect(recorder.take()).toEqual([]);
  });

  it('hands each stamp over once', () => {
    const recorder = new Recorder();
    recorder.add('step', { op: 'one' });
    expect(told(recorder.take())).toEqual(['step one']);
    expect(recorder.take()).toEqual([]);
  });

  it('refuses a prefix that is a pattern', () => {
    expect(() => new Recorder().start('a.*')).toThrow(/letters/);
  });
});

describe('sockets', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer((asked, answer) => {
      void text(asked).then((body) => answer.end(`echo of ${body}`));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    undos.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
  });

  async function ask(body: string): Promise<string> {
    const asked = request({ port, host: '127.0.0.1', method: 'POST', path: '/say', agent: false });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    return text(answer);
  }

  it('stamps a request and its answer, with the same port at both ends', async () => {
    const client = recording((recorder) => tapConnections(recorder, 'client'));
    const sockets = recording((recorder) => tapConnections(recorder, 'server'));
    const requests = recording((recorder) => tapRequests(recorder, ({ method, url }) => `${method} ${url}`));
    expect(await ask('{"text":"word-7."}')).toBe('echo of {"text":"word-7."}');
    const stamps = client.take();
    expect(told(stamps)).toEqual(['http:out 7', 'http:in 7']);
    const heard = requests.take();
    expect(told(heard)).toEqual(['http:in POST /say', 'http:out POST /say']);
    const answered = sockets.take();
    expect(told(answered)).toEqual(['http:out 7']);
    const ports = new Set([...stamps, ...heard, ...answered].map((stamp) => stamp.port));
    expect([...ports]).toEqual([expect.any(Number)]);
  });

  it('stamps frames in both directions, whatever their length', async () => {
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => socket.send(`${data.toString()} back`)),
    );
    undos.push(() => sockets.close());
    const client = recording((recorder) => tapConnections(recorder, 'client'));
    const node = recording((recorder) => tapConnections(recorder, 'server'));
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    undos.push(() => socket.terminate());
    await once(socket, 'open');
    for (const content of ['word-1.', 'nothing', `${'long '.repeat(200)}word-2.`]) {
      socket.send(content);
      const [answer] = (await once(socket, 'message')) as [Buffer];
      expect(answer.toString()).toBe(`${content} back`);
    }
    const [ours, theirs] = [client.take(), node.take()];
    expect(told(ours)).toEqual(['frame:out 1', 'frame:in 1', 'frame:out 2', 'frame:in 2']);
    expect(told(theirs)).toEqual(['frame:in 1', 'frame:out 1', 'frame:in 2', 'frame:out 2']);
    expect(new Set([...ours, ...theirs].map((stamp) => stamp.port)).size).toBe(1);
  });

  it('stamps what crosses the bridge', async () => {
    const sockets = new WebSocketServer({ server });
    undos.push(() => sockets.close());
    const bridge = recording(tapBridge);
    const connected = once(sockets, 'connection');
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    undos.push(() => socket.terminate());
    const [accepted] = (await connected) as [WebSocket];
    const page = new PageSocket(accepted, () => undefined);
    const heard = Promise.withResolvers<void>();
    page.listen(
      () => heard.resolve(),
      () => undefined,
    );
    await once(socket, 'open');
    socket.send(JSON.stringify({ kind: 'invoke', id: 4, channel: 'messages.send', args: 'J["word-7."]' }));
    await heard.promise;
    page.send({ kind: 'reply', id: 4, value: 'Jnull' });
    page.send({ kind: 'event', channel: 'push', args: 'J["word-7. and word-6."]' });
    expect(told(bridge.take())).toEqual([
      'bridge:in messages.send 7',
      'bridge:out messages.send answered',
      'bridge:out push 7 6',
    ]);
  });

  it('goes away again', async () => {
    const client = recording((recorder) => tapConnections(recorder, 'client'));
    for (const undo of undos.splice(1)) await undo();
    expect(hasSubscribers('net.client.socket')).toBe(false);
    await ask('word-7.');
    expect(client.take()).toEqual([]);
  });
});

describe('the store', () => {
  const THREAD = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData).then(({ tapStoreThread }) => {
      tapStoreThread();
      parentPort.on('message', ({ id, name }) => {
        const until = performance.now() + 5;
        while (performance.now() < until);
        parentPort.postMessage(name === 'broken' ? { kind: 'error', id } : { kind: 'value', id, value: name });
      });
      parentPort.postMessage({ kind: 'ready' });
    });`;

  async function ask(worker: Worker, call: { id: number; name: string; input: unknown }): Promise<unknown> {
    worker.postMessage(call);
    const [answer] = (await once(worker, 'message')) as [unknown];
    return answer;
  }

  it("stamps both ends of a call and the thread's own work between them", async () => {
    const recorder = recording(tapStoreCalls);
    const module = new URL('../../../bench/trace/store-tap.ts', import.meta.url).href;
    const worker = new Worker(THREAD, { eval: true, workerData: module });
    undos.push(async () => void (await worker.terminate()));
    await once(worker, 'message');
    const written = { id: 1, name: 'enqueue', input: { localId: 'a', text: 'word-7.' } };
    expect(await ask(worker, written)).toMatchObject({ kind: 'value', id: 1, value: 'enqueue' });
    await ask(worker, { id: 2, name: 'outboxHeads', input: {} });
    await ask(worker, { id: 3, name: 'beginAttempt', input: { localId: 'a' } });
    await ask(worker, { id: 4, name: 'broken', input: { localId: 'b' } });
    worker.postMessage('close');
    const stamps = recorder.take();
    const steps = ['asked', 'begun', 'done', 'answered'];
    expect(told(stamps)).toEqual([
      'step store ready',
      ...steps.map((step) => `store:${step} enqueue 7`),
      ...steps.map((step) => `store:${step} outboxHeads`),
      ...steps.map((step) => `store:${step} beginAttempt 7`),
      ...steps.map((step) => `store:${step} broken`),
    ]);
    const times = stamps.map(({ at }) => at);
    expect([...times].sort((one, other) => one - other)).toEqual(times);
    const [begun = 0, done = 0] = times.slice(2, 4);
    expect(done - begun).toBeGreaterThanOrEqual(5);
  });
});

describe('the node', () => {
  it('stamps each commit when it is done', () => {
    const recorder = recording(tapCommits);
    const database = new DatabaseSync(':memory:');
    undos.push(() => database.close());
    const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
    for (let n = 0; n < 2; n += 1) {
      begin.run();
      expect(recorder.take()).toEqual([]);
      commit.run();
      expect(told(recorder.take())).toEqual(['commit']);
    }
  });
});
