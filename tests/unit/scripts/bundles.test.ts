import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asProduction, isFresh, sourcesHash } from '../../../scripts/lib/bundles.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'relay-sources-'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/one.ts'), '1');
  writeFileSync(join(root, 'a/b/two.ts'), '2');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

it('changes with each byte, name and file, and with nothing else', () => {
  const hash = (): string => sourcesHash(['a', 'absent'], root);
  const first = hash();
  expect(hash()).toBe(first);
  writeFileSync(join(root, 'a/b/two.ts'), '3');
  const second = hash();
  expect(second).not.toBe(first);
  writeFileSync(join(root, 'a/b/new.ts'), '');
  const third = hash();
  expect(third).not.toBe(second);
  rmSync(join(root, 'a/b/new.ts'));
  writeFileSync(join(root, 'elsewhere.ts'), 'x');
  expect(hash()).toBe(second);
});

it('believes in a bundle only as its build left it: not in one that something else wrote, or that is half there', () => {
  const bundle = { sources: ['a'], out: 'out' };
  const built = { 'out/index.js': 'index', 'out/chunks/part.js': 'part' };
  const write = (): void => {
    rmSync(join(root, 'out'), { recursive: true, force: true });
    mkdirSync(join(root, 'out/chunks'), { recursive: true });
    for (const [file, text] of Object.entries(built)) writeFileSync(join(root, file), text);
  };
  write();
  const stamp = `${sourcesHash(['a'], root)} ${sourcesHash(['out'], root)}`;
  const fresh = (): boolean => isFresh(bundle, stamp, root);
  expect(fresh()).toBe(true);

  const changes: [string, () => void][] = [
    ['another build of later sources, which were taken back', () => writeFileSync(join(root, 'out/index.js'), 'later')],
    ['a part that is gone', () => rmSync(join(root, 'out/chunks/part.js'))],
    ['a part of another build', () => writeFileSync(join(root, 'out/chunks/old.js'), '')],
    ['nothing at all', () => rmSync(join(root, 'out'), { recursive: true })],
  ];
  for (const [name, change] of changes) {
    change();
    expect(fresh(), name).toBe(false);
    write();
    expect(fresh()).toBe(true);
  }
  writeFileSync(join(root, 'a/one.ts'), 'changed');
  expect(fresh()).toBe(false);
  expect(isFresh(bundle, '', root)).toBe(false);
});

it('builds for production whatever the environment says, and leaves the environment as it was', async () => {
  const before = process.env['NODE_ENV'];
  expect(before).not.toBe('production');
  const { resolveConfig } = await import('vite');
  const resolve = () => resolveConfig({ configFile: false, logLevel: 'silent' }, 'build', 'production');
  expect((await resolve()).isProduction).toBe(false);
  expect((await asProduction(resolve)).isProduction).toBe(true);
  await expect(asProduction(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(process.env['NODE_ENV']).toBe(before);
});
