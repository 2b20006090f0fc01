/** Every rule on packages by a breach, in a lock file of its own. */
import { describe, expect, it } from 'vitest';
import {
  isAllowedLicence,
  LockFile,
  Manifest,
  policyBreaches,
  type Policy,
} from '../../../scripts/lib/dependency-policy.ts';

const POLICY: Policy = {
  scripts: ['runs'],
  licences: ['MIT', 'ISC'],
  licencesOf: { '@pictures/': ['LGPL-3.0-or-later'] },
  duplicates: { 'a tool keeps an older one': ['twice'] },
};
const integrity = `sha512-${'A'.repeat(86)}==`;
const good = { version: '1.2.3', integrity, license: 'MIT' };

/** A project that is in order: a library, one of its own that is there twice, one that runs a script. */
function project(more: Record<string, unknown> = {}, manifest: Record<string, unknown> = {}) {
  const devDependencies = { library: '1.2.3', runs: '1.2.3' };
  const packages = {
    '': { devDependencies },
    'node_modules/library': good,
    'node_modules/library/node_modules/twice': { ...good, version: '1.0.0' },
    'node_modules/twice': { ...good, version: '2.0.0', resolved: 'https://registry.npmjs.org/twice/-/twice-2.0.0.tgz' },
    'node_modules/runs': { ...good, hasInstallScript: true },
    'node_modules/@pictures/linux': { ...good, license: 'LGPL-3.0-or-later' },
    ...more,
  };
  return {
    lock: LockFile.parse({ lockfileVersion: 3, packages }),
    manifest: Manifest.parse({ devDependencies, allowScripts: { runs: true }, ...manifest }),
  };
}

const breaches = ({ lock, manifest }: ReturnType<typeof project>, npmrc = 'save-exact=true\n', licence?: string) =>
  policyBreaches(lock, manifest, npmrc, (path) => (path === 'node_modules/library' ? (licence ?? null) : null), POLICY);

describe('packages', () => {
  it('that are in order', () => expect(breaches(project())).toEqual([]));

  it.each<[string, Record<string, unknown>, string]>([
    ['without a hash', { 'node_modules/a': { ...good, integrity: undefined } }, 'lockfile: a has no sha512'],
    ['with a weak hash', { 'node_modules/a': { ...good, integrity: 'sha1-AAAA' } }, 'lockfile: a has no sha512'],
    ['with a short hash', { 'node_modules/a': { ...good, integrity: 'sha512-AAAA' } }, 'lockfile: a has no sha512'],
    [
      'from another registry',
      { 'node_modules/a': { ...good, resolved: 'https://npm.example/a.tgz' } },
      'lockfile: a comes from https://npm.example/a.tgz',
    ],
    [
      'from a name that begins like the registry',
      { 'node_modules/a': { ...good, resolved: 'https://registry.npmjs.org.example/a.tgz' } },
      'lockfile: a comes from https://registry.npmjs.org.example/a.tgz',
    ],
    [
      'in clear text',
      { 'node_modules/a': { ...good, resolved: 'http://registry.npmjs.org/a.tgz' } },
      'lockfile: a comes from http://registry.npmjs.org/a.tgz',
    ],
    [
      'from a repository',
      { 'node_modules/a': { ...good, resolved: 'git+ssh://git@example.org/a.git#1' } },
      'lockfile: a comes from git+ssh://git@example.org/a.git#1',
    ],
    ['that are a folder', { 'node_modules/a': { ...good, link: true } }, 'lockfile: a is a link'],
    [
      'with a script that is new',
      { 'node_modules/@a/b': { ...good, hasInstallScript: true } },
      'scripts: @a/b has one that nobody has decided on',
    ],
    ['with another licence', { 'node_modules/a': { ...good, license: 'GPL-3.0' } }, 'licences: a has GPL-3.0'],
    ['without a licence', { 'node_modules/a': { ...good, license: undefined } }, 'licences: a has none'],
    [
      'with a licence that is for others',
      { 'node_modules/a': { ...good, license: 'LGPL-3.0-or-later' } },
      'licences: a has LGPL-3.0-or-later',
    ],
    [
      'twice',
      { 'node_modules/a': good, 'node_modules/library/node_modules/a': { ...good, version: '2.0.0' } },
      'duplicates: a is there as 1 and 2',
    ],
    [
      'twice before 1.0',
      {
        'node_modules/a': { ...good, version: '0.1.9' },
        'node_modules/library/node_modules/a': { ...good, version: '0.2.0' },
      },
      'duplicates: a is there as 0.1 and 0.2',
    ],
    [
      'excused for nothing',
      { 'node_modules/library/node_modules/twice': { ...good, version: '2.9.0' } },
      'duplicates: twice is excused and need not be',
    ],
  ])('%s', (_what, more, breach) => expect(breaches(project(more))).toEqual([breach]));

  it('twice at one major are none', () => {
    const more = { 'node_modules/a': good, 'node_modules/library/node_modules/a': { ...good, version: '1.9.0' } };
    expect(breaches(project(more))).toEqual([]);
  });

  it('whose own word on their licence is another than the lock file’s', () => {
    expect(breaches(project(), '', 'UNLICENSED')).toEqual(['licences: library has UNLICENSED']);
  });
});

describe('a project', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'with a range',
      { devDependencies: { library: '^1.2.3' } },
      ['manifest: library is not at one version: ^1.2.3', 'manifest: library is 1.2.3 in the lock file'],
    ],
    [
      'ahead of its lock file',
      { devDependencies: { library: '1.2.4' } },
      ['manifest: library is 1.2.3 in the lock file'],
    ],
    [
      'with what is not locked',
      { devDependencies: { other: '1.0.0' } },
      ['manifest: other is not there in the lock file'],
    ],
    ['that lets a script run', { allowScripts: { runs: true, library: true } }, ['scripts: library may not run one']],
  ])('%s', (_what, manifest, found) => expect(breaches(project({}, manifest))).toEqual(found));

  it('with a registry of its own', () => {
    expect(breaches(project(), 'registry=https://npm.example/\n')).toEqual(['npmrc: another registry']);
    expect(breaches(project(), '@a:registry = https://npm.example/\n')).toEqual(['npmrc: another registry']);
  });
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['GPL-3.0 OR ISC', true],
  ['MIT AND ISC', true],
  ['MIT AND GPL-3.0', false],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
])('the licence %j is one that may be: %s', (expression, is) => {
  expect(isAllowedLicence(expression, (id) => ['MIT', 'ISC'].includes(id))).toBe(is);
});
