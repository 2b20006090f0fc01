/**
 * A relay's database with many people and messages, written by SQL into the folder of a node that does not run: by
 * requests it would take hours. The tables are those that the node's own migrations have made. Everything that names a
 * table or a column is in this file.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fold } from '../../../contract/model/search-text.ts';
import { searchTerms } from '../../../relay/folding.ts';
import { DEFAULT_COST, hashPassword } from '../../../relay/services/passwords.ts';
import { Dice } from '../lib/random.ts';

export interface RelaySize {
  people: number;
  messages: number;
  /** Beside the people: those with whom each of the heavy ones has a chat, and whom nobody searches for. */
  crowd: number;
}

/** People with a chat with everybody of the crowd; three messages wait for them in each. */
export const HEAVY = 6;
/** Chats that hold a tenth of all messages each, unread by one side. */
export const DEEP = 5;
export const PASSWORD = 'bench sample';

export const UNTIL = Date.UTC(2026, 10, 20);
const FIRST =
  'Ada Ben Cleo Dan Eva Finn Gus Hana Ivo Jan Kai Lea Mia Nils Ole Pia Quin Rosa Sam Tom Uma Vera Wim Xenia Yan'.split(
    ' ',
  );
const LAST =
  'Adler Berg Cohen Dahl Eder Falk Gruber Holm Irwin Jensen Kraus Lind Moser Nagel Oster Pohl Roth Seidl Toth'.split(
    ' ',
  );
const HEAVY_MESSAGES = 3;

const number = (value: number): string => String(value).padStart(7, '0');

/** How the rows are named. */
export const person = (index: number): string => `p${number(index)}`;
export const username = (index: number): string =>
  `${FIRST[index % FIRST.length] ?? ''}.${number(index)}`.toLowerCase();
export const chat = (index: number): string => `c${number(index)}`;
export const crowd = (index: number): string => `q${number(index)}`;
export const heavy = (index: number): string => `h${number(index)}`;
export const heavyChat = (index: number, peer: number): string => `hc${index}-${number(peer)}`;
export const deepReader = (index: number): string => `r${number(index)}`;
export const deepChat = (index: number): string => `d${number(index)}`;
export const deepMessage = (index: number, place: number): string => `dm${index}-${number(place)}`;
/** The message of that number among those of the people's own chats, which take turns: `index + n * people` is in chat `index`. */
export const message = (index: number): string => `m${number(index)}`;

/** Messages in a deep chat. */
export const deepCount = ({ messages }: RelaySize): number => Math.floor(messages / 10);
/** Messages in all of the people's own chats. */
export const plainCount = (size: RelaySize): number => size.messages - DEEP * deepCount(size);

function open(folder: string): DatabaseSync {
  return new DatabaseSync(join(folder, 'relay.db'), { timeout: 5000 });
}

/** The statements, one for each table. */
function writer(database: DatabaseSync, passwordHash: string) {
  const user = database.prepare(
    `INSERT INTO users (id, username, username_folded, search_name, first_name, last_name, age, password_hash, role,
       created_at) VALUES (?, ?, ?, ?, ?, ?, 30, ?, 'user', ?)`,
  );
  const term = database.prepare('INSERT OR IGNORE INTO user_terms (term, user_id) VALUES (?, ?)');
  const newChat = database.prepare(
    `INSERT INTO chats (id, pair_key, created_at, updated_at, last_message_id, last_message_at, message_count)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const member = database.prepare(
    'INSERT INTO members (chat_id, user_id, delivered_at, read_at, unread, active_at, sent) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const newMessage = database.prepare(
    `INSERT INTO messages (id, chat_id, sender_id, content, created_at, number, sender_number)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const reaction = database.prepare(
    `INSERT INTO reactions (id, message_id, user_id, emoji, created_at) VALUES (?, ?, ?, '👍', ?)`,
  );

  return {
    user(id: string, name: string, firstName: string, lastName: string, at: number): void {
      user.run(id, name, name, fold(name), firstName, lastName, passwordHash, at);
      for (const word of searchTerms({ username: name, firstName, lastName })) term.run(word, id);
    },
    /**
     * @param last of its messages, how many there are, and how many of them each of the two has sent.
     * @param missing messages that the first of the two has neither got nor read.
     */
    chat(
      id: string,
      [a, b]: [string, string],
      last: { id: string; at: number; count: number; sent: [number, number] },
      missing: Missing,
    ): void {
      const [fromA, fromB] = last.sent;
      newChat.run(id, a < b ? `${a}:${b}` : `${b}:${a}`, last.at, last.at, last.id, last.at, last.count);
      const isMissing = missing !== 'none';
      const delivered = missing === 'all' ? 0 : last.at;
      member.run(id, a, delivered, isMissing ? 0 : last.at, isMissing ? last.count : 0, last.at, fromA);
      member.run(id, b, last.at, last.at, 0, last.at, fromB);
    },
    /** @param numbers of the message in its chat, and among its sender's there. */
    message: (id: string, chatId: string, sender: string, at: number, numbers: [number, number]): void =>
      void newMessage.run(id, chatId, sender, `Text of the message ${id}, as long as most are.`, at, ...numbers),
    reaction: (id: string, messageId: string, userId: string, at: number): void =>
      void reaction.run(id, messageId, userId, at),
  };
}

/** What the first member of a chat has not got yet: nothing, the reading, or delivery and reading. */
type Missing = 'none' | 'read' | 'all';

type Writer = ReturnType<typeof writer>;

function fillPeople(rows: Writer, { people, crowd: peers }: RelaySize, seed: number): void {
  const dice = new Dice(seed);
  for (let n = 0; n < people; n += 1) {
    rows.user(person(n), username(n), FIRST[n % FIRST.length] ?? '', dice.pick(LAST), UNTIL - 10_000_000_000 + n);
  }
  for (let n = 0; n < peers; n += 1) rows.user(crowd(n), `zq${number(n)}`, 'Zq', 'Zq', UNTIL - 20_000_000_000 + n);
  for (let n = 0; n < HEAVY; n += 1) rows.user(heavy(n), `zh${number(n)}`, 'Zh', 'Zh', UNTIL - 30_000_000_000 + n);
  for (let n = 0; n < DEEP; n += 1) rows.user(deepReader(n), `zr${number(n)}`, 'Zr', 'Zr', UNTIL - 30_000_000_000 + n);
}

function fillDeep(rows: Writer, size: RelaySize): void {
  const count = deepCount(size);
  const begun = UNTIL - 10_000_000_000;
  for (let n = 0; n < DEEP; n += 1) {
    const at = (place: number): number => begun + place * 1000;
    const last = { id: deepMessage(n, count - 1), at: at(count - 1), count, sent: [0, count] as [number, number] };
    rows.chat(deepChat(n), [deepReader(n), heavy(n)], last, 'read');
    for (let place = 0; place < count; place += 1)
      rows.message(deepMessage(n, place), deepChat(n), heavy(n), at(place), [place + 1, place + 1]);
  }
}

function fillHeavy(rows: Writer, { crowd: peers }: RelaySize): void {
  const begun = UNTIL - 1_000_000_000;
  for (let n = 0; n < HEAVY; n += 1) {
    for (let peer = 0; peer < peers; peer += 1) {
      const id = (place: number): string => `${heavyChat(n, peer)}-${place}`;
      const at = (place: number): number => begun + peer * 1000 + place;
      const sent: [number, number] = [0, HEAVY_MESSAGES];
      const last = { id: id(HEAVY_MESSAGES - 1), at: at(HEAVY_MESSAGES - 1), count: HEAVY_MESSAGES, sent };
      rows.chat(heavyChat(n, peer), [heavy(n), crowd(peer)], last, 'all');
      for (let place = 0; place < HEAVY_MESSAGES; place += 1)
        rows.message(id(place), heavyChat(n, peer), crowd(peer), at(place), [place + 1, place + 1]);
    }
  }
}

/** Each person has a chat with the next one; the two take turns. */
function fillPlain(rows: Writer, size: RelaySize, say: (line: string) => void): void {
  const { people } = size;
  const count = plainCount(size);
  const begun = UNTIL - 10_000_000_000;
  const at = (index: number): number => begun + index;
  for (let n = 0; n < people; n += 1) {
    const own = Math.floor((count - 1 - n) / people) + 1;
    const last = n + (own - 1) * people;
    const sent: [number, number] = [Math.ceil(own / 2), Math.floor(own / 2)];
    const both: [string, string] = [person(n), person((n + 1) % people)];
    rows.chat(chat(n), both, { id: message(last), at: at(last), count: own, sent }, 'none');
  }
  for (let index = 0; index < count; index += 1) {
    const [chatIndex, turn] = [index % people, Math.floor(index / people)];
    const sender = person(turn % 2 === 0 ? chatIndex : (chatIndex + 1) % people);
    rows.message(message(index), chat(chatIndex), sender, at(index), [turn + 1, Math.floor(turn / 2) + 1]);
    if (index % 10 === 0) rows.reaction(`x${number(index)}`, message(index), person(chatIndex), at(index));
    if (index % 500_000 === 499_999) say(`${index + 1} messages written`);
  }
}

/** What a node counts as rows come and go. */
const TOTALS = `
  UPDATE counters SET value = (SELECT COUNT(*) FROM users WHERE role = 'user') WHERE name = 'users';
  UPDATE counters SET value = (SELECT COUNT(*) FROM chats) WHERE name = 'chats';
  UPDATE counters SET value = (SELECT COUNT(*) FROM messages) WHERE name = 'messages';
  UPDATE counters SET value = (SELECT COUNT(*) FROM reactions) WHERE name = 'reactions';
  DELETE FROM reaction_totals;
  INSERT INTO reaction_totals (emoji, part, value) SELECT emoji, 0, COUNT(*) FROM reactions GROUP BY emoji;
  DELETE FROM hours;
  INSERT INTO hours (name, hour, part, value)
    SELECT 'users', created_at / 3600000, 0, COUNT(*) FROM users WHERE role = 'user' GROUP BY created_at / 3600000;
  INSERT INTO hours (name, hour, part, value)
    SELECT 'messages', created_at / 3600000, 0, COUNT(*) FROM messages GROUP BY created_at / 3600000;
  INSERT INTO hours (name, hour, part, value)
    SELECT 'reactions', created_at / 3600000, 0, COUNT(*) FROM reactions GROUP BY created_at / 3600000;`;

/** Fills the folder of a node that has run and was stopped. */
export async function fillRelay(
  folder: string,
  size: RelaySize,
  seed: number,
  say: (line: string) => void,
): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD, DEFAULT_COST);
  const database = open(folder);
  try {
    // What breaks off is thrown away: there is nothing to keep safe.
    database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN');
    const rows = writer(database, passwordHash);
    fillPeople(rows, size, seed);
    fillDeep(rows, size);
    fillHeavy(rows, size);
    fillPlain(rows, size, say);
    database.exec(TOTALS);
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

/** Looks into the database of a running node: chats with messages that were not delivered to this user. */
export function watchUndelivered(folder: string, userId: string): { count: () => number; close: () => void } {
  const database = new DatabaseSync(join(folder, 'relay.db'), { readOnly: true, timeout: 5000 });
  const waiting = database.prepare(
    `SELECT COUNT(*) AS n FROM members m JOIN chats c ON c.id = m.chat_id
     WHERE m.user_id = ? AND m.delivered_at < c.last_message_at`,
  );
  return { count: () => Number(waiting.get(userId)?.n), close: () => database.close() };
}
