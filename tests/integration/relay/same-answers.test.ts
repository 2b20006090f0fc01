/**
 * The same requests, odd ones above all, to a node on SQLite and to one on PostgreSQL: every status and body is the same.
 * Ids and tokens are random, so they are compared by the order in which they appear; the clock is the test's own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqlite } from '../../../relay/storage/sqlite.ts';
import { storageOn } from '../../../relay/storage/postgres.ts';
import type { RelayOptions } from '../../../relay/options.ts';
import { connectToPglite, newSchemaUrl } from '../../helpers/postgres/schemas.ts';
import { missingServer, stopServer } from '../../helpers/postgres/server.ts';
import { play, type Played } from '../../helpers/relay-script.ts';

type Options = Pick<RelayOptions, 'openStorage' | 'databaseUrl'>;

async function onSqlite(dataDir: string): Promise<Options> {
  return { openStorage: (retention, hooks) => openSqlite(dataDir, retention, hooks) };
}
async function onPglite(): Promise<Options> {
  const db = await connectToPglite();
  return { openStorage: (retention, hooks) => storageOn(db, retention, hooks) };
}

const missing = missingServer();
const DATABASES: [string, () => Promise<Options>][] = [['PGlite', onPglite]];
if (missing !== null) console.info(`not tested on a PostgreSQL server: ${missing}`);
else DATABASES.push(['PostgreSQL', async () => ({ databaseUrl: await newSchemaUrl() })]);
afterAll(stopServer);

async function playOn(options: (dataDir: string) => Promise<Options>): Promise<Played> {
  const dataDir = await mkdtemp(join(tmpdir(), 'relay-same-'));
  try {
    return await play({ ...(await options(dataDir)), dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

let wanted: Played;
beforeAll(async () => {
  wanted = await playOn(onSqlite);
});

test('the script meets what it is for', () => {
  expect(wanted.faults).toEqual([]);
  const statuses = new Set(wanted.answers.map(({ status }) => status));
  for (const status of [200, 201, 400, 401, 404, 409]) expect(statuses).toContain(status);
});

describe.each(DATABASES)('%s', (_name, options) => {
  test('answers as SQLite does, and logs no fault', async () => {
    const got = await playOn(options);
    const others = got.answers.filter((answer, at) => JSON.stringify(answer) !== JSON.stringify(wanted.answers[at]));
    expect(others).toEqual(others.map(({ step }) => wanted.answers.find((answer) => answer.step === step)));
    expect(got.answers).toHaveLength(wanted.answers.length);
    expect(got.faults).toEqual([]);
  }, 60_000);
});
