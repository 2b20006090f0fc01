import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  Journal,
  mustLast,
  readJournal,
  type JournalLine,
  type WrittenLine,
} from '../../../../../electron/main/services/store/recovery/journal.ts';
import { journalFolder, told, type Told } from './own-files.ts';

const ANCHOR = { id: 'm1', at: 1000, tie: 'm1' };
const LATER = { id: 'm2', at: 2000, tie: 'm2' };
function written(localId: string, more: Partial<WrittenLine> = {}): WrittenLine {
  return {
    kind: 'written',
    account: 'account',
    localId,
    chatId: 'chat1',
    text: `text of ${localId}`,
    replyTo: null,
    files: [],
    uploads: [],
    anchor: ANCHOR,
    writtenAt: 1,
    revision: 0,
    ...more,
  };
}
const left = (localId: string, files: string[] = []): JournalLine => ({ kind: 'left', localId, anchor: LATER, files });
const changed = (localId: string, text: string, revision = 1): JournalLine => ({
  kind: 'changed',
  localId,
  text,
  revision,
});
const ended = (localId: string, serverId: string | null): JournalLine => ({ kind: 'ended', localId, serverId });
const textOf = (...lines: unknown[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

const own = journalFolder();

describe('readJournal', () => {
  const a = written('a');
  const b = written('b');
  const STORED = { localId: 'a', serverId: 's1' };
  const TABLE: [string, string, Told][] = [
    ['nothing', '', { open: [], stored: [], skipped: 0 }],
    ['blank lines', '\n\n\n', { open: [], stored: [], skipped: 0 }],
    ['messages in their order', textOf(b, a), { open: [b, a], stored: [], skipped: 0 }],
    ['the end of line of another system', `${JSON.stringify(a)}\r\n`, { open: [a], stored: [], skipped: 0 }],
    ['a last line without its end', textOf(a).trimEnd(), { open: [a], stored: [], skipped: 0 }],
    ['a stored message', textOf(a, b, ended('a', 's1')), { open: [b], stored: [STORED], skipped: 0 }],
    ['one that was taken back', textOf(a, b, ended('a', null)), { open: [b], stored: [], skipped: 0 }],
    ['one that left', textOf(a, left('a')), { open: [{ ...a, anchor: LATER }], stored: [], skipped: 0 }],
    [
      'the newest words, in the place of the first',
      textOf(a, b, changed('a', 'x'), changed('a', 'y', 2)),
      { open: [{ ...a, text: 'y', revision: 2 }, b], stored: [], skipped: 0 },
    ],
    [
      'lines of a version that did not count the words on a message',
      textOf({ ...a, revision: undefined }, { ...changed('a', 'x'), revision: undefined }),
      { open: [{ ...a, text: 'x' }], stored: [], skipped: 0 },
    ],
    [
      'an uncounted line after counted ones',
      textOf(a, changed('a', 'x', 3), { ...changed('a', 'y'), revision: undefined }),
      { open: [{ ...a, text: 'y', revision: 3 }], stored: [], skipped: 0 },
    ],
    [
      'what came after the end',
      textOf(a, ended('a', 's1'), changed('a', 'x'), left('a')),
      { open: [], stored: [STORED], skipped: 0 },
    ],
    ['what is told of an unknown one', textOf(left('z'), changed('z', 'x')), { open: [], stored: [], skipped: 0 }],
    ['the end of an unknown one', textOf(ended('a', 's1')), { open: [], stored: [STORED], skipped: 0 }],
    ['a field too many', textOf({ ...a, more: 1 }), { open: [a], stored: [], skipped: 0 }],
    [
      'names that objects have by birth',
      textOf(written('__proto__'), written('constructor')),
      { open: [written('__proto__'), written('constructor')], stored: [], skipped: 0 },
    ],
    [
      'half a pair of code units and a line separator in a text',
      textOf(written('a', { text: '\ud83d \u2028 \0' })),
      { open: [written('a', { text: '\ud83d \u2028 \0' })], stored: [], skipped: 0 },
    ],
  ];
  it.each(TABLE)('reads %s', (_name, text, contents) => {
    expect(told(readJournal(text))).toEqual(contents);
  });

  const GARBAGE = [
    'nonsense',
    '{',
    '{}',
    '[]',
    'null',
    'true',
    '1e400',
    '"written"',
    `[${JSON.stringify(a)}]`,
    JSON.stringify(a).slice(0, -1),
    `${JSON.stringify(a)}${JSON.stringify(a)}`,
    `{"__proto__":${JSON.stringify(a)}}`,
    `{"__proto__":${JSON.stringify({ ...a, kind: undefined })},"kind":"written"}`,
    '{"kind":"__proto__","localId":"a"}',
    '{"kind":"constructor","localId":"a"}',
    JSON.stringify({ ...a, kind: 'Written' }),
    '\u0000\u0000\u0000\u0000',
    '\ufffd\ufffd',
    '['.repeat(20_000),
  ];
  it.each(GARBAGE)('skips and counts %j', (line) => {
    expect(told(readJournal(textOf(a, line, b)))).toEqual({ open: [a, b], stored: [], skipped: 1 });
  });

  const NOT_TEXT = ['null', '7', 'true', '[]', '{}', '["x"]', undefined];
  const NOT_TEXT_OR_NULL = NOT_TEXT.filter((value) => value !== 'null');
  const NOT_NUMBER = ['null', '"7"', 'true', '[]', '{}', '[7]', '1e400', '-1e400', undefined];
  const NOT_COUNT = NOT_NUMBER.filter((value) => value !== undefined);
  const NOT_ANCHOR = ['null', '7', '"x"', '[]', '{}', '[null,1,""]', undefined];
  const FIELDS: [JournalLine, string, readonly (string | undefined)[]][] = [
    ...(['kind', 'account', 'localId', 'chatId', 'text'] as const).map(
      (field): [JournalLine, string, readonly (string | undefined)[]] => [a, field, NOT_TEXT],
    ),
    [a, 'replyTo', NOT_TEXT_OR_NULL],
    [a, 'files', ['null', '7', '"x"', '{}', '[7]', '["x",null]', '[["x"]]', undefined]],
    [a, 'writtenAt', NOT_NUMBER],
    [a, 'revision', NOT_COUNT],
    [a, 'anchor', NOT_ANCHOR],
    [a, 'anchor.id', NOT_TEXT_OR_NULL],
    [a, 'anchor.at', NOT_NUMBER],
    [a, 'anchor.tie', NOT_TEXT],
    [left('b'), 'localId', NOT_TEXT],
    [left('b'), 'anchor', NOT_ANCHOR],
    [left('b'), 'anchor.at', NOT_NUMBER],
    [changed('b', 'x'), 'localId', NOT_TEXT],
    [changed('b', 'x'), 'text', NOT_TEXT],
    [changed('b', 'x'), 'revision', NOT_COUNT],
    [ended('b', 's1'), 'localId', NOT_TEXT],
    [ended('b', 's1'), 'serverId', NOT_TEXT_OR_NULL],
  ];
  const WRONG = FIELDS.flatMap(([line, field, values]) =>
    values.map((value) => [line.kind, field, value, line] as const),
  );

  /** The line with one field's JSON put in by hand: not every JSON number is one that can be written again. */
  function withField(line: JournalLine, field: string, value: string | undefined): string {
    const copy = structuredClone(line) as unknown as Record<string, unknown>;
    const [outer = '', inner] = field.split('.');
    const holder = inner === undefined ? copy : (copy[outer] as Record<string, unknown>);
    if (value === undefined) delete holder[inner ?? outer];
    else holder[inner ?? outer] = '@@';
    return JSON.stringify(copy).replace('"@@"', value ?? '');
  }

  it.each(WRONG)('skips a %s line whose %s is %s', (_kind, field, value, line) => {
    expect(told(readJournal(textOf(b, withField(line, field, value))))).toEqual({ open: [b], stored: [], skipped: 1 });
  });
});

describe('the last wordings', () => {
  const wordingsOf = (...lines: JournalLine[]): unknown => Object.fromEntries(readJournal(textOf(...lines)).wordings);

  it('are told of what waits and of what was stored, and not of what was taken back', () => {
    const lines = ['open', 'stored', 'gone', 'untouched'].map((localId) => written(localId));
    const later = ['open', 'stored', 'gone'].map((localId) => changed(localId, `new text of ${localId}`, 4));
    expect(wordingsOf(...lines, ...later, ended('stored', 's1'), ended('gone', null))).toEqual({
      open: { text: 'new text of open', revision: 4 },
      stored: { text: 'new text of stored', revision: 4 },
      untouched: { text: 'text of untouched', revision: 0 },
    });
  });

  it('are not told of a message of which only the end is known', () => {
    expect(wordingsOf(ended('a', 's1'), changed('b', 'x'))).toEqual({});
  });
});

describe('mustLast', () => {
  it.each([
    ['a written message', written('a'), true],
    ['another word on it', changed('a', 'x'), true],
    ['its leaving, which history tells as well', left('a'), false],
    ['its being stored, which history tells as well', ended('a', 's1'), false],
    ['its being taken back', ended('a', null), true],
  ])('%s', (_name, line, waits) => {
    expect(mustLast(line)).toBe(waits);
  });
});

describe('a fresh beginning', () => {
  it('keeps all that is open and the newest thousand of what was stored, and goes on in the new file', () => {
    const stored = Array.from({ length: 1500 }, (_, n) => ({ localId: `l${n}`, serverId: `s${n}` }));
    const open = Array.from({ length: 1200 }, (_, n) => written(`o${n}`));
    const journal = new Journal(own.folder);
    journal.append([written('gone')], true);
    journal.rewrite({ open, stored });
    journal.append([written('new'), ended('o0', 's-new')], true);
    expect(told(journal.read())).toEqual({
      open: [...open.slice(1), written('new')],
      stored: [...stored.slice(500), { localId: 'o0', serverId: 's-new' }],
      skipped: 0,
    });
    journal.close();
    expect(readdirSync(own.folder)).toEqual(['outbox.journal']);
  });

  it.skipIf(process.platform === 'win32')('is nobody else’s to read, whatever the old file was', () => {
    const mode = (): number => statSync(own.path).mode & 0o777;
    new Journal(own.folder).close();
    expect(mode()).toBe(0o600);
    chmodSync(own.path, 0o644);
    const journal = new Journal(own.folder);
    journal.rewrite({ open: [], stored: [] });
    journal.close();
    expect(mode()).toBe(0o600);
  });

  it('is not needed for the next line to be read behind one that was cut off', () => {
    writeFileSync(own.path, textOf(written('a'), written('b')).slice(0, -10));
    const journal = new Journal(own.folder);
    expect(told(journal.read())).toEqual({ open: [written('a')], stored: [], skipped: 1 });
    journal.append([written('c')], true);
    expect(told(journal.read())).toEqual({ open: [written('a'), written('c')], stored: [], skipped: 1 });
    journal.close();
  });

  it('says nothing when its file was taken away', () => {
    const journal = new Journal(own.folder);
    journal.append([written('a')], true);
    rmSync(own.path);
    expect(told(journal.read())).toEqual({ open: [], stored: [], skipped: 0 });
    journal.close();
  });
});
