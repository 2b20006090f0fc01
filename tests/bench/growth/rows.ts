/** What is measured on a node of each size: every row brings its times, the smaller the better. */
import { setTimeout as pause } from 'node:timers/promises';
import type WebSocket from 'ws';
import type { LoopRecord } from '../lib/host-link.ts';
import type { BenchNode } from './bench-node.ts';
import * as filled from './fill-relay.ts';
import type { RelaySize } from './fill-relay.ts';

export interface GrowthWorld {
  node: BenchNode;
  size: RelaySize;
  /** Repetitions of what takes a moment. */
  rounds: number;
  /** Sockets that are open during the heartbeat. */
  sockets: number;
  adminToken: string;
}

interface GrowthRow {
  name: string;
  what: string;
  /** Milliseconds, one for each repetition. */
  run(world: GrowthWorld): Promise<number[]>;
}

/** A row that needs something set up, and put away, which is not looked at. */
interface StagedRow {
  name: string;
  what: string;
  stage(world: GrowthWorld): Promise<{ run(): Promise<number[]>; end(): Promise<void> }>;
}

/** A row without times of its own: what the node's event loop did during a part of it. */
interface WatchedRow {
  name: string;
  what: string;
  watch(world: GrowthWorld): Promise<LoopRecord>;
}

/** How long the interval of the heartbeat is, and a little more. Milliseconds. */
const HEARTBEAT_MS = 31_000;
const LATE_MS = 120_000;
const PEOPLE_LETTERS = ['a', 'm', 's', 'j', 'k', 'p', 'l', 'r'];
/** Sockets opened at the same time. */
const AT_ONCE = 50;

async function repeat(count: number, once: (round: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) times.push(await once(round));
  return times;
}

async function until(what: string, isDone: () => boolean): Promise<void> {
  const end = performance.now() + LATE_MS;
  while (!isDone()) {
    if (performance.now() > end) throw new Error(`${what}: not after ${LATE_MS} ms`);
    await pause(5);
  }
}

async function openMany(
  { node }: GrowthWorld,
  users: readonly string[],
  hear?: (text: string) => void,
): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (let start = 0; start < users.length; start += AT_ONCE) {
    const some = users.slice(start, start + AT_ONCE);
    sockets.push(...(await Promise.all(some.map(async (user) => node.socket(await node.token(user), hear)))));
  }
  return sockets;
}

/** Ends sockets, and waits until the node has dealt with their end, the grace period of presence included. */
async function closeAll(sockets: readonly WebSocket[]): Promise<void> {
  for (const socket of sockets) socket.terminate();
  await pause(4000);
}

const send = async (world: GrowthWorld, user: string, chatId: string, content: string): Promise<number> =>
  world.node.time('POST', '/messages/send', await world.node.token(user), { chatId, content });

/** A row of one GET after the other. */
const gets = (
  name: string,
  what: string,
  of: (world: GrowthWorld) => { user: string | null; path: (round: number) => string; rounds?: number },
): GrowthRow => ({
  name,
  what,
  async run(world) {
    const { user, path, rounds = world.rounds } = of(world);
    const token = user === null ? world.adminToken : await world.node.token(user);
    await world.node.call('GET', path(0), token);
    return repeat(rounds, (round) => world.node.time('GET', path(round), token));
  },
});

const unstaged = (row: GrowthRow): StagedRow => ({
  name: row.name,
  what: row.what,
  stage: (world) => Promise.resolve({ run: () => row.run(world), end: () => Promise.resolve() }),
});

const deepPage = (total: number): number => Math.max(0, total - 60);

const messaging: GrowthRow[] = [
  {
    name: 'send',
    what: 'send a message',
    run: (world) => repeat(world.rounds * 2, (round) => send(world, filled.person(0), filled.chat(0), `one ${round}`)),
  },
  {
    name: 'react',
    what: 'react to a message',
    run: (world) =>
      repeat(world.rounds, async (round) =>
        world.node.time(
          'POST',
          `/messages/${filled.message(round + 1)}/reactions`,
          await world.node.token(filled.person(round + 1)),
          { emoji: '❤️' },
        ),
      ),
  },
  gets('before', 'a page before a cursor in the middle of a deep chat', ({ size }) => ({
    user: filled.deepReader(0),
    path: () =>
      `/chats/${filled.deepChat(0)}/messages?limit=50&before=${filled.deepMessage(0, filled.deepCount(size) >> 1)}`,
  })),
  gets('after', 'a page after that cursor', ({ size }) => ({
    user: filled.deepReader(0),
    path: () =>
      `/chats/${filled.deepChat(0)}/messages?limit=50&after=${filled.deepMessage(0, filled.deepCount(size) >> 1)}`,
  })),
  {
    name: 'firstDeep',
    what: 'the first read of a deep chat, at its far end',
    run: ({ node, size }) =>
      repeat(filled.DEEP - 1, async (round) => {
        const path = `/chats/${filled.deepChat(round + 1)}/messages?limit=50&offset=${deepPage(filled.deepCount(size))}`;
        return node.time('GET', path, await node.token(filled.deepReader(round + 1)));
      }),
  },
  gets('deepOffset', 'history at the far end of a deep chat, by offset', ({ size }) => ({
    user: filled.deepReader(0),
    path: () => `/chats/${filled.deepChat(0)}/messages?limit=50&offset=${deepPage(filled.deepCount(size))}`,
  })),
];

const arriving: GrowthRow[] = [
  {
    name: 'login',
    what: 'log in with a password',
    run: ({ node, rounds }) =>
      repeat(Math.ceil(rounds / 2), (round) =>
        node.time('POST', '/auth/login', null, {
          username: filled.username(round + 30),
          password: filled.PASSWORD,
        }),
      ),
  },
  {
    name: 'signIn',
    what: 'sign in on a socket',
    async run(world) {
      const sockets: WebSocket[] = [];
      const times = await repeat(world.rounds, async (round) => {
        const token = await world.node.token(filled.person(round + 100));
        const begun = performance.now();
        sockets.push(await world.node.socket(token));
        return performance.now() - begun;
      });
      await closeAll(sockets);
      return times;
    },
  },
  {
    name: 'absence',
    what: 'sign in after an absence, until all chats of the crowd are delivered',
    async run(world) {
      const sockets: WebSocket[] = [];
      const times = await repeat(3, async (round) => {
        const user = filled.heavy(round + 1);
        const watch = filled.watchUndelivered(world.node.dataDir, user);
        try {
          if (watch.count() !== world.size.crowd) throw new Error('the absence had ended before it was measured');
          const token = await world.node.token(user);
          const begun = performance.now();
          sockets.push(await world.node.socket(token));
          await until('delivery after an absence', () => watch.count() === 0);
          return performance.now() - begun;
        } finally {
          watch.close();
        }
      });
      await closeAll(sockets);
      return times;
    },
  },
  gets('chats', 'GET /chats with a chat with everybody of the crowd', ({ rounds }) => ({
    user: filled.heavy(0),
    path: () => '/chats',
    rounds: Math.ceil(rounds / 5),
  })),
  gets('chatPage', 'the first page of that list', () => ({ user: filled.heavy(0), path: () => '/chats?limit=100' })),
];

const finding: GrowthRow[] = [
  gets('search', 'search people by one letter', () => ({
    user: filled.person(5),
    path: (round) => `/users/search?q=${PEOPLE_LETTERS[round % PEOPLE_LETTERS.length] ?? ''}`,
  })),
  {
    name: 'besideSearch',
    what: 'a stranger’s send while four people search by one letter',
    async run(world) {
      let over = false;
      const search = async (user: string, first: number): Promise<void> => {
        const token = await world.node.token(user);
        for (let round = first; !over; round += 1)
          await world.node.call('GET', `/users/search?q=${PEOPLE_LETTERS[round % PEOPLE_LETTERS.length] ?? ''}`, token);
      };
      const searches = [10, 11, 12, 13].map((index) => search(filled.person(index), index));
      try {
        return await repeat(world.rounds, (round) => send(world, filled.person(20), filled.chat(20), `two ${round}`));
      } finally {
        over = true;
        await Promise.all(searches);
      }
    },
  },
];

const admin = (name: string, what: string, path: (size: RelaySize) => string): GrowthRow =>
  gets(name, what, ({ size, rounds }) => ({ user: null, path: () => path(size), rounds: Math.ceil(rounds / 5) }));

const administrating: GrowthRow[] = [
  admin('statistics', 'GET /admin/stats', () => '/admin/stats'),
  admin('figures', 'GET /admin/stats with figures over time and the emojis chosen most', () => {
    return `/admin/stats?from=${filled.UNTIL - 7 * 86_400_000}&to=${filled.UNTIL}&step=24`;
  }),
  admin('totals', 'one person with the total of all', () => '/admin/users?limit=1'),
  admin('users', 'the far end of all people', ({ people }) => `/admin/users?limit=50&offset=${deepPage(people)}`),
  admin('messages', 'the far end of all messages', ({ messages }) => {
    return `/admin/messages?limit=50&offset=${deepPage(messages)}`;
  }),
  admin('reactions', 'the far end of all reactions', (size) => {
    return `/reactions/all?limit=50&offset=${deepPage(Math.floor(filled.plainCount(size) / 10))}`;
  }),
];

const crowding: StagedRow[] = [
  {
    name: 'presence',
    what: 'somebody with a chat with all of the connected crowd comes, until the last one has heard',
    async stage(world) {
      const who = filled.heavy(5);
      let heard = 0;
      const peers = Array.from({ length: world.size.crowd }, (_, index) => filled.crowd(index));
      const sockets = await openMany(world, peers, (text) => {
        if (text.includes('"type":"presence"') && text.includes(`"${who}"`)) heard += 1;
      });
      const token = await world.node.token(who);
      // The greetings are written, and what opening has put off is done.
      await pause(1000);
      return {
        async run() {
          const begun = performance.now();
          sockets.push(await world.node.socket(token));
          await until('presence', () => heard === peers.length);
          return [performance.now() - begun];
        },
        end: () => closeAll(sockets),
      };
    },
  },
];

/** After all others. */
export const WATCHED_ROWS: readonly WatchedRow[] = [
  {
    name: 'herd',
    what: 'the whole crowd is gone at once',
    async watch(world) {
      const crowd = Array.from({ length: world.size.crowd }, (_, index) => filled.crowd(index));
      const sockets = await openMany(world, crowd);
      await pause(1000);
      const { loop } = await world.node.watch(() => closeAll(sockets));
      return loop;
    },
  },
  {
    name: 'heartbeat',
    what: 'one heartbeat of many sockets',
    async watch(world) {
      const users = Array.from({ length: world.sockets }, (_, index) => filled.person(index % world.size.people));
      const sockets = await openMany(world, users);
      let gone = 0;
      for (const socket of sockets) socket.once('close', () => (gone += 1));
      // What opening them took belongs to the rows above: only the time after it is looked at.
      await pause(4000);
      const { loop } = await world.node.watch(() => pause(HEARTBEAT_MS));
      if (gone > 0) throw new Error(`${gone} sockets were closed`);
      await closeAll(sockets);
      return loop;
    },
  },
];

/** In the order in which they run: what changes much comes last. */
export const GROWTH_ROWS: readonly StagedRow[] = [
  ...[...messaging, ...finding, ...administrating, ...arriving].map(unstaged),
  ...crowding,
];
