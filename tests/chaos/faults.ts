/** Rows 1 and 2: messages through a breaking network to a relay that is killed again and again. */
import { createPerson, must, type Person } from '../helpers/data-world.ts';
import { registerAt, spawnRelay } from '../helpers/relay.ts';
import type { Capability } from '../../contract/api/capabilities.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { clientHistory, judge, serverHistory, type Verdict } from './ledger.ts';
import { seededRandom } from './random.ts';

export interface FaultsOptions {
  seed: number;
  messages: number;
  /** False: a server without keys and without any other extension. */
  withKeys: boolean;
  /** Each of the four faults meets a send with this chance. */
  chance: number;
  /** The relay is killed after so many milliseconds of life, again and again; 0: never. */
  killEveryMs: number;
  /** True: the writer and the reader are two accounts of one program. */
  oneProgram?: boolean;
  /** How long the whole may take, in milliseconds. */
  limitMs: number;
  say?: (line: string) => void;
}

export interface FaultsResult extends Verdict {
  messages: number;
  kills: number;
  faults: Record<string, number>;
  /** Messages that the person would be asked about. */
  undecided: number;
  /** True when both clients hold exactly what the server holds. */
  storesEqual: boolean;
  seconds: number;
}

const CHATS = 4;
const LATE_MS = 900;
const SETTLE_MS = 1_500;
const WITH_KEYS: Capability[] = ['idempotency', 'cursors', 'sync', 'message-read', 'presence'];

/** Runs it to its end: everything sent, the network calm, both sides equal. */
export async function runFaults(options: FaultsOptions): Promise<FaultsResult> {
  const random = seededRandom(options.seed);
  const started = performance.now();
  const say = options.say ?? ((): void => undefined);
  const env: Record<string, string> = {
    RELAY_FRAMES_PER_SECOND: '10000',
    RELAY_FRAMES_BURST: '10000',
    RELAY_REGISTRATIONS_PER_HOUR: '1000',
    RELAY_LOG: 'silent',
    ...(options.withKeys ? {} : { RELAY_CAPABILITIES: 'none' }),
  };
  const relay = await spawnRelay({ env });
  const proxy = await startFaultProxy({ target: relay.port, random, chance: options.chance, lateMs: LATE_MS });
  const people: Person[] = [];
  let isOver = false;
  let kills = 0;
  let killing: Promise<void> = Promise.resolve();
  try {
    const capabilities = options.withKeys ? WITH_KEYS : [];
    const writer = await registerAt(relay.url, 'writer');
    const readers = await Promise.all(Array.from({ length: CHATS }, (_, n) => registerAt(relay.url, `reader${n}`)));
    const make = async (one: typeof writer, beside?: Person): Promise<Person> => {
      const person = await createPerson({
        url: proxy.url,
        user: one.user,
        token: one.token,
        capabilities,
        data: { settleMs: SETTLE_MS, random },
        ...(beside ? { beside } : {}),
      });
      people.push(person);
      person.open();
      return person;
    };
    const anna = await make(writer);
    const boris = await make(readers[0] ?? writer, options.oneProgram ? anna : undefined);
    await anna.page.until('live', () => anna.data.connection.phase === 'live', 30_000);
    const chats: string[] = [];
    for (const reader of readers) {
      const answer = await writer.api.post<{ chat: { id: string } }>('/chats', { userId: reader.user.id });
      chats.push(answer.body.chat.id);
    }
    for (const reader of readers) await retried(() => anna.data.chats.create({ userId: reader.user.id }));

    if (options.killEveryMs > 0) {
      killing = (async () => {
        while (!isOver) {
          await new Promise((resolve) => setTimeout(resolve, options.killEveryMs));
          if (isOver) return;
          await relay.kill();
          proxy.refuse();
          kills += 1;
          await relay.restart();
          await proxy.accept();
          // Waits of up to 30 s would outlive the relay's short lives: the system says that the network is back.
          for (const person of people) person.resume();
        }
      })();
    }
    const written = new Map<string, string[]>(chats.map((chatId) => [chatId, []]));
    for (let n = 0; n < options.messages; n += 1) {
      const chatId = chats[Math.floor(random() * chats.length)] ?? '';
      const text = `message ${n}`;
      must(await anna.data.messages.send({ chatId, text, replyTo: null }));
      written.get(chatId)?.push(text);
      if (random() < 0.01) proxy.dropSockets();
      // A person, not a machine: now and then the queue empties.
      if (n % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 20 + random() * 100));
    }
    say(`seed ${options.seed}: ${options.messages} written, waiting for them to be sent`);
    const isOpen = (): boolean => [...anna.page.chats.values()].some((chat) => chat.waiting > 0);
    const progress = setInterval(() => {
      const waiting = [...anna.page.chats.values()].reduce((sum, chat) => sum + chat.waiting, 0);
      say(`seed ${options.seed}: ${waiting} waiting, ${kills} kills, ${anna.data.connection.phase}`);
    }, 5_000);
    try {
      await anna.page.until('everything sent or undecided', () => !isOpen(), options.limitMs);
    } finally {
      clearInterval(progress);
    }
    isOver = true;
    await killing;
    proxy.calm();
    // A request that was late may still be on its way.
    await new Promise((resolve) => setTimeout(resolve, LATE_MS + 500));
    proxy.dropSockets();
    for (const one of [anna, boris]) {
      one.resume();
      await one.page.until('live again', () => one.data.connection.phase === 'live', 60_000);
    }

    const result: FaultsResult = {
      lost: 0,
      doubles: 0,
      unmarked: 0,
      disordered: 0,
      messages: options.messages,
      kills,
      faults: { ...proxy.counts },
      undecided: [...anna.page.messages.values()].filter((message) => message.undecided).length,
      storesEqual: true,
      seconds: 0,
    };
    for (const [index, chatId] of chats.entries()) {
      const server = await serverHistory(writer.api, chatId);
      const ids = server.map((message) => message.id);
      for (const one of index === 0 ? [anna, boris] : [anna]) {
        const same = await equalSoon(one, chatId, ids);
        if (!same) say(`seed ${options.seed}: the stores differ in chat ${index}`);
        result.storesEqual &&= same;
      }
      const { messages } = await clientHistory(anna, chatId);
      const marked = new Set(messages.filter((message) => message.doubleOf !== null).map((message) => message.text));
      const verdict = judge(
        written.get(chatId) ?? [],
        server.map((message) => message.content),
        marked,
      );
      result.lost += verdict.lost;
      result.doubles += verdict.doubles;
      result.unmarked += verdict.unmarked;
      result.disordered += verdict.disordered;
    }
    result.seconds = Math.round((performance.now() - started) / 100) / 10;
    return result;
  } finally {
    isOver = true;
    await killing.catch(() => undefined);
    for (const person of people) await person.close();
    await proxy.close();
    await relay.close();
  }
}

async function retried<T>(
  work: () => Promise<{ ok: true; value: T } | { ok: false; error: { code: string } }>,
): Promise<T> {
  for (let n = 0; ; n += 1) {
    const result = await work();
    if (result.ok) return result.value;
    if (n === 20) throw new Error(result.error.code);
  }
}

/** True when the client holds exactly these ids, in this order, within ten seconds. */
async function equalSoon(person: Person, chatId: string, ids: readonly string[]): Promise<boolean> {
  for (const end = performance.now() + 10_000; performance.now() < end;) {
    let { messages, hasGap } = await clientHistory(person, chatId);
    if (hasGap) {
      await person.data.messages.fill({ chatId, edge: 'older', key: messages[0]?.key ?? null });
      ({ messages, hasGap } = await clientHistory(person, chatId));
    }
    const here = messages.flatMap((message) => (message.id === null ? [] : [message.id]));
    if (!hasGap && here.length === ids.length && here.every((id, n) => id === ids[n])) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
