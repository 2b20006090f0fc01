/**
 * Anything at all, at every row and down the socket: what the schemas take, what they take with one place wrong, and what
 * they never would. The server answers in the one shape, never with a fault of its own, and goes on. The seed is printed;
 * RELAY_FUZZ_SEED runs it again, RELAY_FUZZ_MINUTES for that long (one without it; `npm run fuzz`: 30).
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErrorAnswer } from '../../../contract/api/error.ts';
import { routeOf, ROUTE_NAMES, type RouteName } from '../../../contract/routes.ts';
import { ClientFrame } from '../../../contract/ws/client-frames.ts';
import type { TestUser } from '../../helpers/relay.ts';
import { pair, say } from '../../helpers/relay-scene.ts';
import { openSocket } from '../../helpers/relay-socket.ts';
import { fuzzOf } from '../../helpers/schema-fuzz.ts';
import { startWatchedRelay, type WatchedRelay } from '../../helpers/relay-watch.ts';

const seed = Number(process.env.RELAY_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`RELAY_FUZZ_SEED=${seed}`);
/** For how long, in all. */
const minutes = Number(process.env.RELAY_FUZZ_MINUTES ?? 1);

let relay: WatchedRelay;
let anna: TestUser;
let known: string[];
beforeAll(async () => {
  relay = await startWatchedRelay({
    limits: { framesBurst: 10_000, loginFailures: 10_000, loginFailuresPerAddress: 10_000 },
  });
  const scene = await pair(relay);
  anna = scene.anna;
  const message = await say(scene.boris, scene.chatId, 'hello');
  known = [scene.chatId, message.id, scene.boris.user.id, anna.user.id];
});
afterAll(() => relay.close());

/** Words that open doors, so that the fuzz gets behind the first one. */
const word = fc.oneof(
  fc.nat(3).map((index) => ({ known: index })),
  fc.constantFrom('👍', 'hello', '', ' ', "' OR 1=1 --", '\u202E', '../..', 'a'.repeat(5000), '\0', '\uD800'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const scalar = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const value: fc.Arbitrary<unknown> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(fc.string({ maxLength: 8 }), scalar, { maxKeys: 3 }),
);
const FIELDS = [
  'chatId',
  'content',
  'replyToId',
  'attachments',
  'clientId',
  'emoji',
  'userId',
  'username',
  'password',
  'firstName',
  'lastName',
  'age',
  'bio',
  'avatarUrl',
  'messageId',
  'token',
  'limit',
  'offset',
  'before',
  'after',
  'q',
  'since',
];
const fields = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 6 });

/** Puts the ids of the scene in the place of their numbers. */
function resolve(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(resolve);
  if (typeof input !== 'object' || input === null) return input;
  if ('known' in input && typeof input.known === 'number') return known[input.known];
  return Object.fromEntries(Object.entries(input).map(([key, inner]) => [key, resolve(inner)]));
}
const asText = (input: unknown): string => {
  const resolved = resolve(input);
  return typeof resolved === 'string' ? resolved.toWellFormed() : JSON.stringify(resolved);
};

/** @param share of the whole time. */
const check = (share: number) => ({
  ...{ seed, numRuns: 2 ** 31, interruptAfterTimeLimit: minutes * share * 60_000, endOnFailure: true },
});
const limitMs = (share: number): number => 60_000 + minutes * share * 60_000;

/** What a row takes as its body and its query, right and wrong. */
const schemaFuzz = (name: RouteName) => {
  const { body, query } = routeOf(name);
  return {
    body: body ? fc.oneof({ weight: 3, arbitrary: fuzzOf(body, word, value) }, fields, value) : fc.oneof(fields, value),
    query: query ? fc.oneof({ weight: 3, arbitrary: fuzzOf(query, word, value) }, fields) : fields,
  };
};

test(
  'requests',
  async () => {
    const request = fc.oneof(
      ...ROUTE_NAMES.map((name) =>
        fc.record({
          name: fc.constant(name),
          path: fc.array(word, { minLength: 2, maxLength: 2 }),
          asAdmin: fc.boolean(),
          ...schemaFuzz(name),
        }),
      ),
    );
    const seen = new Map<RouteName, Set<number>>();
    const property = fc.asyncProperty(request, async ({ name, path, body, query, asAdmin }) => {
      const row = routeOf(name);
      let index = 0;
      const filled = row.path.replace(/\{\w+\}/g, () => encodeURIComponent(asText(path[index++])));
      const search = new URLSearchParams(
        Object.entries(Object(query) as Record<string, unknown>).map(([key, inner]): [string, string] => [
          key,
          asText(inner),
        ]),
      );
      const init: RequestInit = {
        method: row.method,
        headers: {
          authorization: `Bearer ${asAdmin ? relay.admin.token : anna.token}`,
          'content-type': 'application/json',
        },
      };
      if (row.method !== 'GET') init.body = JSON.stringify(resolve(body));
      const response = await fetch(`${relay.url}/api${filled}?${search.toString()}`, init);
      const text = await response.text();
      seen.set(name, (seen.get(name) ?? new Set()).add(response.status));
      expect(response.status, `${name}: ${text}`).toBeLessThan(500);
      if (response.status >= 400) expect(ErrorAnswer.safeParse(JSON.parse(text)).success, text).toBe(true);
      else if (row.answer) expect(row.answer.safeParse(JSON.parse(text)).success, `${name}: ${text}`).toBe(true);
      expect(relay.faults()).toEqual([]);
    });
    await fc.assert(property, check(0.7));
    expect([...seen.keys()].sort(), 'every row was asked').toEqual([...ROUTE_NAMES].sort());
    const through = [...seen.values()].filter((statuses) => [...statuses].some((status) => status < 300));
    expect(through.length, 'the fuzz gets behind the checks of a good part of them').toBeGreaterThan(15);
  },
  limitMs(0.7),
);

test(
  'frames',
  async () => {
    const types = [
      'auth',
      'message:send',
      'typing:start',
      'typing:stop',
      'message:read',
      'call:offer',
      'message:new',
      '__proto__',
    ];
    const frame = fc.oneof(
      fuzzOf(ClientFrame, word, value).map((json) => ({ json })),
      fc.record({ type: fc.constantFrom(...types), data: fc.oneof(fields, value) }).map((json) => ({ json })),
      fc.string({ unit: 'binary', maxLength: 60 }).map((text) => ({ text })),
    );
    const property = fc.asyncProperty(
      fc.array(frame, { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (frames, first) => {
        const socket = await openSocket(relay.socketUrl, first ? { token: anna.token } : {});
        for (const one of frames) {
          socket.sendRaw('json' in one ? JSON.stringify(resolve(one.json)) : one.text.toWellFormed());
        }
        // Every frame that comes back is checked against the contract by the socket; a broken one fails here.
        const end = await Promise.race([socket.closed(), socket.settle().then(() => null)]);
        if (end) expect([1008, 4401]).toContain(end.code);
        expect(relay.faults()).toEqual([]);
        await socket.close();
      },
    );
    await fc.assert(property, check(0.3));
    expect((await anna.api.get('/chats')).status).toBe(200);
  },
  limitMs(0.3),
);
