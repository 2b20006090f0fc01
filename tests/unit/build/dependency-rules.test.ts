/**
 * Every rule of .dependency-cruiser.mjs by its breaches: in a tree of its own, with the repository's folders, each file has
 * one import too many, and the lint must name exactly the rule that it breaks.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROOT } from '../../../scripts/lib/paths.ts';
import { binOf } from '../../../scripts/lib/process.ts';
import { ROOMS } from '../../../scripts/lib/rooms.ts';

const DEPCRUISE = binOf('dependency-cruiser', 'bin/dependency-cruiser.mjs');
/** What the lint looks at. */
const FOLDERS = ['contract', 'electron', 'renderer', 'relay', 'host', 'tests', 'scripts', 'build'];

/** A file, and what it imports: a file of the tree or a package. A type where it says so. */
type Breach = readonly [file: string, target: string, kind?: 'type'];

/** By rule. A target that is a file is made; a file that stands twice gets both imports. */
const BREACHES: Readonly<Record<string, readonly Breach[]>> = {
  'no-circles': [
    ['host/circle/one.ts', 'host/circle/two.ts', 'type'],
    ['host/circle/two.ts', 'host/circle/three.ts'],
    ['host/circle/three.ts', 'host/circle/one.ts', 'type'],
  ],
  'no-unresolved': [['tests/lost.ts', './missing.ts']],
  contract: [
    ['contract/model/a.ts', 'electron/main/lib/part.ts'],
    ['contract/model/b.ts', 'renderer/src/part.ts', 'type'],
    ['contract/model/c.ts', 'node:fs'],
    ['contract/model/d.ts', 'vue'],
  ],
  channels: [['contract/ipc/channels.ts', 'contract/model/part.ts']],

  relay: [
    ['relay/a.ts', 'electron/main/lib/part.ts'],
    ['relay/services/page.ts', 'renderer/src/part.ts', 'type'],
    ['relay/c.ts', 'electron'],
  ],
  'relay-shared': [
    ['relay/errors.ts', 'relay/services/part.ts', 'type'],
    ['relay/records.ts', 'relay/storage/part.ts', 'type'],
  ],
  'relay-routes': [
    ['relay/routes/a.ts', 'relay/repositories/ports.ts', 'type'],
    ['relay/routes/b.ts', 'relay/storage/part.ts'],
    ['relay/routes/c.ts', 'relay/ws/part.ts'],
    ['relay/routes/d.ts', 'relay/http/part.ts'],
    ['relay/routes/e.ts', 'relay/node.ts', 'type'],
    ['relay/routes/f.ts', 'relay/delivery/part.ts'],
    ['relay/routes/g.ts', 'relay/files/disk-store.ts'],
  ],
  'relay-ws': [
    ['relay/ws/a.ts', 'relay/repositories/ports.ts', 'type'],
    ['relay/ws/b.ts', 'relay/storage/part.ts'],
    ['relay/ws/c.ts', 'relay/routes/part.ts'],
    ['relay/ws/d.ts', 'relay/http/part.ts', 'type'],
    ['relay/ws/e.ts', 'relay/node.ts', 'type'],
    ['relay/ws/f.ts', 'relay/delivery/part.ts'],
  ],
  'relay-http': [
    ['relay/http/a.ts', 'relay/repositories/ports.ts', 'type'],
    ['relay/http/b.ts', 'relay/storage/part.ts'],
    ['relay/http/c.ts', 'relay/ws/part.ts'],
    ['relay/http/d.ts', 'relay/routes/part.ts'],
  ],
  'relay-services': [
    ['relay/services/a.ts', 'relay/repositories/sqlite/part.ts', 'type'],
    ['relay/services/b.ts', 'relay/storage/part.ts', 'type'],
    ['relay/services/c.ts', 'relay/ws/part.ts', 'type'],
    ['relay/services/d.ts', 'relay/http/part.ts', 'type'],
    ['relay/services/e.ts', 'relay/delivery/part.ts'],
    ['relay/services/f.ts', 'relay/node.ts', 'type'],
    ['relay/services/g.ts', 'relay/files/disk-store.ts', 'type'],
    ['relay/services/h.ts', 'relay/media/part.ts'],
  ],
  'relay-repositories': [
    ['relay/repositories/a.ts', 'relay/services/part.ts'],
    ['relay/repositories/sqlite/b.ts', 'relay/ws/part.ts', 'type'],
    ['relay/repositories/sqlite/c.ts', 'relay/http/part.ts'],
    ['relay/repositories/sqlite/d.ts', 'relay/storage/part.ts'],
    ['relay/repositories/sql/e.ts', 'relay/migrations/part.ts', 'type'],
  ],
  'relay-delivery': [
    ['relay/delivery/a.ts', 'relay/services/part.ts', 'type'],
    ['relay/delivery/b.ts', 'relay/ws/part.ts'],
  ],
  'relay-files': [
    ['relay/files/a.ts', 'relay/services/part.ts', 'type'],
    ['relay/files/b.ts', 'relay/storage/part.ts'],
    ['relay/files/c.ts', 'relay/media/part.ts'],
  ],
  'relay-media': [
    ['relay/media/a.ts', 'relay/services/part.ts', 'type'],
    ['relay/media/b.ts', 'relay/storage/part.ts'],
    ['relay/media/c.ts', 'relay/files/part.ts'],
  ],
  'relay-storage': [
    ['relay/storage/a.ts', 'relay/services/part.ts'],
    ['relay/storage/b.ts', 'relay/migrations/part.ts'],
    ['relay/storage/c.ts', 'relay/http/part.ts'],
  ],
  'relay-migrations': [
    ['relay/migrations/a.ts', 'relay/services/part.ts'],
    ['relay/migrations/b.ts', 'relay/repositories/ports.ts', 'type'],
    ['relay/migrations/c.ts', 'relay/storage/part.ts'],
  ],
  'relay-maintenance': [
    ['relay/maintenance/a.ts', 'relay/services/part.ts'],
    ['relay/maintenance/b.ts', 'relay/repositories/sqlite/part.ts'],
    ['relay/maintenance/c.ts', 'relay/node.ts', 'type'],
    ['relay/maintenance/d.ts', 'relay/http/part.ts', 'type'],
    ['relay/maintenance/e.ts', 'relay/ws/part.ts'],
    ['relay/maintenance/f.ts', 'relay/routes/part.ts'],
    ['relay/maintenance/g.ts', 'relay/storage/part.ts'],
  ],
  'relay-ports': [
    ['relay/repositories/ports.ts', 'relay/errors.ts', 'type'],
    ['relay/delivery/ports.ts', 'relay/delivery/part.ts', 'type'],
    ['relay/services/ports.ts', 'relay/services/part.ts', 'type'],
  ],
  'relay-sqlite': [
    ['relay/services/sqlite.ts', 'node:sqlite', 'type'],
    ['relay/repositories/sql/raw.ts', 'node:sqlite'],
    ['relay/storage/sqlite.ts', 'node:sqlite'],
    ['relay/sqlite.ts', 'node:sqlite'],
  ],
  'relay-postgres': [
    ['relay/services/pg.ts', 'pg', 'type'],
    ['relay/repositories/sqlite/pg.ts', 'pg'],
    ['relay/storage/pglite.ts', '@electric-sql/pglite'],
  ],
  'relay-sql': [
    ['relay/services/sql.ts', 'kysely', 'type'],
    ['relay/storage/sql.ts', 'kysely'],
    ['relay/routes/sql.ts', 'kysely'],
  ],
  'relay-network': [
    ['relay/services/net-a.ts', 'node:http', 'type'],
    ['relay/services/net-b.ts', 'fastify', 'type'],
    ['relay/services/net-c.ts', 'ws'],
    ['relay/repositories/net-d.ts', '@fastify/helmet'],
    ['relay/routes/net-e.ts', 'fastify', 'type'],
    ['relay/storage/net-f.ts', 'node:net'],
    ['relay/maintenance/net-g.ts', 'node:dgram'],
  ],

  preload: [
    ['electron/preload/a.ts', 'contract/ipc/schemas.ts'],
    ['electron/preload/b.ts', 'electron/main/lib/part.ts', 'type'],
    ['electron/preload/c.ts', 'node:fs'],
    ['electron/preload/d.ts', 'zod'],
  ],
  platform: [
    ['electron/main/platform/a.ts', 'electron/main/services/chats/part.ts', 'type'],
    ['electron/main/platform/b.ts', 'electron/main/ipc/part.ts'],
    ['electron/main/platform/c.ts', 'electron/main/windows/part.ts'],
  ],
  windows: [
    ['electron/main/windows/a.ts', 'electron/main/services/chats/part.ts', 'type'],
    ['electron/main/windows/b.ts', 'electron/main/ipc/part.ts'],
  ],
  lib: [
    ['electron/main/lib/a.ts', 'electron/main/services/chats/part.ts', 'type'],
    ['electron/main/lib/b.ts', 'electron/main/ipc/part.ts'],
    ['electron/main/lib/c.ts', 'electron/main/platform/part.ts'],
    ['electron/main/lib/d.ts', 'electron/main/windows/part.ts'],
  ],
  services: [
    ['electron/main/services/chats/a.ts', 'electron', 'type'],
    ['electron/main/services/chats/b.ts', 'electron/main/ipc/part.ts', 'type'],
    ['electron/main/services/chats/c.ts', 'electron/main/windows/part.ts'],
    ['electron/main/services/d.ts', 'electron/main/platform/part.ts'],
  ],
  'services-apart': [
    ['electron/main/services/chats/e.ts', 'electron/main/services/search/part.ts'],
    ['electron/main/services/accounts/sign-in.ts', 'electron/main/services/store/part.ts'],
  ],
  commands: [['electron/main/services/commands/chats.ts', 'electron/main/services/commands/part.ts']],
  ipc: [
    ['electron/main/ipc/a.ts', 'axios', 'type'],
    ['electron/main/ipc/handlers/b.ts', 'ws'],
    ['electron/main/ipc/c.ts', 'node:fs'],
    ['electron/main/ipc/d.ts', 'fs/promises'],
    ['electron/main/ipc/e.ts', 'node:net'],
    ['electron/main/ipc/f.ts', 'electron/main/windows/part.ts'],
    ['electron/main/ipc/g.ts', 'electron/main/platform/part.ts'],
  ],
  'main-alone': [
    ['electron/main/a.ts', 'renderer/src/part.ts', 'type'],
    ['electron/main/b.ts', 'relay/services/part.ts', 'type'],
  ],

  'bridge-only': [
    ['renderer/src/features/chats/a.ts', 'renderer/src/bridge.ts'],
    ['renderer/src/features/chats/b.ts', 'renderer/src/engines/part.ts', 'type'],
    ['renderer/src/composables/c.ts', 'renderer/src/bridge.ts'],
  ],
  stores: [
    ['renderer/src/stores/a.ts', 'renderer/src/features/chats/part.ts', 'type'],
    ['renderer/src/stores/b.ts', 'renderer/src/ui/part.ts'],
    ['renderer/src/stores/c.ts', 'renderer/src/composables/part.ts'],
  ],
  ui: [
    ['renderer/src/ui/a.ts', 'renderer/src/stores/part.ts', 'type'],
    ['renderer/src/ui/b.ts', 'renderer/src/features/chats/part.ts'],
    ['renderer/src/ui/c.ts', 'renderer/src/bridge.ts'],
    ['renderer/src/ui/d.ts', 'renderer/src/i18n/part.ts'],
  ],
  composables: [['renderer/src/composables/a.ts', 'renderer/src/features/chats/a.ts']],
  'features-apart': [
    ['renderer/src/features/chats/apart.ts', 'renderer/src/features/search/part.ts'],
    ['renderer/src/features/chats/apart-too.ts', 'renderer/src/features/search/part.ts', 'type'],
  ],
  'page-alone': [
    ['renderer/src/a.ts', 'electron/preload/part.ts', 'type'],
    ['renderer/src/b.ts', 'relay/services/part.ts', 'type'],
    ['renderer/src/c.ts', 'electron', 'type'],
    ['renderer/src/d.ts', 'zod', 'type'],
  ],
  'page-schemas': [
    ['renderer/src/stores/d.ts', 'contract/api/part.ts'],
    ['renderer/src/stores/e.ts', 'contract/ws/part.ts'],
    ['renderer/src/features/chats/f.ts', 'contract/routes.ts'],
    ['renderer/src/features/chats/g.ts', 'contract/ipc/schemas.ts'],
  ],

  host: [
    ['host/a.ts', 'electron/main/lib/part.ts'],
    ['host/b.ts', 'contract/model/part.ts', 'type'],
    ['host/c.ts', 'renderer/src/part.ts'],
    ['host/d.ts', 'relay/services/part.ts'],
    ['host/e.ts', 'tests/part.ts'],
    ['host/f.ts', 'scripts/part.ts'],
  ],
  'nobody-imports-host-or-tests': [
    ['relay/d.ts', 'tests/part.ts', 'type'],
    ['electron/main/c.ts', 'host/part.ts', 'type'],
    ['renderer/src/e.ts', 'scripts/part.ts'],
    ['relay/e.ts', 'build/part.ts'],
  ],
};

/** What a rule's exemption lets pass. */
const ALLOWED: readonly Breach[] = [
  ['electron/preload/ok.ts', 'contract/ipc/channels.ts'],
  ['electron/main/platform/ok.ts', 'electron/main/services/ports.ts', 'type'],
  ['electron/main/services/chats/ok.ts', 'electron/main/services/search/part.ts', 'type'],
  ['relay/routes/ok.ts', 'relay/http/serve.ts', 'type'],
  ['relay/ws/ok.ts', 'relay/http/json.ts'],
  ['relay/services/ok.ts', 'relay/repositories/ports.ts', 'type'],
  ['relay/storage/ok.ts', 'relay/repositories/sqlite/part.ts'],
  ['relay/migrations/ok.ts', 'relay/repositories/schema.ts', 'type'],
  ['relay/maintenance/ok.ts', 'relay/storage/folder.ts'],
  ['relay/maintenance/turn-line.ts', 'node:dgram'],
  ['relay/repositories/sqlite/ok.ts', 'node:sqlite'],
  ['relay/storage/lock.ts', 'node:sqlite'],
  ['relay/repositories/postgres/ok.ts', 'pg'],
  ['relay/migrations/ok-too.ts', 'kysely'],
  ['renderer/src/features/chats/ok.ts', 'contract/api/part.ts', 'type'],
];

const Report = z.object({
  summary: z.object({
    violations: z.array(
      z.object({
        from: z.string(),
        rule: z.object({ name: z.string() }),
        // Of a circle only one file is the one that is blamed; these are all of them.
        cycle: z.array(z.object({ name: z.string() })).optional(),
      }),
    ),
    ruleSetUsed: z.object({
      forbidden: z.array(z.object({ name: z.string(), from: z.object({ path: z.string().optional() }) })),
    }),
  }),
});
type Rules = z.infer<typeof Report>['summary']['ruleSetUsed']['forbidden'];

const all = Object.values(BREACHES).flat();
const isFile = (target: string): boolean => FOLDERS.some((folder) => target.startsWith(`${folder}/`));

let tree: string;
let rules: Rules;
/** The rules that each file broke. */
const broken = new Map<string, Set<string>>();

function put(path: string, text: string): void {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'a' });
}

function lineOf([file, target, kind]: Breach): string {
  const path = relative(dirname(file), target);
  const name = isFile(target) ? (path.startsWith('.') ? path : `./${path}`) : target;
  return kind === 'type' ? `import type { Part } from '${name}';\n` : `import '${name}';\n`;
}

function plant(): void {
  for (const breach of [...all, ...ALLOWED]) {
    const [file, target] = breach;
    put(file, lineOf(breach));
    if (isFile(target)) put(target, '');
    else if (!target.startsWith('.') && !/^(node:|fs\/)/.test(target)) put(`node_modules/${target}/index.js`, '');
  }
  const manifest = z
    .object({ imports: z.unknown() })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  put('package.json', JSON.stringify({ type: 'module', imports: manifest.imports }));
  cpSync(join(ROOT, 'tsconfig.base.json'), join(tree, 'tsconfig.base.json'));
}

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'relay-rules-'));
  plant();
  const options = ['--config', join(ROOT, '.dependency-cruiser.mjs'), '--output-type', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [DEPCRUISE, ...FOLDERS, ...options], {
    cwd: tree,
    maxBuffer: 64 * 1024 * 1024,
  });
  const { violations, ruleSetUsed } = Report.parse(JSON.parse(stdout)).summary;
  rules = ruleSetUsed.forbidden;
  for (const { from, rule, cycle = [] } of violations)
    for (const file of [from, ...cycle.map(({ name }) => name)])
      broken.set(file, (broken.get(file) ?? new Set()).add(rule.name));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('a breach of a dependency rule', () => {
  it('is shown here for every rule', () => {
    expect(Object.keys(BREACHES).sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  const cases = Object.entries(BREACHES).flatMap(([rule, breaches]) =>
    breaches.map(([file, target]) => ({ rule, file, target })),
  );
  it.each(cases)('$rule: $file imports $target', ({ rule, file }) => {
    expect([...(broken.get(file) ?? [])]).toEqual([rule]);
  });

  it('is none where a rule lets something pass', () => {
    for (const [file] of ALLOWED) expect(broken.get(file)).toBe(undefined);
  });
});

describe('the dependency rules', () => {
  it('are asked of every folder that has sources', () => {
    expect(ROOMS.flat()).toEqual(expect.arrayContaining(FOLDERS));
    const withSources = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, entry.name, 'tsconfig.json')))
      .map(({ name }) => name);
    expect(FOLDERS).toEqual(expect.arrayContaining(withSources));
  });

  it('each concern files that there are: a folder that was renamed would leave its rule without effect', () => {
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        `${folder}/${name}`.replaceAll('\\', '/'),
      ),
    );
    const idle = rules.filter(
      ({ from: { path } }) => path !== undefined && !files.some((file) => RegExp(path).test(file)),
    );
    expect(idle.map(({ name }) => name)).toEqual([]);
  });
});
