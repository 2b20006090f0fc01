/** The store's statements are kept prepared: none may be one that SQLite compiles anew at each call. */
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const STORE = resolve(import.meta.dirname, '../../../../electron/main/services/store');

test('no limit is a value alone, which SQLite looks at when it plans', () => {
  const texts = globSync('**/*.ts', { cwd: STORE }).map(
    (name) => [name, readFileSync(join(STORE, name), 'utf8')] as const,
  );
  const limits = texts.flatMap(([name, text]) => [...text.matchAll(/\blimit (0 \+ )?\?/gi)].map(([it]) => [name, it]));
  expect(limits.length).toBeGreaterThan(9);
  expect(limits.filter(([, it]) => !it?.includes('0 + ?'))).toEqual([]);
});
