/** What the packages of a lock file may be: from where, with which licence, running what, and once each. Pure. */
import { z } from 'zod';

const Names = z.record(z.string(), z.string()).default({});

const Locked = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  dependencies: Names,
  devDependencies: Names,
});

/** A `package-lock.json`, as far as the rules look at it. */
export const LockFile = z.object({ lockfileVersion: z.number(), packages: z.record(z.string(), Locked) });
export type LockFile = z.infer<typeof LockFile>;

/** The `package.json` of the project. */
export const Manifest = z.object({
  dependencies: Names,
  devDependencies: Names,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});
export type Manifest = z.infer<typeof Manifest>;

export interface Policy {
  /** Packages whose install script may run. */
  scripts: readonly string[];
  /** SPDX identifiers that any package may have. */
  licences: readonly string[];
  /** Identifiers that only packages whose name begins so may have. */
  licencesOf: Readonly<Record<string, readonly string[]>>;
  /** Packages that are there in several major versions, by the reason. */
  duplicates: Readonly<Record<string, readonly string[]>>;
}

const REGISTRY = 'https://registry.npmjs.org/';

export const POLICY: Policy = {
  // The project's own Node: its script puts the program in its place.
  scripts: ['node'],
  licences: [
    ...['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'CC0-1.0'],
    // Fonts; files that stay under their own licence when they are changed; "do what you want".
    ...['OFL-1.1', 'MPL-2.0', 'WTFPL'],
  ],
  // The picture library that the relay loads as a shared library, so that anybody may put their own in its place.
  licencesOf: { '@img/sharp-': ['LGPL-3.0-or-later'] },
  duplicates: {
    'electron-builder and what it is made of keep older ones': [
      ...[
        '@electron/asar',
        '@electron/fuses',
        '@electron/get',
        'fs-extra',
        'isbinaryfile',
        'minimatch',
        'commander',
        'glob',
      ],
      ...[
        'jsonfile',
        'universalify',
        'semver',
        'env-paths',
        'https-proxy-agent',
        'agent-base',
        'isexe',
        'which',
        'undici',
      ],
      ...['mimic-response', 'lru-cache', 'yallist', 'keyv', 'type-fest', 'brace-expansion', 'balanced-match'],
    ],
    'PostCSS keeps an older one': ['nanoid'],
    'ESLint keeps older ones': ['ajv', 'eslint-visitor-keys', 'ignore', 'json-schema-traverse', 'hookified', 'kleur'],
    'Vite, Rolldown and Knip carry parsers of their own': [
      ...[
        '@emnapi/core',
        '@emnapi/runtime',
        '@emnapi/wasi-threads',
        '@oxc-project/types',
        'estree-walker',
        'magic-string',
      ],
    ],
    'Vue’s own packages are between two majors of the tools for developers': ['@vue/devtools-api'],
    'the test library’s formatter keeps older ones': ['abbrev', 'nopt', 'ini', 'path-scurry'],
    'axios keeps an older one': ['https-proxy-agent', 'agent-base'],
    'the document of the API is resolved by an older reader': ['fast-uri'],
  },
};

/** The name of the package at a path of the lock file. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** `0.x` versions may break anything with each minor. */
function majorOf(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return major === '0' ? `0.${minor}` : major;
}

/** Whether an SPDX expression leaves a choice of allowed licences only. */
export function isAllowedLicence(expression: string, isAllowed: (id: string) => boolean): boolean {
  const plain = expression.replace(/[()]/g, ' ').trim();
  return plain.split(/\s+OR\s+/i).some((choice) => choice.split(/\s+AND\s+/i).every((id) => isAllowed(id.trim())));
}

function sources({ lockfileVersion, packages }: LockFile, manifest: Manifest, npmrc: string): string[] {
  const problems = lockfileVersion === 3 ? [] : [`lockfile: version ${String(lockfileVersion)} in place of 3`];
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '') continue;
    const name = nameOf(path);
    if (entry.link === true) problems.push(`lockfile: ${name} is a link`);
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')) problems.push(`lockfile: ${name} has no sha512`);
    // Without an address it is the registry's own.
    if (entry.resolved !== undefined && !entry.resolved.startsWith(REGISTRY))
      problems.push(`lockfile: ${name} comes from ${entry.resolved}`);
  }
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  const root = packages['']?.devDependencies ?? {};
  const locked = { ...packages['']?.dependencies, ...root };
  for (const [name, range] of Object.entries(wanted)) {
    if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range)) problems.push(`manifest: ${name} is not at one version: ${range}`);
    if (locked[name] !== range) problems.push(`manifest: ${name} is ${locked[name] ?? 'not there'} in the lock file`);
  }
  if (/registry\s*=/i.test(npmrc)) problems.push('npmrc: another registry');
  return problems;
}

function scripts({ packages }: LockFile, { allowScripts }: Manifest, policy: Policy): string[] {
  const problems: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || entry.hasInstallScript !== true) continue;
    const name = nameOf(path);
    if (allowScripts[name] === undefined) problems.push(`scripts: ${name} has one that nobody has decided on`);
  }
  for (const [name, isAllowed] of Object.entries(allowScripts))
    if (isAllowed && !policy.scripts.includes(name)) problems.push(`scripts: ${name} may not run one`);
  return problems;
}

function licences({ packages }: LockFile, licenceOf: (path: string) => string | null, policy: Policy): string[] {
  const problems: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '') continue;
    const name = nameOf(path);
    // What is not installed here, for another system, is known by the lock file.
    const licence = licenceOf(path) ?? entry.license ?? 'none';
    const more = Object.entries(policy.licencesOf).flatMap(([start, ids]) => (name.startsWith(start) ? ids : []));
    if (!isAllowedLicence(licence, (id) => policy.licences.includes(id) || more.includes(id)))
      problems.push(`licences: ${name} has ${licence}`);
  }
  return problems;
}

function duplicates({ packages }: LockFile, policy: Policy): string[] {
  const majors = new Map<string, Set<string>>();
  for (const [path, { version }] of Object.entries(packages)) {
    if (path === '' || version === undefined) continue;
    const name = nameOf(path);
    majors.set(name, (majors.get(name) ?? new Set()).add(majorOf(version)));
  }
  const excused = new Set(Object.values(policy.duplicates).flat());
  const several = [...majors].filter(([, found]) => found.size > 1);
  return [
    ...several
      .filter(([name]) => !excused.has(name))
      .map(([name, found]) => `duplicates: ${name} is there as ${[...found].join(' and ')}`),
    ...[...excused]
      .filter((name) => (majors.get(name)?.size ?? 0) < 2)
      .map((name) => `duplicates: ${name} is excused and need not be`),
  ];
}

/** Every breach as a line. @param licenceOf the licence in the package at that path, null when it is not installed. */
export function policyBreaches(
  lock: LockFile,
  manifest: Manifest,
  npmrc: string,
  licenceOf: (path: string) => string | null,
  policy: Policy = POLICY,
): string[] {
  return [
    ...sources(lock, manifest, npmrc),
    ...scripts(lock, manifest, policy),
    ...licences(lock, licenceOf, policy),
    ...duplicates(lock, policy),
  ];
}
