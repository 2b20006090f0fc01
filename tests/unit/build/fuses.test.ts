import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { burnFuses, checkFuses, FUSES } from '../../../build/fuses.mjs';
import { ownFolder } from '../../helpers/main-parts.ts';
import { programWithFuses } from '../../helpers/build-program.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

describe('the fuses', () => {
  it('are all named, every one that the library knows', () => {
    const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
    expect(Object.keys(FUSES).sort()).toEqual(known.sort());
    expect(known).toHaveLength(9);
  });

  it('leave no way in through the environment or the command line', () => {
    expect(FUSES).toMatchObject({
      RunAsNode: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableCookieEncryption: true,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      GrantFileProtocolExtraPrivileges: false,
    });
  });

  it('are burnt into the program and read back', async () => {
    const file = join(own.folder, 'program');
    await writeFile(file, programWithFuses('000000000'));
    await expect(checkFuses(file)).rejects.toThrow('EnableCookieEncryption');
    await burnFuses(file);
    await checkFuses(file);
    // RunAsNode is the first of the wire.
    expect((await readFile(file)).includes(programWithFuses('010011001').subarray(64, 64 + 43))).toBe(true);
  });

  it('are burnt into the framework of macOS', async () => {
    const framework = join(own.folder, 'Relay.app/Contents/Frameworks/Electron Framework.framework');
    await mkdir(framework, { recursive: true });
    await writeFile(join(framework, 'Electron Framework'), programWithFuses('000000000'));
    await burnFuses(join(own.folder, 'Relay.app'));
    await checkFuses(join(own.folder, 'Relay.app'));
  });

  it('refuse a program with a fuse that we do not know, and one without any', async () => {
    const newer = join(own.folder, 'newer');
    await writeFile(newer, programWithFuses('0000000000'));
    await expect(burnFuses(newer)).rejects.toThrow();
    const none = join(own.folder, 'none');
    await writeFile(none, 'no fuses here');
    await expect(burnFuses(none)).rejects.toThrow();
  });
});
