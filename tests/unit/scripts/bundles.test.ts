import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sourcesHash } from '../../../scripts/lib/bundles.ts';

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
