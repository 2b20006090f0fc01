/** Search over a million stored messages, through the store's own reading thread. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseQuery } from '../../../electron/main/lib/search-query.ts';
import type { ReaderOperations } from '../../../electron/main/services/store/operations.ts';
import { startStoreThread } from '../../../electron/main/services/store/store-client.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { fillStore } from '../lib/fill-store.ts';
import { Dice } from '../lib/random.ts';
import type { Figure } from '../lib/report.ts';
import { percentile, summarize } from '../lib/stats.ts';
import { spread, World } from '../lib/world.ts';

const SOURCES = join(import.meta.dirname, '../../../electron/main/services/store');
const ACCOUNT = 'https://bench.example bench-me';
/** A page of results, as the search screen asks for it. */
const LIMIT = 30;
/** The newest message's time: fixed, so that the database can be kept from run to run. */
const UNTIL = Date.UTC(2026, 0, 15);
/** Every chat goes back two years. */
const SPAN = 730 * 24 * 3_600_000;

interface Kind {
  name: string;
  what: string;
  query(world: World, dice: Dice): string;
}

/** A word of a rank between two, closed by a blank so that it is a whole word and no beginning. */
const word = (from: number, to: number) => (world: World, dice: Dice) => `${world.writer.word(dice.whole(from, to))} `;

const KINDS: readonly Kind[] = [
  { name: 'common', what: 'one of the 20 most common words', query: word(0, 20) },
  { name: 'middling', what: 'a word of rank 200 to 2,000', query: word(200, 2000) },
  { name: 'rare', what: 'a rare word (rank 8,000 to 30,000)', query: word(8000, 30_000) },
  { name: 'absent', what: 'a word that is nowhere', query: (_, dice) => `qqxx${dice.whole(0, 1e9)} ` },
  {
    name: 'letter',
    what: 'the first letter being typed',
    query: (_, dice) => dice.pick([...'bcdfghlmnprstvбвдзклмнпрст']),
  },
  {
    name: 'prefix',
    what: 'three letters being typed',
    query: (world, dice) => world.writer.word(dice.whole(100, 20_000)).slice(0, 3),
  },
  {
    name: 'twoCommon',
    what: 'two common words',
    query: (world, dice) => `${world.writer.word(dice.whole(0, 60))} ${world.writer.word(dice.whole(0, 60))} `,
  },
  {
    name: 'twoMixed',
    what: 'a common and a rare word',
    query: (world, dice) => `${world.writer.word(dice.whole(0, 60))} ${world.writer.word(dice.whole(3000, 20_000))} `,
  },
  {
    name: 'phrase',
    what: 'a quoted pair of common words',
    query: (world, dice) => `"${world.writer.word(dice.whole(0, 40))} ${world.writer.word(dice.whole(0, 40))}"`,
  },
  {
    name: 'from',
    what: 'from: a person, and a common word',
    query: (world, dice) => `from:person${dice.whole(0, world.chatCount)} ${world.writer.word(dice.whole(0, 100))} `,
  },
  {
    name: 'month',
    what: 'after: and before: a month, and a common word',
    query: (world, dice) => {
      const month = String(dice.whole(1, 12)).padStart(2, '0');
      const year = dice.pick(['2024', '2025']);
      return `after:${year}-${month}-01 before:${year}-${month}-28 ${world.writer.word(dice.whole(0, 100))} `;
    },
  },
  {
    name: 'link',
    what: 'has:link and a common word',
    query: (world, dice) => `has:link ${world.writer.word(dice.whole(0, 100))} `,
  },
];

/** What the index holds is folded by it. */
const FOLD = '../../../../contract/model/search-text.ts';

/** The store of a million messages: made once for a version of the store and a seed, then kept. */
async function storedWorld(context: BenchContext, world: World, messages: number): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(world.plan));
  for (const file of [
    'migrations.ts',
    'index-rows.ts',
    'message-rows.ts',
    'database.ts',
    'place.ts',
    'search-index.ts',
    FOLD,
  ]) {
    hash.update(await readFile(join(SOURCES, file)));
  }
  const folder = join(context.cacheDir, `search-${messages}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  context.say(`storing ${messages} messages (once; kept in out/bench/cache)`);
  const making = `${folder}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  let told = 0;
  fillStore({ folder: making, account: ACCOUNT, me: world.me.id }, world, (stored) => {
    if (stored - told < 250_000) return;
    told = stored;
    context.say(`${stored} stored`);
  });
  await rename(making, folder);
  return folder;
}

export const searchCase: BenchCase = {
  name: 'search',
  title: 'search over 1,000,000 messages',
  async run(context) {
    const messages = context.quick ? 50_000 : 1_000_000;
    const rounds = context.quick ? 10 : 50;
    const world = new World({ seed: context.seed, sizes: spread(1000, messages), until: UNTIL, span: SPAN });
    const folder = await storedWorld(context, world, messages);
    const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const setup = {
      role: 'reader',
      folder,
      account: ACCOUNT,
      me: world.me.id,
      useFts: true,
      now: UNTIL,
      quarantine: false,
    } as const;
    const url = pathToFileURL(join(SOURCES, 'worker.ts'));
    const thread = await startStoreThread<ReaderOperations>(url, setup, quiet);
    const times = new Map<string, number[]>(KINDS.map(({ name }) => [name, []]));
    const hits = new Map<string, number>();
    const first: number[] = [];
    try {
      if (!thread.opened.indexed) throw new Error('this build of SQLite has no full-text search');
      for (let round = -1; round < rounds; round += 1) {
        for (const [number, kind] of KINDS.entries()) {
          const text = kind.query(world, new Dice(context.seed + round * 100 + number));
          const begun = performance.now();
          const query = parseQuery(text);
          const [answer] = await Promise.all([
            thread.api.search({ query, chatId: null, limit: LIMIT, offset: 0 }),
            thread.api.reach({ query, chatId: null, spareUnread: false, aside: [], mostOfAChat: null }),
          ]);
          const took = performance.now() - begun;
          if (round < 0) first.push(took);
          else times.get(kind.name)?.push(took);
          hits.set(kind.name, (hits.get(kind.name) ?? 0) + answer.hits.length);
        }
      }
    } finally {
      await thread.close();
    }
    const all = [...times.values()].flat();
    const figures: Figure[] = [
      {
        name: 'search.p95',
        what: `all kinds together, p95 of ${all.length}`,
        value: percentile(all, 0.95),
        unit: 'ms',
        budget: { atMost: 50 },
        summary: summarize(all),
      },
      { name: 'search.p50', what: 'all kinds together, p50', value: percentile(all, 0.5), unit: 'ms', budget: null },
      {
        name: 'search.first',
        what: 'the first search of each kind after opening, slowest',
        value: Math.max(...first),
        unit: 'ms',
        budget: null,
      },
    ];
    for (const { name, what } of KINDS) {
      const samples = times.get(name) ?? [];
      const summary = summarize(samples);
      const mean = ((hits.get(name) ?? 0) / (rounds + 1)).toFixed(1);
      figures.push({
        name: `search.${name}.p95`,
        what: `${what}, p95 (p50 ${summary.p50})`,
        value: summary.p95,
        unit: 'ms',
        budget: { atMost: 50 },
        summary,
        note: `${mean} hits of at most ${LIMIT} on average`,
      });
    }
    return {
      method:
        `${messages} messages in 1,000 chats, stored by the store's own operations; ${KINDS.length} kinds of query, ${rounds} different ones ` +
        `of each in turn, through the store's reading thread as main asks it: message to the thread, order, excerpts, how far it reached, and answer ` +
        `included. The words follow the frequencies of real text, from one in every second message to one in a hundred thousand.`,
      figures,
      refused: [],
    };
  },
};
