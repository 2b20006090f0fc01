/**
 * The counters of docs/SECURITY-TESTS.md: attacks on a relay of its own with the limits as they are delivered, each told
 * in figures. `node tests/security/attacks.ts [NAME...]`; without names all of them.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Message } from '../../contract/api/message.ts';
import { createRelayClient, PASSWORD, registerAt, spawnRelay, type SpawnedRelay } from '../helpers/relay.ts';
import { chatBetween } from '../helpers/relay-scene.ts';
import { openSocket, signedIn, type TestSocket } from '../helpers/relay-socket.ts';

type Figures = Record<string, number | string>;

const socketUrl = (relay: SpawnedRelay): string => `${relay.url.replace('http', 'ws')}/ws`;

/** Resident memory of the node, in MiB. */
function megabytes(relay: SpawnedRelay): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(relay.pid)]).toString();
  return Math.round(Number(kilobytes) / 1024);
}

/** `workers` that do the same for `ms`; answers how often each status came. */
async function flood(ms: number, workers: number, work: () => Promise<number>): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const end = performance.now() + ms;
  const run = async (): Promise<void> => {
    while (performance.now() < end) {
      const status = await work();
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: workers }, run));
  return counts;
}

const perSecond = (count: number | undefined, ms: number): number => Math.round(((count ?? 0) / ms) * 1000);

/** One person sends messages of 4,000 characters by request and over five sockets, opened anew when they are closed. */
async function sending(relay: SpawnedRelay): Promise<Figures> {
  const [anna, boris] = [await registerAt(relay.url, 'anna'), await registerAt(relay.url, 'boris')];
  const chatId = await chatBetween(anna, boris);
  const before = megabytes(relay);
  const content = 'x'.repeat(4000);
  const ms = 6000;
  let isOver = false;
  const frames = Array.from({ length: 5 }, async () => {
    while (!isOver) {
      const socket = await signedIn(socketUrl(relay), anna.token).catch(() => null);
      while (!isOver && socket?.socket.readyState === 1) {
        for (let index = 0; index < 20; index += 1) socket.send({ type: 'message:send', data: { chatId, content } });
        await new Promise((next) => setTimeout(next, 5));
      }
      await socket?.close();
    }
  });
  const api = createRelayClient(relay.url, anna.token);
  const statuses = await flood(ms, 20, async () => (await api.post('/messages/send', { chatId, content })).status);
  isOver = true;
  await Promise.all(frames);
  const { total } = (await boris.api.get<{ messages: Message[]; total: number }>(`/chats/${chatId}/messages`)).body;
  return {
    'messages stored in 6 s': total,
    'requests refused per second': perSecond(statuses.get(429), ms),
    'MiB more': megabytes(relay) - before,
  };
}

/** The same request over and over on one line, a hundred at a time: costs the attacker next to nothing. */
async function pipelined(port: number, ms: number): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const line = connect(port, '127.0.0.1');
  const batch = 'GET /api/capabilities HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(100);
  const end = performance.now() + ms;
  let open = 0;
  let rest = '';
  const done = once(line, 'close');
  const ask = (): void => {
    open += 100;
    line.write(batch);
  };
  line.on('data', (data) => {
    const parts = (rest + data.toString('latin1')).split('HTTP/1.1 ');
    // The last one may have come in part.
    rest = `HTTP/1.1 ${parts.pop() ?? ''}`;
    for (const part of parts.filter((text) => text !== '')) {
      const status = Number(part.slice(0, 3));
      counts.set(status, (counts.get(status) ?? 0) + 1);
      open -= 1;
    }
    if (performance.now() > end) line.destroy();
    else if (open < 50) ask();
  });
  ask();
  await done;
  return counts;
}

/** Requests as fast as they go, by one person and by nobody. */
async function requests(relay: SpawnedRelay): Promise<Figures> {
  const [anna, boris] = [await registerAt(relay.url, 'anna'), await registerAt(relay.url, 'boris')];
  const ms = 6000;
  let slowest = 0;
  const others = setInterval(() => {
    const started = performance.now();
    void boris.api.get('/auth/me').then(() => (slowest = Math.max(slowest, performance.now() - started)));
  }, 100);
  const person = await flood(ms, 40, async () => (await anna.api.get('/auth/me')).status);
  clearInterval(others);
  const lines = await Promise.all(Array.from({ length: 20 }, () => pipelined(relay.port, ms)));
  const sum = (status: number): number => lines.reduce((all, counts) => all + (counts.get(status) ?? 0), 0);
  return {
    'one person, served per second': perSecond(person.get(200), ms),
    'one person, refused per second': perSecond(person.get(429), ms),
    'somebody else’s slowest answer meanwhile, ms': Math.round(slowest),
    'one address, served per second': perSecond(sum(200), ms),
    'one address, refused per second': perSecond(sum(429), ms),
  };
}

/** Silent sockets and silent lines of one address, and somebody who signs in meanwhile. */
async function silence(relay: SpawnedRelay): Promise<Figures> {
  const { token } = await registerAt(relay.url, 'anna');
  const before = megabytes(relay);
  const open: TestSocket[] = [];
  let refused = 0;
  for (let index = 0; index < 1010; index += 1) {
    const socket = await openSocket(socketUrl(relay)).catch(() => null);
    if (socket) open.push(socket);
    else refused += 1;
  }
  const started = performance.now();
  const own = await signedIn(socketUrl(relay), token);
  const signInMs = Math.round(performance.now() - started);
  let cut = 0;
  const lines = Array.from({ length: 3000 }, () => connect(relay.port, '127.0.0.1'));
  for (const line of lines) line.on('error', () => undefined).on('close', () => (cut += 1));
  await Promise.all(lines.map((line) => once(line, 'connect').catch(() => undefined)));
  await new Promise((next) => setTimeout(next, 500));
  const figures = {
    'silent sockets let in of 1,010': open.length,
    'silent sockets refused': refused,
    'sign-in by token meanwhile, ms': signInMs,
    'silent lines cut of 3,000': cut,
    'MiB more': megabytes(relay) - before,
  };
  for (const line of lines) line.destroy();
  await Promise.all([own, ...open].map((socket) => socket.close()));
  return figures;
}

/** Eighty who guess, thirty who log in rightly one after the other; then forty addresses and one account. */
async function logIns(relay: SpawnedRelay): Promise<Figures> {
  const nobody = createRelayClient(relay.url);
  const logIn = async (from: string, username: string, password: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': from };
    const init = { headers, body: JSON.stringify({ username, password }) };
    return (await nobody.request('POST', '/auth/login', init)).status;
  };
  const names = Array.from({ length: 30 }, (_, index) => `person${index}`);
  for (const name of names) await registerAt(relay.url, name);
  let isOver = false;
  let name = 0;
  const guessing = Array.from({ length: 80 }, async (_, worker) => {
    // A hundred wrong guesses are all that one address has, so they are four.
    while (!isOver) await logIn(`203.0.113.${worker % 4}`, `name${(name += 1)}`, 'wrong');
  });
  const times: number[] = [];
  let right = 0;
  for (const username of names) {
    const started = performance.now();
    if ((await logIn('198.51.100.1', username, PASSWORD)) === 200) right += 1;
    times.push(performance.now() - started);
  }
  isOver = true;
  await Promise.all(guessing);
  const guesses: number[] = [];
  for (let index = 0; index < 40; index += 1) guesses.push(await logIn(`2001:db8:0:${index}::1`, 'person0', 'wrong'));
  return {
    'right log-ins let in of 30': right,
    'their median, ms': Math.round(times.toSorted((a, b) => a - b)[15] ?? 0),
    'their slowest, ms': Math.round(Math.max(...times)),
    'guesses tried of 40 from 40 addresses': guesses.filter((status) => status === 401).length,
    'the owner at the address of the last log-in': await logIn('198.51.100.1', 'person0', PASSWORD),
  };
}

/** What the tables of the limits take: requests and log-ins of ever new networks and names. */
async function memory(relay: SpawnedRelay): Promise<Figures> {
  const nobody = createRelayClient(relay.url);
  const from = (n: number): Record<string, string> => ({
    'x-forwarded-for': `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`,
  });
  let n = 0;
  const ask = async (): Promise<number> =>
    (await nobody.request('GET', '/capabilities', { headers: from((n += 1)) })).status;
  await flood(4000, 40, ask);
  const before = megabytes(relay);
  const start = n;
  await flood(20_000, 40, ask);
  return { 'networks seen': n - start, 'MiB before': before, 'MiB after': megabytes(relay) };
}

const ATTACKS: Record<string, (relay: SpawnedRelay) => Promise<Figures>> = {
  sending,
  requests,
  silence,
  'log-ins': logIns,
  memory,
};

const wanted = process.argv.slice(2);
for (const [name, attack] of Object.entries(ATTACKS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const isForwarded = name === 'log-ins' || name === 'memory';
  const relay = await spawnRelay({ ownLimits: true, env: isForwarded ? { RELAY_TRUST_PROXY: 'loopback' } : {} });
  try {
    process.stdout.write(`${name}\n`);
    for (const [what, value] of Object.entries(await attack(relay))) process.stdout.write(`  ${what}: ${value}\n`);
  } finally {
    await relay.close();
  }
}
