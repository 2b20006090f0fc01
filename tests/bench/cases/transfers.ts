/** Files up and down: against a bare server that does the same work, with the memory of both ends, and beside a chat. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { openNginx, type Nginx } from '../lib/nginx.ts';
import { growth } from '../lib/peak-memory.ts';
import { readFile, sendFile } from '../lib/plain-http.ts';
import type { Figure } from '../lib/report.ts';
import { median, summarize } from '../lib/stats.ts';
import { openBenchNode, plainNode, type BenchNode } from '../growth/bench-node.ts';
import { chat, fillRelay, person } from '../growth/fill-relay.ts';

const MIB = 1024 * 1024;
const PEOPLE = { people: 16, messages: 100, crowd: 1 };
/** Uploads at once beside the chat. */
const CROWD = 5;
const BOUNDARY = 'bench-boundary-7d1f';

interface Parties {
  node: BenchNode;
  bare: { url: string; child: ChildProcess };
  /** Null: not installed. */
  nginx: Nginx | null;
  client: ChildProcess;
  /** The file that is sent. */
  path: string;
  size: number;
  tokens: string[];
}

async function message(child: ChildProcess): Promise<Record<string, unknown>> {
  const [heard] = (await once(child, 'message')) as [Record<string, unknown>];
  return heard;
}

function child(name: string, args: string[] = []): ChildProcess {
  return fork(join(import.meta.dirname, '../fixtures', name), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

async function writeSample(path: string, size: number): Promise<void> {
  const handle = await open(path, 'w');
  // No type's first bytes, and nothing that could be made smaller.
  for (let at = 0; at < size; at += MIB) await handle.write(randomBytes(Math.min(MIB, size - at)));
  await handle.close();
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** As a form, in one request. Answers the milliseconds and the file's id. */
async function sendForm({ node, path, size }: Parties, token: string): Promise<{ ms: number; id: string }> {
  const head =
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="sample.bin"\r\n` +
    `content-type: application/octet-stream\r\n\r\n`;
  const { ms, text } = await sendFile({
    url: `${node.url}/api/files/upload`,
    method: 'POST',
    headers: { ...bearer(token), 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    path,
    size,
    head,
    tail: `\r\n--${BOUNDARY}--\r\n`,
  });
  const { file } = JSON.parse(text) as { file: { id: string } };
  return { ms, id: file.id };
}

/** As an upload that could be continued, its bytes in one part. */
async function sendPart({ node, path, size }: Parties, token: string): Promise<number> {
  const made = (await node.call('POST', '/uploads', token, {
    name: 'sample.bin',
    size,
    mimeType: 'application/octet-stream',
  })) as { uploadId: string };
  const { ms } = await sendFile({
    url: `${node.url}/api/uploads/${made.uploadId}`,
    method: 'PATCH',
    headers: { ...bearer(token), 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    path,
    size,
  });
  return ms;
}

async function sendByClient({ client, node, path }: Parties, token: string): Promise<number> {
  client.send({ server: node.url, token, path });
  const { ms, problem } = await message(client);
  if (typeof ms !== 'number') throw new Error(String(problem));
  return ms;
}

interface Rounds {
  bareUp: number[];
  form: number[];
  part: number[];
  client: number[];
  bareDown: number[];
  down: number[];
  seek: number[];
}

/** Each way once a round, one after the other, so that what the machine does besides falls on all of them. */
async function rounds(parties: Parties, token: string, count: number): Promise<Rounds> {
  const { node, bare, path, size } = parties;
  const all: Rounds = {
    bareUp: [],
    form: [],
    part: [],
    client: [],
    bareDown: [],
    down: [],
    seek: [],
  };
  for (let round = -1; round < count; round += 1) {
    const bareUp = await sendFile({ url: bare.url, method: 'PUT', headers: {}, path, size });
    const form = await sendForm(parties, token);
    const part = await sendPart(parties, token);
    const client = await sendByClient(parties, token);
    const bareDown = await readFile(bare.url, {});
    const url = `${node.url}/api/files/${form.id}`;
    const down = await readFile(url, bearer(token));
    if (down.bytes !== size) throw new Error('another number of bytes came back');
    const from = Math.floor(size * 0.9);
    const seek = await readFile(url, { ...bearer(token), range: `bytes=${String(from)}-${String(from + 65_535)}` });
    // The first round finds everybody cold.
    if (round < 0) continue;
    all.bareUp.push(bareUp.ms);
    all.form.push(form.ms);
    all.part.push(part);
    all.client.push(client);
    all.bareDown.push(bareDown.last);
    all.down.push(down.last);
    all.seek.push(seek.first);
  }
  return all;
}

/** After the others: what it has written and not synced would be theirs to wait for. */
async function besideNginx({ nginx, path, size }: Parties, count: number): Promise<{ up: number[]; down: number[] }> {
  const times: { up: number[]; down: number[] } = { up: [], down: [] };
  for (let round = 0; nginx && round < count; round += 1) {
    times.up.push((await sendFile({ url: nginx.url, method: 'PUT', headers: {}, path, size })).ms);
    times.down.push((await readFile(nginx.url, {})).last);
  }
  return times;
}

/** Milliseconds of each message that was sent while several people sent files. */
async function beside(parties: Parties): Promise<number[]> {
  const { node, tokens } = parties;
  const [talker = '', ...others] = tokens;
  const times: number[] = [];
  let isOver = false;
  const files = Promise.all(others.slice(0, CROWD).map((token) => sendForm(parties, token))).finally(() => {
    isOver = true;
  });
  for (let round = 0; !isOver; round += 1) {
    const body = { chatId: chat(0), content: 'Beside the files', clientId: `beside-${String(round)}` };
    times.push(await node.time('POST', '/messages/send', talker, body));
  }
  await files;
  return times;
}

async function openParties(context: BenchContext, size: number): Promise<Parties> {
  const dataDir = await context.folder('transfers');
  const builder = await plainNode(dataDir);
  await builder.stop();
  await builder.close();
  await fillRelay(dataDir, PEOPLE, context.seed, () => undefined);
  const node = await openBenchNode(dataDir);
  const folder = await context.folder('bare');
  const bare = child('bare-transfers.ts', [folder]);
  const { port } = await message(bare);
  const nginx = await openNginx(await context.folder('nginx'));
  const client = child('sending-client.ts');
  await message(client);
  const path = join(folder, 'sample.bin');
  await writeSample(path, size);
  const tokens = await Promise.all([0, 2, 4, 6, 8, 10].map((index) => node.token(person(index))));
  return { node, bare: { url: `http://127.0.0.1:${String(port)}/`, child: bare }, nginx, client, path, size, tokens };
}

function rateOf(size: number, times: readonly number[]): string {
  return `${(size / 1e6 / (median(times) / 1000)).toFixed(0)} MB/s`;
}

function memoryFigure(name: string, what: string, value: number | null): Figure[] {
  return value === null ? [] : [{ name, what, value, unit: 'MiB', budget: { atMost: 30 } }];
}

export const transfersCase: BenchCase = {
  name: 'transfers',
  title: 'files up and down',
  withoutApp: true,
  async run(context) {
    const size = (context.quick ? 10 : 100) * MIB;
    const parties = await openParties(context, size);
    const { node, bare, nginx, client, path, tokens } = parties;
    const [token = ''] = tokens;
    try {
      const all = await rounds(parties, token, context.quick ? 2 : 9);
      let last = '';
      const relayUp = await growth(node.pid, async () => {
        last = (await sendForm(parties, token)).id;
      });
      const relayDown = await growth(node.pid, async () => {
        await readFile(`${node.url}/api/files/${last}`, bearer(token));
      });
      const clientUp = await growth(client.pid ?? Number.NaN, async () => {
        await sendByClient(parties, token);
      });
      const times = await beside(parties);
      const plain = await besideNginx(parties, all.form.length);
      const ratio = (ours: readonly number[], theirs: readonly number[]): number =>
        median(ours.map((ms, round) => ms / (theirs[round] ?? Number.NaN)));
      // At least 0.9 of its speed.
      const budget = { atMost: 1 / 0.9 };
      const besideSummary = summarize(times);
      const figures: Figure[] = [
        {
          name: 'transfers.up.part',
          what: `time of an upload in parts against a bare server with hash and sync (${rateOf(size, all.part)}, bare ${rateOf(size, all.bareUp)})`,
          value: ratio(all.part, all.bareUp),
          unit: 'x',
          budget,
        },
        {
          name: 'transfers.up.form',
          what: `the same of a form (${rateOf(size, all.form)})`,
          value: ratio(all.form, all.bareUp),
          unit: 'x',
          budget,
        },
        {
          name: 'transfers.up.client',
          what: `the same of a form by the app's own client (${rateOf(size, all.client)})`,
          value: ratio(all.client, all.bareUp),
          unit: 'x',
          budget: null,
        },
        {
          name: 'transfers.down',
          what: `time of a download against a bare server (${rateOf(size, all.down)}, bare ${rateOf(size, all.bareDown)})`,
          value: ratio(all.down, all.bareDown),
          unit: 'x',
          // At least 0.7 of plain HTTP.
          budget: { atMost: 1 / 0.7 },
        },
        ...(nginx === null
          ? []
          : [
              {
                name: 'transfers.nginx',
                what: `nginx, which neither hashes nor syncs: PUT ${rateOf(size, plain.up)}, GET ${rateOf(size, plain.down)}; our part against it`,
                value: median(all.part) / median(plain.up),
                unit: 'x' as const,
                budget: null,
              },
            ]),
        {
          name: 'transfers.seek',
          what: 'the first byte of a part near the end, p95',
          value: summarize(all.seek).p95,
          unit: 'ms',
          budget: { atMost: 100 },
          summary: summarize(all.seek),
        },
        {
          name: 'transfers.beside.p99',
          what: `send of a message to its answer beside ${String(CROWD)} uploads, p99 of ${String(times.length)}`,
          value: besideSummary.p99,
          unit: 'ms',
          budget: { atMost: 300 },
          summary: besideSummary,
        },
        ...memoryFigure('transfers.memory.relay.up', 'memory that the relay takes for an upload', relayUp),
        ...memoryFigure('transfers.memory.relay.down', 'memory that the relay takes for a download', relayDown),
        ...memoryFigure('transfers.memory.client', 'memory that the app’s client takes for an upload', clientUp),
      ];
      return {
        method:
          `A file of ${String(size / MIB)} MiB of chance from the disk, ${String(all.form.length)} rounds after one that is not counted. In each round: PUT to a bare server that hashes, ` +
          `syncs and renames; a form, an upload in one part, and a form by the app's own client to the relay; then the file back from both. All servers and the app's client are ` +
          `processes of their own on one machine; ratios are taken within a round, and their median is told. Memory is the growth of the peak that Linux counts (VmHWM) over one transfer.`,
        figures,
        refused: [
          ...(relayUp === null ? ['memory: this system tells no peak of a process'] : []),
          ...(nginx === null ? ['nginx is not installed: apt-get install nginx-light'] : []),
        ],
      };
    } finally {
      bare.child.kill();
      await nginx?.close();
      client.kill();
      await node.close();
      await rm(path, { force: true });
    }
  },
};
