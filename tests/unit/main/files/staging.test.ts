/** Taking files of this computer: real files on a real disk. */
import { mkdtemp, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_UPLOAD_BYTES } from '../../../../contract/model/limits.ts';
import { stageFile } from '../../../../electron/main/services/files/staging.ts';
import { plain, tagged } from './pictures/picture-world.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-staging-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function stage(name: string, bytes?: Uint8Array | string) {
  const path = join(folder, name);
  if (bytes !== undefined) await writeFile(path, bytes);
  const staged = await stageFile({ path, name, chatId: 'c1' });
  return staged.ok ? staged.value : staged.error.code;
}

describe('a file that is taken', () => {
  it('is a regular one, with bytes, and not too large', async () => {
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'behind'), 'x');
    await symlink(join(folder, 'behind'), join(folder, 'link'));
    await writeFile(join(folder, 'large'), 'x');
    await truncate(join(folder, 'large'), MAX_UPLOAD_BYTES + 1);
    expect(await stage('folder')).toBe('file_is_folder');
    expect(await stage('link')).toBe('file_is_link');
    expect(await stage('empty', '')).toBe('file_empty');
    expect(await stage('large')).toBe('file_too_large');
    expect(await stage('none')).toBe('file_gone');
    await truncate(join(folder, 'large'), MAX_UPLOAD_BYTES);
    expect(await stage('large')).toMatchObject({ size: MAX_UPLOAD_BYTES });
  });

  it('is what its bytes say', async () => {
    expect(await stage('photo.txt', await plain().png().toBuffer())).toMatchObject({
      mimeType: 'image/png',
      width: 40,
    });
    expect(await stage('page.png', '<script>1</script>')).toMatchObject({ mimeType: 'application/octet-stream' });
    const broken = (await plain().jpeg().toBuffer()).subarray(0, 100);
    expect(await stage('broken.jpg', broken)).toMatchObject({ mimeType: 'application/octet-stream', width: null });
  });

  it('tells whether tags go with it', async () => {
    expect(await stage('a.jpg', await tagged('jpeg'))).toMatchObject({ tagged: true, keepTags: false });
    expect(await stage('b.jpg', await plain().jpeg().toBuffer())).toMatchObject({ tagged: false, keepTags: false });
    const avif = await plain(64, 48)
      .withExif({ IFD0: { Make: 'SecretCamera' } })
      .avif()
      .toBuffer();
    expect(await stage('c.avif', avif)).toMatchObject({ mimeType: 'image/avif', tagged: true, keepTags: false });
    // What cannot be removed is not promised to be.
    const cut = avif.subarray(0, avif.length - 20);
    expect(await stage('e.avif', cut)).toMatchObject({ mimeType: 'image/avif', tagged: true, keepTags: true });
    expect(await stage('d.avif', await plain(64, 48).avif().toBuffer())).toMatchObject({ tagged: false });
  });
});
