/** What becomes of a list that breaks off on its way into a file. */
import { expect, it } from 'vitest';
import { writeList } from '../../../../electron/main/services/admin/export-list.ts';
import { recordingLogger } from '../../../helpers/main-parts.ts';

async function written(parts: string[], breaks: boolean): Promise<[text: string, complete: boolean]> {
  let text = '';
  async function* body(): AsyncGenerator<Uint8Array, void> {
    for (const part of parts) yield Buffer.from(part);
    if (breaks) throw new Error('the line broke');
  }
  const file = {
    size: 0,
    append: async (bytes: Uint8Array) => void (text += Buffer.from(bytes).toString()),
    finish: async () => '',
    discard: async () => undefined,
  };
  const nothing = { status: 200 as const, start: 0, length: null, size: null, type: null, etag: null };
  const complete = await writeList({ ...nothing, body: body(), cancel: () => undefined }, file, recordingLogger());
  return [text, complete];
}

it.each([
  ['whole lines', ['"a"\r\n', '"b"\r\n'], false, '"a"\r\n"b"\r\n', true],
  ['the server broke off', ['"a"\r\n', 'incom', 'plete\r\n'], false, '"a"\r\nincomplete\r\n', false],
  ['a cell that says incomplete', ['"incomplete"\r\n'], false, '"incomplete"\r\n', true],
  ['after a line', ['"a"\r\n'], true, '"a"\r\nincomplete\r\n', false],
  ['within a line', ['"a",'], true, '"a",\r\nincomplete\r\n', false],
  ['within a cell', ['"a","b'], true, '"a","b"\r\nincomplete\r\n', false],
  ['within a cell with quotes', ['"a ""b"" ', 'c'], true, '"a ""b"" c"\r\nincomplete\r\n', false],
  ['within a cell, at the end of a line of it', ['"a\r\n'], true, '"a\r\n"\r\nincomplete\r\n', false],
  ['before anything', [], true, '\r\nincomplete\r\n', false],
])('%s', async (_what, parts, breaks, text, complete) => {
  expect(await written(parts, breaks)).toEqual([text, complete]);
});
