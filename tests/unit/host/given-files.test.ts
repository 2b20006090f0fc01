/** Copies of the user's files on the stand-in's side: only from a document's own script, and only below their folder. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClipboardItem } from '../../../host/modules/system.ts';
import { createDialog } from '../../../host/modules/dialog.ts';
import { createNativeImage } from '../../../host/modules/native-image.ts';
import { takeGivenFile } from '../../../host/server/given-folder.ts';
import { SystemUi } from '../../../host/system-ui.ts';
import { ownFolder } from '../../helpers/main-parts.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
let server: Server;
let base: string;

beforeEach(async () => {
  own = await ownFolder();
  await mkdir(join(own.folder, 'given'));
  server = createServer((request, response) => {
    takeGivenFile(join(own.folder, 'given'), request).then(
      (isTaken) => response.writeHead(isTaken ? 204 : 400).end(),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await own.remove();
});

async function give(
  place: string,
  kind: string,
  body: Uint8Array<ArrayBuffer> | null,
  more: Record<string, string> = {},
): Promise<number> {
  const headers = {
    'x-host-kind': kind,
    'x-host-size': String(body?.length ?? 5),
    'x-host-modified': '1700000000000',
    ...more,
  };
  const answer = await fetch(`${base}/w/1/__host/files?place=${encodeURIComponent(place)}`, {
    method: 'POST',
    headers,
    body,
  });
  return answer.status;
}

describe('a file that the user gave to a page', () => {
  it('lies in a folder of its own, with its bytes, its name and its time', async () => {
    const bytes = randomBytes(3_000_000);
    expect(await give('1/Ünïcode 文件.bin', 'bytes', Uint8Array.from(bytes))).toBe(204);
    const path = join(own.folder, 'given', '1', 'Ünïcode 文件.bin');
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect((await stat(path)).mtimeMs).toBe(1_700_000_000_000);
    expect(await give('2/folder', 'folder', null)).toBe(204);
    expect((await stat(join(own.folder, 'given', '2', 'folder'))).isDirectory()).toBe(true);
    expect(await give('3/huge', 'size', null, { 'x-host-size': '5000000000' })).toBe(204);
    expect((await stat(join(own.folder, 'given', '3', 'huge'))).size).toBe(5_000_000_000);
  });

  it.each(['../x', '1/..', '1/.', '1/', 'x/y', '1/a/b', '1/a\\b', '/etc/passwd', '1/a\0b', ''])(
    'never lies at %j',
    async (place) => {
      expect(await give(place, 'bytes', Uint8Array.from([1]))).toBe(400);
      expect(await readdir(own.folder)).toEqual(['given']);
      expect(await readdir(join(own.folder, 'given'))).toEqual([]);
    },
  );

  it('is not written over', async () => {
    await give('1/a', 'bytes', Uint8Array.from([1]));
    expect(await give('1/a', 'bytes', Uint8Array.from([2]))).toBe(500);
    expect([...(await readFile(join(own.folder, 'given', '1', 'a')))]).toEqual([1]);
  });
});

describe('the dialog for a place', () => {
  it.each([
    ['save', { canceled: false, filePath: '/downloads/report.pdf' }],
    ['save:/elsewhere/other name.pdf', { canceled: false, filePath: '/elsewhere/other name.pdf' }],
    ['cancel', { canceled: true, filePath: '' }],
  ])('answers %s', async (action, answer) => {
    const outside = new SystemUi();
    const dialog = createDialog(outside, () => true);
    const asked = dialog.showSaveDialog({ defaultPath: '/downloads/report.pdf' });
    const [item] = outside.items();
    expect(item).toMatchObject({ what: 'dialog', text: '/downloads/report.pdf' });
    expect(outside.act({ id: item?.id ?? '', action: 'button:0' })).toBe(false);
    expect(outside.act({ id: item?.id ?? '', action })).toBe(true);
    expect(await asked).toEqual(answer);
    expect(outside.items()).toEqual([]);
    expect(outside.records).toMatchObject([{ what: 'save-dialog', detail: { defaultPath: '/downloads/report.pdf' } }]);
  });

  it('is not there before the application is ready', async () => {
    const dialog = createDialog(new SystemUi(), () => false);
    await expect(dialog.showSaveDialog({})).rejects.toThrow('ready');
  });
});

describe('a picture for the clipboard', () => {
  it('is empty when it is neither PNG nor JPEG', () => {
    const nativeImage = createNativeImage();
    const isEmpty = (...bytes: number[]): boolean => nativeImage.createFromBuffer(Buffer.from(bytes)).isEmpty();
    expect([
      isEmpty(0x89, 0x50, 0x4e, 0x47, 1),
      isEmpty(0xff, 0xd8, 0xff),
      isEmpty(0x52, 0x49, 0x46, 0x46),
      isEmpty(),
    ]).toEqual([false, false, true, true]);
  });

  it('is an item with its types, and with nothing else', async () => {
    const Item = createClipboardItem();
    const item = new Item({ 'image/png': new Blob(['png']), 'text/plain': 'words' });
    expect(item.types).toEqual(['image/png', 'text/plain']);
    expect(await (await item.getType<'text/plain'>('text/plain')).text()).toBe('words');
    await expect(item.getType('text/html')).rejects.toThrow('text/html');
  });
});
