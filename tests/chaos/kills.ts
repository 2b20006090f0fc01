/** Row 3: the main process killed at each of eight points. Row 4: sockets that drop while messages come. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPerson, must, type Person } from '../helpers/data-world.ts';
import { registerAt, startTestRelay } from '../helpers/relay.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { clientHistory, judge, serverHistory, type Verdict } from './ledger.ts';
import type { Report, Task } from './main-child.ts';
import { seededRandom } from './random.ts';

export const KILL_STEPS = [
  'enqueue-asked',
  'enqueue-committed',
  'attempt-committed',
  'request-sent',
  'answer-received',
  'answer-committed',
  'events-applied',
  'chats-applied',
] as const;

/** Steps that may come only once in a round: the list of chats is read once, and six echoes may be one batch. */
const ONCE: ReadonlySet<string> = new Set(['events-applied', 'chats-applied']);

export interface KillsResult extends Verdict {
  step: string;
  rounds: number;
  /** Rounds in which the process really died at the step. */
  killed: number;
  /** Rounds that took longer than a minute to come to rest. */
  stuck: number;
}

interface Child {
  answered: string[];
  /** Resolves when it is idle, or has ended; true when it was killed. */
  end: Promise<{ wasKilled: boolean; isStuck: boolean }>;
}

/** Nothing may be stuck for longer. */
const REST_MS = 60_000;

function runChild(task: Task): Child {
  const child: ChildProcess = fork(join(import.meta.dirname, 'main-child.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Every child compiles the same files.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'relay-chaos-compiled') },
  });
  const answered: string[] = [];
  let isIdle = false;
  let isStuck = false;
  child.on('message', (report: Report) => {
    if (report.kind === 'answered') answered.push(report.text);
    if (report.kind === 'idle') {
      isIdle = true;
      child.kill('SIGKILL');
    }
  });
  child.send(task);
  const timer = setTimeout(() => {
    isStuck = true;
    child.kill('SIGKILL');
  }, REST_MS);
  const end = once(child, 'exit').then(() => {
    clearTimeout(timer);
    return { wasKilled: !isIdle && !isStuck && child.signalCode === 'SIGKILL', isStuck };
  });
  return { answered, end };
}

/** Kills a main process at one step, again and again on fresh data, and lets the next one finish its work. */
export async function runKills(step: (typeof KILL_STEPS)[number], rounds: number, seed: number): Promise<KillsResult> {
  const random = seededRandom(seed);
  const relay = await startTestRelay();
  const result: KillsResult = { step, rounds, killed: 0, stuck: 0, lost: 0, doubles: 0, unmarked: 0, disordered: 0 };
  try {
    const anna = await registerAt(relay.url, 'anna');
    for (let round = 0; round < rounds; round += 1) {
      const boris = await registerAt(relay.url, `boris${round}`);
      const { body } = await anna.api.post<{ chat: { id: string } }>('/chats', { userId: boris.user.id });
      const userDataDir = await mkdtemp(join(tmpdir(), 'relay-kill-'));
      const base = { url: relay.url, user: anna.user, token: anna.token, userDataDir, peerId: boris.user.id };
      const texts = Array.from({ length: 6 }, (_, n) => `round ${round} message ${n}`);
      const times = ONCE.has(step) ? 1 : 1 + Math.floor(random() * 4);
      const first = runChild({ ...base, texts, step, times });
      const { wasKilled } = await first.end;
      if (wasKilled) result.killed += 1;
      const second = await runChild({ ...base, texts: [], step: null, times: 0 }).end;
      if (second.isStuck) result.stuck += 1;
      const server = await serverHistory(anna.api, body.chat.id);
      const verdict = judge(
        first.answered,
        server.map((message) => message.content),
        new Set(),
      );
      result.lost += verdict.lost;
      result.doubles += verdict.doubles;
      result.disordered += verdict.disordered;
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 3 });
    }
    return result;
  } finally {
    await relay.close();
  }
}

export interface DropsResult {
  drops: number;
  /** Times that the client's store was equal to the server's after the gap was filled. */
  equal: number;
  /** Milliseconds from the socket's return until the gap was filled. */
  filledP50: number;
  filledP95: number;
}

/** Drops the reader's socket while messages come, and looks each time whether its store becomes the server's. */
export async function runDrops(options: {
  drops: number;
  perSecond: number;
  seed: number;
  withKeys: boolean;
}): Promise<DropsResult> {
  const random = seededRandom(options.seed);
  const relay = await startTestRelay(options.withKeys ? {} : { capabilities: [] });
  const proxy = await startFaultProxy({ target: relay.port, random, chance: 0, lateMs: 0 });
  let reader: Person | null = null;
  let isOver = false;
  let writing: Promise<void> = Promise.resolve();
  try {
    const anna = await registerAt(relay.url, 'anna');
    const boris = await registerAt(relay.url, 'boris');
    const { body } = await anna.api.post<{ chat: { id: string } }>('/chats', { userId: boris.user.id });
    const chatId = body.chat.id;
    const person = await createPerson({
      url: proxy.url,
      user: boris.user,
      token: boris.token,
      ...(options.withKeys ? {} : { capabilities: [] }),
    });
    reader = person;
    person.open();
    const isLive = (): boolean => person.data.connection.phase === 'live';
    await person.page.until('live', isLive, 30_000);
    const stored: string[] = [];
    writing = (async () => {
      while (!isOver) {
        const answer = await anna.api.post<{ message: { id: string } }>('/messages/send', {
          chatId,
          content: `message ${stored.length}`,
        });
        if (answer.status !== 201) throw new Error(`send: ${answer.status}`);
        stored.push(answer.body.message.id);
        await new Promise((resolve) => setTimeout(resolve, 1000 / options.perSecond));
      }
    })();
    const times: number[] = [];
    let equal = 0;
    for (let n = 0; n < options.drops; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50 + random() * 250));
      proxy.dropSockets();
      await person.page.until('noticed', () => !isLive(), 30_000);
      await new Promise((resolve) => setTimeout(resolve, random() * 200));
      // What the server had when the line came back must be here soon, however much comes meanwhile.
      person.resume();
      await person.page.until('open', () => ['syncing', 'live'].includes(person.data.connection.phase), 30_000);
      const expected = stored.length;
      const since = performance.now();
      if (await holds(person, chatId, stored.slice(0, expected), !options.withKeys)) equal += 1;
      times.push(performance.now() - since);
    }
    isOver = true;
    await writing;
    times.sort((a, b) => a - b);
    const at = (part: number): number =>
      Math.round(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0);
    return { drops: options.drops, equal, filledP50: at(0.5), filledP95: at(0.95) };
  } finally {
    isOver = true;
    await writing.catch(() => undefined);
    await reader?.close();
    await proxy.close();
    await relay.close();
  }
}

/**
 * True when the client holds these ids first, in this order and without a gap, within ten seconds. `looks`: the person
 * has the chat open, without which nothing is fetched that a fetch would mark as read.
 */
async function holds(person: Person, chatId: string, ids: readonly string[], looks: boolean): Promise<boolean> {
  for (const end = performance.now() + 10_000; performance.now() < end;) {
    const latest = must(await person.data.messages.page({ chatId, anchor: { at: 'latest' }, limit: 1 }));
    const newest = latest.items[0]?.id;
    // Cheap first: the whole history is only compared when the newest one is here.
    if (newest && (ids.length === 0 || ids.indexOf(newest) === ids.length - 1 || !ids.includes(newest))) {
      const { messages, hasGap } = await clientHistory(person, chatId);
      if (hasGap && looks) await person.data.messages.fill({ chatId, edge: 'older', key: messages[0]?.key ?? null });
      const here = messages.map((message) => message.id);
      if (!hasGap && here.length >= ids.length && ids.every((id, n) => here[n] === id)) return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
