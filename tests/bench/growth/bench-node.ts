/** A relay in a process of its own, with the instrument that watches its event loop, and the bench's ways to call it. */
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import WebSocket from 'ws';
import { createTokens } from '../../../relay/services/tokens.ts';
import { spawnRelay, type SpawnedRelay } from '../../helpers/relay-process.ts';
import { openHostLink, type LoopRecord } from '../lib/host-link.ts';

const SECRET = 'the secret of the bench, which signs the tokens of everybody';
const PROBE = pathToFileURL(join(import.meta.dirname, '../lib/host-probe.ts')).href;
const TOKEN_MS = 24 * 3_600_000;

/** Everybody comes from one address here, and sends as fast as the node can take it. */
const LIMITS = {
  RELAY_JWT_SECRET: SECRET,
  RELAY_CONNECTIONS_PER_ADDRESS: '100000',
  RELAY_FRAMES_PER_SECOND: '100000',
  RELAY_FRAMES_BURST: '100000',
  RELAY_LOGIN_FAILURES: '10000',
};

export interface BenchNode {
  readonly url: string;
  readonly dataDir: string;
  readonly adminPassword: string;
  readonly pid: number;
  token(userId: string): Promise<string>;
  /** A call below `/api`; its parsed answer. @throws for anything but success. */
  call(method: string, path: string, token: string | null, body?: unknown): Promise<unknown>;
  /** Milliseconds from the call to its answer, which is not looked at. */
  time(method: string, path: string, token: string | null, body?: unknown): Promise<number>;
  /** A socket whose greeting has come. @param hear gets every later frame's text. */
  socket(token: string, hear?: (text: string) => void): Promise<WebSocket>;
  /** What the node's event loop did while `run` was under way. */
  watch<T>(run: () => Promise<T>): Promise<{ value: T; loop: LoopRecord }>;
  close(): Promise<void>;
}

/** A node without the instrument, on its folder: to build the database, and to take the time of its start. */
export function plainNode(dataDir: string): Promise<SpawnedRelay> {
  return spawnRelay({ dataDir, env: LIMITS });
}

export async function openBenchNode(dataDir: string): Promise<BenchNode> {
  const link = await openHostLink();
  const relay = await spawnRelay({
    dataDir,
    env: { ...LIMITS, RELAY_BENCH_PROBE: String(link.port), NODE_OPTIONS: `--import=${PROBE}` },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const tokens = createTokens(Buffer.from(SECRET, 'utf8'), TOKEN_MS, Date.now);

  function send(method: string, path: string, token: string | null, body: unknown): Promise<string> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? null : JSON.stringify(body);
      const headers = {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      };
      const sent = request(`${relay.url}/api${path}`, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(answer);
          else reject(new Error(`${method} ${path}: ${status} ${answer.slice(0, 300)}`));
        });
      });
      sent.on('error', reject);
      sent.end(text ?? undefined);
    });
  }

  return {
    url: relay.url,
    dataDir,
    adminPassword: relay.adminPassword,
    pid: relay.pid ?? Number.NaN,
    token: (userId) => tokens.sign({ userId, version: 1, scope: 'user' }),
    async call(method, path, token, body) {
      const answer = await send(method, path, token, body);
      const parsed: unknown = answer === '' ? null : JSON.parse(answer);
      return parsed;
    },
    async time(method, path, token, body) {
      const begun = performance.now();
      await send(method, path, token, body);
      return performance.now() - begun;
    },
    socket(token, hear) {
      return new Promise((resolve, reject) => {
        const socket = new WebSocket(`${relay.url.replace('http', 'ws')}/ws?token=${token}`, {
          perMessageDeflate: false,
        });
        socket.once('error', reject);
        socket.once('close', (code) => reject(new Error(`a socket was closed with ${code} before its greeting`)));
        socket.once('message', (data: Buffer) => {
          const text = data.toString();
          if (!text.includes('"auth:success"')) {
            reject(new Error(`no greeting: ${text.slice(0, 300)}`));
            return;
          }
          if (hear) socket.on('message', (later: Buffer) => hear(later.toString()));
          // Also what comes later: a connection that breaks is seen by the case that waits for it.
          socket.on('error', () => socket.terminate());
          resolve(socket);
        });
      });
    },
    async watch(run) {
      await link.startLoop();
      try {
        const value = await run();
        return { value, loop: await link.stopLoop() };
      } catch (error) {
        await link.stopLoop();
        throw error;
      }
    },
    async close() {
      agent.destroy();
      link.close();
      await relay.close();
    },
  };
}
