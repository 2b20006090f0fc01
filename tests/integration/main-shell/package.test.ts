/**
 * The package as electron-builder makes it, with a stand-in in the place of Electron's runtime: the configuration by
 * the builder's own schema, what lies in the archive, what it asks for, and that its store runs from it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extractAll, extractFile, getRawHeader, listPackage } from '@electron/asar';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFuses } from '../../../build/fuses.mjs';
import { openAccountStore } from '../../../electron/main/services/store/account-store.ts';
import { parseQuery } from '../../../electron/main/lib/search-query.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { alterArchive } from '../../../scripts/lib/smoke/alter.ts';
import { packWith } from '../../../scripts/lib/smoke/pack.ts';
import { ManualClock, recordingLogger } from '../../helpers/main-parts.ts';
import {
  builderConfiguration,
  builderRequire,
  buildPackage,
  standInRuntime,
  type BuiltPackage,
} from '../../helpers/package.ts';
import { importsOf, reachedFrom } from '../../helpers/package-imports.ts';

/** Bytes that the archive may have: what is there now and a third more. Whoever needs more says why, here. */
const LARGEST_ARCHIVE = 6_800_000;

describe('electron-builder.yml', () => {
  it("fits electron-builder's own schema, which knows a mistake", async () => {
    const file = builderRequire.resolve('app-builder-lib/package.json').replace(/package\.json$/, 'scheme.json');
    const schema = JSON.parse(await readFile(file, 'utf8')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(schema);
    const config = await builderConfiguration();
    expect(validate(config) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...config, nsis: { oneClick: 'perhaps' } })).toBe(false);
    expect(validate({ ...config, notAnOption: true })).toBe(false);
  });

  it('names files that are there', async () => {
    const config = JSON.stringify(await builderConfiguration());
    for (const [file] of config.matchAll(/build\/[\w./-]+\.(?:ico|icns|mjs|plist|png)/g)) {
      expect((await readFile(join(ROOT, file))).length).toBeGreaterThan(0);
    }
  });
});

describe('a walk through imports', () => {
  it('knows every way of asking, and refuses a name that nobody can read', () => {
    const code =
      'import a from "a"; export * from "./b.js"; const c = await import("c"); __require("d"); require(`e`); "require(f)"';
    expect(importsOf('x.js', code).sort()).toEqual(['./b.js', 'a', 'c', 'd', 'e']);
    expect(() => importsOf('x.js', 'await import(name)')).toThrow('made up');
    expect(() => importsOf('x.js', '__require(name)')).toThrow('made up');
  });
});

describe('the package', () => {
  let built: BuiltPackage;
  let files: string[];
  const read = (file: string): string => extractFile(built.asar, file).toString('utf8');

  beforeAll(async () => {
    built = await buildPackage();
    files = listPackage(built.asar, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
  }, 120_000);
  afterAll(() => built.remove());

  it('holds the bundles and nothing else', async () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/out/main/index.js',
        '/out/main/store-worker.js',
        '/out/preload/index.cjs',
        '/out/renderer/index.html',
      ]),
    );
    const strange = files.filter((file) => !/^\/(package\.json|out(\/(main|preload|renderer)(\/.*)?)?)$/.test(file));
    expect(strange).toEqual([]);
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    expect((await stat(built.asar)).size).toBeLessThan(LARGEST_ARCHIVE);
    const page = read('out/renderer/index.html');
    const asked = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file = '']) => `/out/renderer/${file}`);
    expect(asked.length).toBeGreaterThan(1);
    expect(files).toEqual(expect.arrayContaining(asked));
  });

  it('has a main that asks for nothing but built-in modules and electron, whichever way', () => {
    const { files: reached, others } = reachedFrom('out/main/index.js', read);
    expect(reached.length).toBeGreaterThan(2);
    expect(others).toContain('electron');
    expect(others.filter((name) => !isBuiltin(name) && name !== 'electron')).toEqual([]);
    for (const file of reached) expect(read(file)).not.toMatch(/stand-in|host\/register|RELAY_HOST_KEY_STORE/);
  });

  it('has a main without what its libraries bring and nothing uses: a validator of schemas, a table of media types', () => {
    const main = reachedFrom('out/main/index.js', read).files.map(read).join('\n');
    expect(main).toContain('ajv/dist/2020.js is left out of this bundle');
    expect(main).toContain('form-data is left out of this bundle');
    expect(main).not.toContain('addUsedSchema');
    expect(main).not.toContain('application/vnd.3gpp.mc-signalling-ear');
  });

  it('names no place for updates unless whoever builds it does', () => {
    expect(existsSync(join(built.program, 'resources', 'app-update.yml'))).toBe(false);
  });

  it('loads the updater only when it is used', () => {
    const UPDATER = 'APPIMAGE env is not defined, current application is not an AppImage';
    const code = read('out/main/index.js');
    expect(reachedFrom('out/main/index.js', read).files.map(read).join('\n')).toContain(UPDATER);
    expect(code).not.toContain(UPDATER);
    expect(read('out/main/chunks/program.js')).not.toContain(UPDATER);
  });

  it('has a worker that asks for built-in modules alone, and never reaches main', () => {
    const { files: reached, others } = reachedFrom('out/main/store-worker.js', read);
    expect(others).toContain('node:sqlite');
    expect(others.filter((name) => !isBuiltin(name))).toEqual([]);
    expect(reached.filter((file) => /\/(index|program)\.js$/.test(file))).toEqual([]);
  });

  it('has a preload of one small file that requires electron and nothing else', () => {
    const preload = read('out/preload/index.cjs');
    expect(reachedFrom('out/preload/index.cjs', read)).toEqual({
      files: ['out/preload/index.cjs'],
      others: ['electron'],
    });
    expect(preload.length).toBeLessThan(10_000);
    expect(preload).not.toMatch(/zod|safeParse|import\s/);
  });

  it('runs its store with the full-text index, in a thread of its own', async () => {
    const out = join(built.folder, 'unpacked');
    extractAll(built.asar, out);
    const userDataDir = join(built.folder, 'user-data');
    const store = openAccountStore({
      userDataDir,
      account: 'account',
      me: 'me',
      workerUrl: pathToFileURL(join(out, 'out/main/store-worker.js')),
      clock: new ManualClock(Date.UTC(2026, 5, 1)),
      logger: recordingLogger(),
      onRebuilt: () => undefined,
    });
    expect(await store.opened).toMatchObject({ indexed: true, rebuilt: false });
    const now = Date.UTC(2026, 5, 1);
    const createdAt = new Date(now).toISOString();
    const message = { id: 'm1', chatId: 'c1', senderId: 'other', content: 'A night train to Oslo', createdAt };
    await store.writer.storeOne({ message, now });
    const found = await store.reader.search({ query: parseQuery('oslo'), chatId: null, limit: 5, offset: 0 });
    expect(found.hits).toHaveLength(1);
    await store.close();
  });

  it('starts with its sandbox from every desktop entry', () => {
    const { AppImage, deb } = built.desktopEntries;
    const line = (entry: string, name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(entry)?.[1] ?? '';
    expect(line(AppImage, 'Exec')).toBe('AppRun %U');
    expect(line(deb, 'Exec')).toBe('/opt/Relay/relay-desktop %U');
    for (const entry of [AppImage, deb]) {
      expect(entry).not.toContain('no-sandbox');
      expect(line(entry, 'Name')).toBe('Relay');
      expect(line(entry, 'Icon')).toBe('relay-desktop');
      // By it the desktop knows that the window belongs to this entry.
      expect(line(entry, 'StartupWMClass')).toBe('relay-desktop');
    }
  });

  it('has its fuses burnt and the tray beside it', async () => {
    await checkFuses(join(built.program, 'relay-desktop'));
    expect((await readFile(join(built.program, 'resources', 'tray', 'window.png'))).length).toBeGreaterThan(100);
  });

  it('names the hash of every file in the archive, by which the system finds an altered one', () => {
    const checked = hashesOf(getRawHeader(built.asar).header);
    expect(checked.size).toBeGreaterThan(5);
    for (const [file, hash] of checked) {
      expect(createHash('sha256').update(extractFile(built.asar, file)).digest('hex'), file).toBe(hash);
    }
    expect([...checked.keys()].sort()).toEqual(
      files
        .map((file) => file.slice(1))
        .filter((file) => /\.\w+$/.test(file))
        .sort(),
    );
  });
});

describe.skipIf(process.platform !== 'linux')('the package of the smoke test', () => {
  it('is laid out around a runtime at hand, and its archive can be altered without anything but the header', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-packed-'));
    const runtime = join(await standInRuntime(join(folder, 'runtime')), 'electron');
    const { program, asar } = await packWith(runtime, '45.4.1', join(folder, 'release'));
    await checkFuses(program);
    const before = getRawHeader(asar);
    const page = extractFile(asar, 'out/renderer/index.html');
    await alterArchive(asar);
    const after = getRawHeader(asar);
    expect(after.headerString).not.toBe(before.headerString);
    expect(after.headerSize).toBe(before.headerSize);
    expect(extractFile(asar, 'out/renderer/index.html')).toEqual(page);
    await rm(folder, { recursive: true });
  });
});

interface AsarFolder {
  files: Record<string, AsarFolder | { integrity?: { algorithm: string; hash: string } }>;
}

/** The hash that the archive's header names for each file; empty where it names none. */
function hashesOf(folder: AsarFolder, path = ''): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const [name, entry] of Object.entries(folder.files)) {
    const file = path === '' ? name : `${path}/${name}`;
    if ('files' in entry) for (const [below, hash] of hashesOf(entry, file)) hashes.set(below, hash);
    else hashes.set(file, entry.integrity?.algorithm === 'SHA256' ? entry.integrity.hash : '');
  }
  return hashes;
}
