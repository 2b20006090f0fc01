/** Every statement of the repositories by its plan: none reads a table from one end to the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../../relay/migrations/sqlite/index.ts';
import type { CallRow, CallSignalRow } from '../../../relay/records.ts';
import { createRepositories } from '../../../relay/repositories/sql/repositories.ts';
import type { Session } from '../../../relay/repositories/sql/statement.ts';
import { openDatabase, type Database } from '../../../relay/repositories/sqlite/connection.ts';
import { sqliteDialect, sqliteSession } from '../../../relay/repositories/sqlite/dialect.ts';

let folder: string;
let database: Database;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-plans-'));
  database = openDatabase(join(folder, 'relay.db'));
  await migrate(database);
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

let known: Promise<string[]> | null = null;
/** Calls everything that the repositories have, and answers the statements. */
const statements = (): Promise<string[]> => (known ??= called());
async function called(): Promise<string[]> {
  const texts = new Set<string>();
  const real = sqliteSession(database);
  const recording: Session = {
    execute(query, values) {
      texts.add(query.sql);
      return real.execute(query, values);
    },
  };
  const scope = createRepositories(sqliteDialect, { keep: 1, keepMs: 1 }).write(recording);
  const { users, chats, messages, reactions, files, uploadSessions, tracks, events, totals } = scope.repositories;
  const { calls: talks, hours, audit, activity } = scope.repositories;
  const place = { createdAt: 5, id: 'x' };
  for (const id of ['anna', 'boris']) {
    const names = { username: id, firstName: id, lastName: 'Test' };
    await users.insert({ id, ...names, age: 1, bio: '', passwordHash: '', role: 'user', createdAt: 1 });
  }
  await chats.insertPair('chat', 'anna', 'boris', 1);
  const message = {
    id: 'm',
    chatId: 'chat',
    senderId: 'anna',
    content: '',
    replyToId: null,
    clientId: 'k',
    createdAt: 2,
  };
  await messages.insert(message);
  await chats.messageAdded('chat', 'm', 'anna', 2);
  await reactions.insert({ id: 'r', messageId: 'm', userId: 'boris', emoji: 'x', createdAt: 3 });
  const unknown = { width: null, height: null, duration: null, thumbhash: null, peaks: null, tags: null, variants: [] };
  const named = { ownerId: 'anna', name: 'a', size: 1, createdAt: 1 };
  await files.insert({ id: 'f', ...named, mimeType: 'audio/mpeg', sha256: '', ...unknown });
  await files.attach('m', 'chat', ['f']);
  await uploadSessions.insert({ id: 'u', ...named, fileId: 'g', peaks: null, received: 0, expiresAt: 2 });
  const track = {
    ...{ fileId: 'f', uploadedBy: 'anna', title: 't', artist: null, album: null, year: null, genre: null },
    ...{ trackNumber: null, duration: 1, createdAt: 1 },
  };
  const keys = { title: 't', artist: null, album: null, search: 't' };
  await tracks.insert(track, keys);
  const talk: CallRow = {
    ...{ id: 't', chatId: 'chat', type: 'audio', status: 'ringing', initiatorId: 'anna', calleeId: 'boris' },
    ...{ initiatorDevice: null, calleeDevice: null, createdAt: 1, answeredAt: null, endedAt: null, seenAt: 1 },
    reason: null,
  };
  await talks.insert(talk);
  const signal: CallSignalRow = { callId: 't', userId: 'anna', number: 0, kind: 'offer', body: '{}' };
  events.append('anna', 'x', '', 1);
  await scope.complete();
  const calls: (() => Promise<unknown>)[] = [
    () => users.find('anna'),
    () => users.findAllEver(['anna']),
    () => users.findByName('anna'),
    () => users.isNameTaken('anna'),
    () => users.findAdmin(),
    () => users.match('a', ['b', 'c'], { term: 'a', userId: '' }, 9),
    () => users.named('a', 9),
    () => users.update('anna', { bio: 'x' }),
    () => users.setPassword('anna', ''),
    () => users.setSeen('anna', 1),
    () => chats.find('chat'),
    () => chats.findPair('anna', 'boris'),
    () => chats.idsOf('anna'),
    () => chats.page('anna', null, 9),
    () => chats.page('anna', { updatedAt: 5, id: 'x' }, 9),
    () => chats.findAll(['chat']),
    () => chats.member('chat', 'anna'),
    () => chats.members('chat'),
    () => chats.membersOfAll(['chat']),
    () => chats.peersOf('anna'),
    () => chats.sharesChat('anna', 'boris'),
    () => chats.undelivered('boris', null, 9),
    () => chats.undelivered('boris', { updatedAt: 5, id: 'x' }, 9),
    () => chats.markDelivered('chat', 'boris', 2),
    () => chats.markRead('chat', 'boris', 2),
    () => messages.find('m'),
    () => messages.findAll(['m']),
    () => messages.findByKey('anna', 'k'),
    () => messages.newest('chat', 9, 1),
    () => messages.before('chat', 5, 9, 1),
    () => messages.after('chat', 0, 9, 1),
    () => messages.sentBetween('chat', 'anna', 0, 9, 9),
    () => messages.newestUpTo('chat', 9),
    () => reactions.find('r'),
    () => reactions.findSame('m', 'boris', 'x'),
    () => reactions.ofMessages(['m']),
    () => reactions.remove('r'),
    () => files.find('f'),
    () => files.findAll(['f']),
    () => files.ofMessages(['m']),
    () => files.idsOf('m'),
    () => files.isReadable('f', 'anna'),
    () => files.usage('anna', 0),
    () => files.unused(null, 5, 9),
    () => files.setAvatar('anna', 'f'),
    () => files.setAvatar('anna', null),
    () => files.removeUnused(['f']),
    () => files.remove('g'),
    () => uploadSessions.find('u'),
    () => uploadSessions.pending('anna'),
    () => uploadSessions.expired(5, 9),
    () => uploadSessions.awaited(['g']),
    () => uploadSessions.advance('u', 1, 5),
    () => uploadSessions.remove('u'),
    () => talks.lock(['anna', 'boris']),
    () => talks.find('t'),
    () => talks.openOf(['anna', 'boris']),
    () => talks.ringing(9, 9),
    () => talks.active(0, 9),
    () => talks.page('anna', 9, 9),
    () => talks.update(talk),
    () => talks.signalsOf('t', 'anna'),
    () => talks.keepSignal(signal),
    () => talks.dropSignals('t', 'anna'),
    () => talks.dropSignals('t'),
    () => tracks.find('f'),
    () => tracks.findAll(['f']),
    () => tracks.update(track, keys),
    ...(['title', 'artist', 'album', 'added'] as const).flatMap((sort) =>
      [[], ['t', 'u']].map((words) => () => tracks.ids({ words, sort, limit: 9, offset: 0 })),
    ),
    () => tracks.count([]),
    () => tracks.count(['t', 'u']),
    () => tracks.remove('f'),
    () => events.current('anna'),
    () => events.after('anna', 0, 9),
    () => events.expired('', 9, 9),
    () => events.expire('anna', 9, 9),
    () => totals.read(),
    () => totals.emojis(9),
    () => hours.between(0, 9),
    () => hours.reaching('messages', 1),
    () => hours.sample('online', 1, 2),
    () => activity.of(['anna', 'boris']),
    ...[true, false].flatMap((isDown) => [
      () => users.sorted('name', isDown, null, 9),
      () => users.sorted('name', isDown, { key: 'a', tie: 'a' }, 9),
      () => users.sorted('seen', isDown, null, 9),
      () => users.sorted('seen', isDown, { key: 1, tie: 'a' }, 9),
    ]),
    () => audit.insert({ id: 'a', userId: 'u', action: 'x', detail: '', address: '', createdAt: 1 }),
    () => audit.trim(0),
    ...[users, messages, reactions, audit].flatMap((list) => [
      () => list.page(null, 9),
      () => list.page(place, 9),
      () => list.pageUp(null, 9),
      () => list.pageUp(place, 9),
      () => list.skip(null, 9),
      () => list.skip(place, 9),
      () => list.skipUp(null, 9),
      () => list.skipUp(place, 9),
    ]),
  ];
  for (const call of calls) await call();
  return [...texts];
}

function plan(text: string): string[] {
  return database
    .prepare(`EXPLAIN QUERY PLAN ${text}`)
    .all()
    .map(({ detail }) => String(detail));
}

/**
 * Few rows, or the values of a list; or an index in the order in which it is read until there is enough. The music library
 * is listed and searched as a whole.
 */
const MAY_SCAN =
  /^SCAN (counters|reaction_totals|tracks|json_each VIRTUAL TABLE|\w+ USING (COVERING )?INDEX \w+_by_(time|seen|search)|\(subquery-\d+\)|sums)/;
/** What is sorted is one person's, or belongs to a page; or are the tracks of one album, or of none. */
const MAY_SORT = [
  /^select distinct "o"."user_id"/,
  /from "reactions".*order by "created_at", "id"$/,
  /from "counters"/,
  // A row for each emoji that a node offers.
  /from "reaction_totals"/,
  // Hours, of which a year has a few thousand.
  /from "hours"/,
  /from "tracks"/,
];

test('no statement reads a whole table, and none sorts what grows', async () => {
  const texts = await statements();
  expect(texts.length).toBeGreaterThan(80);
  const wrong = texts.flatMap((text) =>
    plan(text)
      .filter((step) => step.startsWith('SCAN ') || step.includes('TEMP B-TREE'))
      .filter((step) => !MAY_SCAN.test(step))
      .filter((step) => !(step.includes('TEMP B-TREE') && MAY_SORT.some((known) => known.test(text))))
      .map((step) => `${step}: ${text}`),
  );
  expect(wrong).toEqual([]);
});

test('no limit or offset is a value alone, which would compile the statement anew each time', async () => {
  const texts = await statements();
  expect(texts.filter((text) => /limit 0 \+ \?/.test(text)).length).toBeGreaterThan(20);
  expect(texts.filter((text) => /(limit|offset) \?/.test(text))).toEqual([]);
});
