/** Journals of any content, written to a file and read back. */
import fc from 'fast-check';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  Journal,
  readJournal,
  type JournalLine,
  type WrittenLine,
} from '../../../../../electron/main/services/store/recovery/journal.ts';
import { journalFolder, told, type Told } from './own-files.ts';

const own = journalFolder();

/** What became of one message: its lines in their order, and what a reader must know of it afterwards. */
interface Life {
  lines: JournalLine[];
  open: WrittenLine | null;
  serverId: string | null;
}

const number = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const text = fc.string({ unit: 'binary', maxLength: 30 });
const anchor = fc.record({ id: fc.option(text), at: number, tie: text });
const step = fc.oneof(
  fc.record({ kind: fc.constant('left' as const), anchor, files: fc.array(text, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant('changed' as const), text, revision: fc.nat() }),
);
const size = fc.option(fc.nat());
const upload = fc.record({
  id: text,
  chatId: text,
  name: text,
  mimeType: text,
  size: fc.nat(),
  width: size,
  height: size,
  voice: fc.boolean(),
  path: text,
  own: fc.boolean(),
  identity: fc.record({ size: fc.nat(), modified: text, inode: text }),
  tagged: fc.boolean(),
  keepTags: fc.boolean(),
  canReduce: fc.boolean(),
  reduced: fc.boolean(),
});
const life = fc.record({
  first: fc.record({
    account: text,
    chatId: text,
    text,
    replyTo: fc.option(text),
    files: fc.array(text, { maxLength: 3 }),
    uploads: fc.array(upload, { maxLength: 2 }),
    anchor,
    writtenAt: number,
    revision: fc.nat(),
  }),
  steps: fc.array(step, { maxLength: 4 }),
  end: fc.option(fc.record({ serverId: fc.option(text) })),
});

/** A message with files of its own has the server's from the moment it leaves. */
function sentWith(open: WrittenLine, files: string[]): Partial<WrittenLine> {
  return open.uploads.length > 0 && files.length > 0 ? { files, uploads: [] } : {};
}

/** Lives whose lines are mixed, each one's own in their order. */
const history = fc
  .tuple(
    fc.uniqueArray(fc.tuple(text, life), { minLength: 1, maxLength: 8, selector: ([localId]) => localId }),
    fc.array(fc.nat(), { maxLength: 48 }),
  )
  .map(([lives, choices]) => {
    const all = lives.map(([localId, { first, steps, end }]): Life => {
      let open: WrittenLine = { kind: 'written', localId, ...first };
      const lines: JournalLine[] = [open];
      for (const one of steps) {
        lines.push({ ...one, localId });
        open =
          one.kind === 'left'
            ? { ...open, anchor: one.anchor, ...sentWith(open, one.files) }
            : { ...open, text: one.text, revision: Math.max(open.revision, one.revision) };
      }
      if (end) lines.push({ kind: 'ended', localId, serverId: end.serverId });
      return { lines, open: end ? null : open, serverId: end?.serverId ?? null };
    });
    const waiting = all.map((one) => [...one.lines]);
    const lines: JournalLine[] = [];
    for (let n = 0, rest = waiting; rest.length > 0; n += 1) {
      const next = rest[(choices[n] ?? 0) % rest.length]?.shift();
      if (next) lines.push(next);
      rest = rest.filter((one) => one.length > 0);
    }
    return { lines, all };
  });

function expected({ lines, all }: { lines: JournalLine[]; all: Life[] }): Told {
  const of = (localId: string): Life | undefined => all.find((one) => one.lines[0]?.localId === localId);
  return {
    open: lines.flatMap((line) => (line.kind === 'written' ? (of(line.localId)?.open ?? []) : [])),
    stored: lines.flatMap((line) =>
      line.kind === 'ended' && line.serverId !== null ? [{ localId: line.localId, serverId: line.serverId }] : [],
    ),
    skipped: 0,
  };
}

function writeAll(lines: readonly JournalLine[]): void {
  rmSync(own.path, { force: true });
  const journal = new Journal(own.folder);
  for (let at = 0; at < lines.length; at += 3) journal.append(lines.slice(at, at + 3), at === 0);
  journal.close();
}

function readAgain(): Told {
  const journal = new Journal(own.folder);
  const contents = journal.read();
  journal.close();
  return told(contents);
}

describe('any history', () => {
  it('is read back as it was written, also after a fresh beginning', () => {
    fc.assert(
      fc.property(history, (one) => {
        writeAll(one.lines);
        expect(readAgain()).toEqual(expected(one));
        const journal = new Journal(own.folder);
        journal.rewrite(journal.read());
        expect(told(journal.read())).toEqual(expected(one));
        journal.close();
      }),
    );
  });

  it('cut off at any byte keeps every whole line, and counts at most the one that was cut', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
        writeAll(one.lines);
        const bytes = readFileSync(own.path);
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        writeFileSync(own.path, cut);
        const whole = bytes.subarray(0, cut.lastIndexOf('\n') + 1).toString();
        const rest = cut.subarray(whole === '' ? 0 : Buffer.byteLength(whole)).toString();
        const isWhole = one.lines.some((line) => JSON.stringify(line) === rest);
        const wanted = readJournal(isWhole ? `${whole}${rest}` : whole);
        expect(wanted.skipped).toBe(0);
        expect(readAgain()).toEqual({ ...told(wanted), skipped: rest === '' || isWhole ? 0 : 1 });
      }),
    );
  });

  it('keeps its messages whatever stands between their lines', () => {
    const garbage = fc.oneof(
      fc.json().filter((json) => !json.includes('"kind"')),
      fc.string({ unit: 'binary', minLength: 1 }).map((noise) => `#${noise.replaceAll('\n', ' ')}`),
      fc.constantFrom('{"kind":"written"}', '{"kind":"ended","localId":"a"}', '{"__proto__":null}', '[[', '-'),
    );
    fc.assert(
      fc.property(history, fc.array(fc.tuple(fc.nat(), garbage), { maxLength: 6 }), (one, noise) => {
        const lines = one.lines.map((line) => JSON.stringify(line));
        for (const [at, line] of noise) lines.splice(at % (lines.length + 1), 0, line);
        writeFileSync(own.path, lines.map((line) => `${line}\n`).join(''));
        expect(readAgain()).toEqual({ ...expected(one), skipped: noise.length });
      }),
    );
  });
});
