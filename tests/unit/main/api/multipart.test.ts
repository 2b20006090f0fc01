import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { layOutMultipart as layOut, type MultipartBody } from '../../../../electron/main/services/api/multipart.ts';

const file = (name: string, mimeType = 'text/plain', size = 5) => ({
  name,
  mimeType,
  source: { size, open: () => Readable.from([Buffer.alloc(size)]) },
});

function layOutMultipart(...args: Parameters<typeof layOut>): MultipartBody {
  const layout = layOut(...args);
  if (!layout) throw new Error('not laid out');
  return layout;
}

describe('a multipart body', () => {
  it('is as another reader of it understands it', async () => {
    const layout = layOutMultipart(file('résumé 💫.txt'), { caption: 'Grüße\r\n--x', order: '1' });
    const bytes = Buffer.concat([layout.head, Buffer.from('hello'), layout.tail]);
    expect(bytes.length).toBe(layout.length);
    const form = await new Response(bytes, { headers: { 'content-type': layout.contentType } }).formData();
    expect([...form.keys()]).toEqual(['caption', 'order', 'file']);
    expect(form.get('caption')).toBe('Grüße\r\n--x');
    const sent = form.get('file');
    expect(sent).toMatchObject({ name: 'résumé 💫.txt', type: 'text/plain', size: 5 });
    expect(sent instanceof File && (await sent.text())).toBe('hello');
  });

  it('has another boundary each time', () => {
    expect(layOutMultipart(file('x')).contentType).not.toBe(layOutMultipart(file('x')).contentType);
  });

  it.each([
    ['a"b.txt', 'a%22b.txt'],
    ['a.png\r\nX-Evil: y', 'a.png%0D%0AX-Evil: y'],
    ['nul\0\u001b[1m.txt', 'nul[1m.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\dir\\x.exe', 'x.exe'],
    ['dir/', 'file'],
    ['', 'file'],
    ['half \ud83d.txt', 'half \ufffd.txt'],
  ])('names %j so that it ends neither quotes nor lines', (name, expected) => {
    const { head } = layOutMultipart(file(name));
    const lines = head.toString('utf8').split('\r\n');
    expect(lines[1]).toBe(`Content-Disposition: form-data; name="file"; filename="${expected}"`);
    expect(lines.slice(2)).toEqual(['Content-Type: text/plain', '', '']);
  });

  it.each(['', 'text', 'text/html\r\nX-Evil: y', 'text/html; x=y', 'a b/c'])('takes %j for no type', (type) => {
    const { head } = layOutMultipart(file('x', type));
    expect(head.toString('utf8').split('\r\n').slice(2)).toEqual(['Content-Type: application/octet-stream', '', '']);
  });

  it.each(['', 'a b', 'a"b', 'a\r\nb', '__proto__', 'ä'])('has no field of the name %j', (name) => {
    expect(layOut(file('x'), Object.fromEntries([[name, 'y']]))).toBeNull();
  });
});
