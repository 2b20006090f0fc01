/** The processes that examine files: what kills one, or falls silent in it, costs a file its facts and nothing else. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExaminers, type Examiners, type ExaminersOptions } from '../../../../relay/media/examiners.ts';
import { createMediaReader, factsOf } from '../../../../relay/media/reader.ts';
import { id3Cover, mp3, png, tagged, wav } from '../../../helpers/media-samples.ts';

let folder: string;
let failures: string[];
let opened: { close(): void }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-examine-'));
  failures = [];
  opened = [];
});
afterEach(() => {
  for (const one of opened) one.close();
  rmSync(folder, { recursive: true });
});

const options = (more: Partial<ExaminersOptions> = {}): ExaminersOptions => ({
  folder,
  atOnce: 1,
  fileMs: 15_000,
  waitMs: 15_000,
  idleMs: 15_000,
  onFailure: (mimeType, reason) => failures.push(`${mimeType}: ${reason}`),
  ...more,
});

/** An examiner whose program is the test's own. */
function examiners(program: string, more: Partial<ExaminersOptions> = {}): Examiners {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  const made = createExaminers(options({ program: file, ...more }));
  opened.push(made);
  return made;
}

const PROGRAM = `
let count = 0;
process.on('message', ({ id, path, mimeType }) => {
  count += 1;
  process.send({ id, found: { width: count } });
  if (path === 'die') process.exit(7);
  if (path === 'hang') { for (;;); }
  if (path === 'silent') return;
  if (path === 'nonsense') process.send({ id, found: { tags: { title: 7 } } });
  if (path === 'other') process.send({ id: id + 1, done: true });
  process.send({ id, found: { height: process.pid } });
  process.send({ id, done: true });
});
process.on('disconnect', () => process.exit(0));
`;

test('one process does one file after the other', async () => {
  const made = examiners(PROGRAM);
  const all = await Promise.all(['a', 'b', 'c'].map((path) => made.examine(path, 'image/png')));
  expect(all.map(([first]) => first)).toEqual([{ width: 1 }, { width: 2 }, { width: 3 }]);
  expect(new Set(all.map(([, second]) => second?.height)).size).toBe(1);
  expect(failures).toEqual([]);
});

test('what was found before it died, or hung, stays; the next file gets a new process', async () => {
  const made = examiners(PROGRAM, { fileMs: 2500 });
  const all = await Promise.all(['die', 'a', 'hang', 'silent', 'b'].map((path) => made.examine(path, 'image/png')));
  expect(all.map((found) => found.map(({ width }) => width).filter((width) => width !== undefined))).toEqual([
    [1],
    [1],
    [2],
    [1],
    [1],
  ]);
  expect(failures).toEqual(['image/png: it ended (7)', 'image/png: it took too long', 'image/png: it took too long']);
});

test('a process that says something else than a report is ended', async () => {
  const made = examiners(PROGRAM);
  expect(await made.examine('nonsense', 'image/png')).toEqual([{ width: 1 }]);
  expect(failures).toEqual(['image/png: it said something else than a report']);
});

test('a report for another file is no report', async () => {
  const made = examiners(PROGRAM);
  expect(await made.examine('other', 'image/png')).toHaveLength(2);
});

test('a file that waits too long is not examined; two processes work at once', async () => {
  const made = examiners(PROGRAM, { fileMs: 2000, waitMs: 300 });
  const [, late] = await Promise.all([made.examine('silent', 'image/png'), made.examine('a', 'image/png')]);
  expect(late).toEqual([]);
  const both = examiners(PROGRAM, { atOnce: 2, fileMs: 2000 });
  const [, second] = await Promise.all([both.examine('silent', 'image/png'), both.examine('a', 'image/png')]);
  expect(second).toHaveLength(2);
});

test('closed, it ends what is under way and starts nothing more', async () => {
  const made = examiners(PROGRAM);
  const under = made.examine('silent', 'image/png');
  const waiting = made.examine('a', 'image/png');
  made.close();
  expect(await Promise.all([under, waiting])).toEqual([[], []]);
});

test('it has no environment, and no right to anything but the folder of drafts', async () => {
  const secret = join(folder, '..', `secret-${process.pid}`);
  writeFileSync(secret, 'secret');
  const tries = `
import fs from 'node:fs'; import { spawnSync } from 'node:child_process'; import { Worker } from 'node:worker_threads';
const attempt = (run) => { try { run(); return 'done'; } catch (error) { return error.code; } };
process.on('message', ({ id, path }) => {
  const answers = [
    attempt(() => fs.readFileSync(${JSON.stringify(secret)})),
    attempt(() => fs.writeFileSync(${JSON.stringify(secret)}, 'x')),
    attempt(() => spawnSync('true')),
    attempt(() => new Worker('1', { eval: true })),
    attempt(() => fs.writeFileSync(path, 'x')),
    Object.keys(process.env).filter((name) => !/^(NODE_|__CF)/.test(name)).join(),
  ];
  process.send({ id, found: { tags: { title: answers.join(' ') } } });
  process.send({ id, done: true });
});`;
  const made = examiners(tries);
  const [found] = await made.examine(join(folder, 'draft'), 'image/png');
  rmSync(secret);
  const denied = 'ERR_ACCESS_DENIED';
  expect(found?.tags?.title).toBe(`${denied} ${denied} ${denied} ${denied} done `);
});

test('the real one: facts of a picture and a sound, none of what only looks like one', async () => {
  const reader = createMediaReader(options());
  opened.push(reader);
  const write = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  expect(await reader.examine(write('a', await png(100, 50)), 'a')).toMatchObject({
    width: 100,
    height: 50,
    variants: ['thumb'],
  });
  expect(await reader.examine(write('b', wav([0, 1], 2)), 'b')).toMatchObject({
    duration: 1,
    peaks: [0, 1],
    variants: ['waveform'],
  });
  const opus = readFileSync(join(import.meta.dirname, '../../../fixtures/sound/stairs.opus'));
  expect(await reader.examine(write('o', opus), 'o')).toMatchObject({ duration: 3, variants: ['waveform'] });
  const broken = await reader.examine(write('c', Buffer.from('\xff\xd8\xff\xe0 no picture', 'latin1')), 'c');
  expect(broken).toEqual({
    mimeType: 'image/jpeg',
    width: null,
    height: null,
    duration: null,
    thumbhash: null,
    peaks: null,
    tags: null,
    variants: [],
  });
  expect(failures).toHaveLength(1);
});

test('a cover is looked at before anything reads it', async () => {
  const reader = createMediaReader(options());
  opened.push(reader);
  const file = join(folder, 'song');
  const svg = id3Cover('image/png', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  writeFileSync(file, tagged([svg], mp3([206, 210])));
  expect((await reader.examine(file, 'song')).variants).toEqual(['waveform']);
  expect(failures).toEqual([]);
});

test('reports are believed within bounds only', () => {
  const none = {
    mimeType: 'image/png',
    width: null,
    height: null,
    duration: null,
    thumbhash: null,
    peaks: null,
    tags: null,
    variants: [],
  };
  expect(factsOf('image/png', [])).toEqual(none);
  expect(factsOf('image/png', [{ width: 10 }, { height: 1e9 }])).toEqual(none);
  expect(
    factsOf('image/png', [{ width: -1, height: 5, duration: Number.NaN, thumbhash: '<script>', peaks: [2] }]),
  ).toEqual(none);
  expect(factsOf('image/png', [{ variant: '../x' }, { variant: 'preview' }, { variant: 'thumb' }]).variants).toEqual([
    'thumb',
    'preview',
  ]);
  expect(factsOf('image/png', [{ isTooLarge: true }]).mimeType).toBe('application/octet-stream');
  expect(factsOf('image/png', [{ width: 3, height: 4 }, { duration: 2.5 }, { peaks: [0, 1] }])).toMatchObject({
    width: 3,
    height: 4,
    duration: 2.5,
    peaks: [0, 1],
  });
});
