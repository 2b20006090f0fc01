/** Forms, cut into chunks at every place: the same parts come out, and anything that is no whole form is refused. */
import { expect, test } from 'vitest';
import { RelayError } from '../../../relay/errors.ts';
import { boundaryOf, readForm } from '../../../relay/http/multipart.ts';

const TYPE = 'multipart/form-data; boundary=B';

type Part = [name: string, fileName: string | null, bytes: string];

async function* cut(form: Buffer, size: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < form.length; at += size) yield form.subarray(at, at + size);
}

async function read(form: string | Buffer, size = 1e9, type = TYPE): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { name, fileName, bytes } of readForm(cut(Buffer.from(form), size), type)) {
    const chunks: Buffer[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    parts.push([name, fileName, Buffer.concat(chunks).toString('latin1')]);
  }
  return parts;
}

const part = (disposition: string, body = 'hi', more = ''): string =>
  `--B\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n${body}\r\n`;
const END = '--B--\r\n';

test('however it is cut, the parts are the same', async () => {
  const body = 'a\r\n--\r\n--C\r\n-\r\r\n--b--\r';
  const form = part('name="x"', '') + part('name="file"; filename="f"', body, 'Content-Type: text/plain\r\n') + END;
  for (let size = 1; size <= form.length; size += 1) {
    expect(await read(form, size), String(size)).toEqual([
      ['x', null, ''],
      ['file', 'f', body],
    ]);
  }
});

test('a part that nobody reads is skipped, and so is the rest of one that is read halfway', async () => {
  const form = part('name="a"; filename="a"', 'x'.repeat(1000)) + part('name="b"; filename="b"', 'yy') + END;
  const names: string[] = [];
  for await (const { name, bytes } of readForm(cut(Buffer.from(form), 10), TYPE)) {
    names.push(name);
    if (name === 'a') for await (const chunk of bytes) if (chunk.length > 0) break;
  }
  expect(names).toEqual(['a', 'b']);
});

test('what follows the end is read and ignored', async () => {
  expect(await read(`${part('name="x"')}${END}anything\r\n--B\r\n`, 3)).toEqual([['x', null, 'hi']]);
  expect(await read('--B--')).toEqual([]);
});

test.each<[string, string | Buffer, string | null]>([
  ['plain', 'filename="a.png"', 'a.png'],
  ['without quotes', 'filename=a.png', 'a.png'],
  ['UTF-8', 'filename="💫 résumé.txt"', '💫 résumé.txt'],
  ['a quote as browsers send it', 'filename="a%22b.txt"', 'a"b.txt'],
  ['a quote as others send it', 'filename="a\\"b.txt"', 'a"b.txt'],
  ['a line break as browsers send it', 'filename="a%0D%0Ab"', 'a\r\nb'],
  ['a percent sign that escapes nothing', 'filename="100%25.txt"', '100%25.txt'],
  ['a path of Windows', 'filename="C:\\dir\\x.txt"', 'C:\\dir\\x.txt'],
  ['the extended one counts', 'filename="fallback"; filename*=UTF-8\'\'%D0%BF%D1%80.txt', 'пр.txt'],
  ['the extended one alone', "filename*=utf-8'en'a%20b", 'a b'],
  ['an extended one that is broken', 'filename="a"; filename*=UTF-8\'\'%D0', 'a'],
  ['an extended one of another encoding', 'filename="a"; filename*=latin1\'\'b', 'a'],
  ['the first of two', 'filename="a"; filename="b"', 'a'],
  ['empty', 'filename=""', ''],
  ['none', 'x=1', null],
  ['in quotes, another parameter', 'x="; filename=evil"; filename="a"', 'a'],
])('a file name, %s', async (_name, parameter, expected) => {
  expect(await read(part(`name="file"; ${String(parameter)}`) + END)).toEqual([['file', expected, 'hi']]);
});

test('a name in Latin 1 is kept as that', async () => {
  const form = Buffer.from(part('name="file"; filename="ü.txt"') + END, 'latin1');
  expect((await read(form))[0]?.[1]).toBe('ü.txt');
});

test.each<[string, string]>([
  ['nothing', ''],
  ['not a form', 'hello'],
  ['something before the first boundary', `x\r\n${part('name="x"')}${END}`],
  ['no end', part('name="x"')],
  ['an end that is cut', `${part('name="x"')}--B-`],
  ['a boundary with something behind it', `${part('name="x"')}--Bx\r\n`],
  ['a part without a name', part('filename="x"') + END],
  ['a part without a disposition', '--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--'],
  ['an attachment', '--B\r\nContent-Disposition: attachment; name="x"\r\n\r\nx\r\n--B--'],
  ['two dispositions', part('name="x"', 'hi', 'Content-Disposition: form-data; name="y"\r\n') + END],
  ['a line break in a name', part('name="file"; filename="a\nX-Evil: y"') + END],
  ['a header without a colon', part('name="x"', 'hi', 'nothing\r\n') + END],
  ['NUL in a header', part('name="a\0b"') + END],
  ['headers without end', `--B\r\n${'x: y\r\n'.repeat(5000)}`],
  ['a long header', part(`name="${'a'.repeat(9000)}"`) + END],
  ['too many parts', part('name="x"').repeat(1001) + END],
])('%s is refused', async (_name, form) => {
  for (const size of [1e9, 7]) {
    const refused = await read(form, size).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RelayError);
    expect(refused).toMatchObject({ code: 'bad_request', statusCode: 400 });
  }
});

test('the boundary', () => {
  expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc');
  expect(boundaryOf('multipart/form-data; charset=x; Boundary="a b:c"')).toBe('a b:c');
  for (const type of [
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary="a "',
    `multipart/form-data; boundary=${'a'.repeat(71)}`,
    'multipart/form-data; boundary="a\r\nb"',
  ]) {
    expect(() => boundaryOf(type), type).toThrow(RelayError);
  }
});

test('what the source throws is thrown', async () => {
  async function* failing(): AsyncGenerator<Buffer, void> {
    yield Buffer.from(part('name="x"').slice(0, 20));
    throw new Error('gone');
  }
  await expect(readForm(failing(), TYPE).next()).rejects.toThrow('gone');
});
