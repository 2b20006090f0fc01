/**
 * The package as electron-builder makes it, with a stand-in in the place of Electron's runtime: the configuration by
 * the builder's own schema, and what lies in the archive.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { listPackage } from '@electron/asar';
import { Ajv } from 'ajv';
import { build as bundle } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFuses } from '../../../build/fuses.mjs';
import { programWithFuses } from '../../helpers/build-program.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const builderRequire = createRequire(createRequire(import.meta.url).resolve('electron-builder'));

async function configuration(): Promise<Record<string, unknown>> {
  const yaml = builderRequire('js-yaml') as { load(text: string): unknown };
  return yaml.load(await readFile(join(ROOT, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>;
}

describe('electron-builder.yml', () => {
  it("fits electron-builder's own schema, which knows a mistake", async () => {
    const file = builderRequire.resolve('app-builder-lib/package.json').replace(/package\.json$/, 'scheme.json');
    const schema = JSON.parse(await readFile(file, 'utf8')) as object;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(schema);
    const config = await configuration();
    expect(validate(config) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...config, nsis: { oneClick: 'perhaps' } })).toBe(false);
    expect(validate({ ...config, notAnOption: true })).toBe(false);
  });

  it('names files that are there', async () => {
    const config = JSON.stringify(await configuration());
    for (const [file] of config.matchAll(/build\/[\w./-]+\.(?:ico|icns|mjs|plist|png)/g)) {
      expect((await readFile(join(ROOT, file))).length).toBeGreaterThan(0);
    }
  });
});

describe('the package', () => {
  let folder = '';
  let app = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relay-package-'));
    app = join(folder, 'app');
    // A project of its own, so that nobody else's bundles are in the way.
    await mkdir(join(app, 'build'), { recursive: true });
    for (const name of ['main', 'preload']) {
      await bundle({
        configFile: join(ROOT, `vite.${name}.config.ts`),
        root: ROOT,
        logLevel: 'error',
        build: { outDir: join(app, 'out', name), emptyOutDir: true },
      });
    }
    await mkdir(join(app, 'out', 'renderer'));
    await writeFile(join(app, 'out', 'renderer', 'index.html'), '<!doctype html>');
    await writeFile(join(app, 'out', 'renderer', 'index.js.map'), '{}');
    for (const [name, text] of [
      ['host/run.ts', 'host'],
      ['tests/secret.txt', 'tests'],
      ['.env', 'RELAY_SECRET=1'],
      ['relay-data/jwt-secret', 'secret'],
      ['electron/main/index.ts', 'source'],
    ] as const) {
      await mkdir(join(app, name, '..'), { recursive: true });
      await writeFile(join(app, name), text);
    }
    await writeFile(join(app, 'package.json'), await readFile(join(ROOT, 'package.json')));
    const runtime = join(folder, 'runtime');
    await mkdir(join(runtime, 'resources'), { recursive: true });
    await mkdir(join(runtime, 'locales'));
    await writeFile(join(runtime, 'electron'), programWithFuses('101100110'), { mode: 0o755 });
    await writeFile(join(runtime, 'LICENSE'), 'x');
    await writeFile(join(runtime, 'locales', 'en-US.pak'), 'x');
    const { build, Platform } = await import('electron-builder');
    const config = await configuration();
    await build({
      targets: Platform.LINUX.createTarget('dir'),
      projectDir: app,
      publish: 'never',
      config: {
        ...config,
        electronDist: runtime,
        electronVersion: '45.4.1',
        directories: { output: join(folder, 'release'), buildResources: join(ROOT, 'build') },
        afterPack: join(ROOT, 'build', 'after-pack.mjs'),
        extraResources: [{ from: join(ROOT, 'build', 'tray'), to: 'tray' }],
        linux: { ...(config['linux'] as object), icon: join(ROOT, 'build', 'icons') },
      },
    });
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('holds the bundles and nothing else', () => {
    const archive = join(folder, 'release', 'linux-unpacked', 'resources', 'app.asar');
    const files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/'));
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
  });

  it('has its fuses burnt and the tray beside it', async () => {
    const out = join(folder, 'release', 'linux-unpacked');
    await checkFuses(join(out, 'relay-desktop'));
    expect((await readFile(join(out, 'resources', 'tray', 'tray.png'))).length).toBeGreaterThan(100);
  });

  it('has a main that needs no library, and knows nothing of the stand-in', async () => {
    const main = await readFile(join(app, 'out', 'main', 'index.js'), 'utf8');
    const asked = [...main.matchAll(/^import[^;]*?from\s*["']([^"']+)["']/gm)].map(([, name = '']) => name);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !isBuiltin(name) && !name.startsWith('.') && name !== 'electron')).toEqual([]);
    expect(main).not.toMatch(/stand-in|host\/register|RELAY_HOST_KEY_STORE/);
  });

  it('has a preload of one small file that requires electron and nothing else', async () => {
    const preload = await readFile(join(app, 'out', 'preload', 'index.cjs'), 'utf8');
    const asked = [...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name);
    expect(asked).toEqual(['electron']);
    expect(preload.length).toBeLessThan(10_000);
    expect(preload).not.toMatch(/zod|safeParse|import\s/);
  });
});
