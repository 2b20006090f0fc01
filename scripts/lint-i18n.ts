/**
 * Checks that the page's languages are complete. Fails on a key that one language lacks, that no code uses, or that
 * code uses but no language has; on differing placeholders or plural forms; and on a family that does not cover every
 * code.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AUTOSTARTS, SILENCES, SYSTEM_LIMITS, TOLD, TRAYS } from '../contract/ipc/desktop-views.ts';
import { UPDATE_OFF, UPDATE_PHASES, UPDATE_PROBLEMS } from '../contract/model/updates.ts';
import { CONNECTION_PHASES } from '../contract/ipc/phases.ts';
import { ERROR_CODES, FIELD_PROBLEMS } from '../contract/model/errors.ts';
import { SEND_STATES } from '../contract/model/send-state.ts';
import { LOCALES, PLURAL_FORMS, type Locale } from '../renderer/src/i18n/locale.ts';

/** Keys built from a closed set, such as `errors.${code}`. Each family must cover exactly its set. */
export const FAMILIES: Record<string, readonly string[]> = {
  errors: ERROR_CODES,
  fields: FIELD_PROBLEMS,
  states: SEND_STATES,
  'desktop.silences': SILENCES,
  'desktop.limits': SYSTEM_LIMITS,
  'desktop.phases': CONNECTION_PHASES,
  'desktop.trays': TRAYS,
  'desktop.autostarts': AUTOSTARTS,
  'desktop.told': TOLD,
  'desktop.updates.off': UPDATE_OFF,
  'desktop.updates.phases': UPDATE_PHASES,
  'desktop.updates.problems': UPDATE_PROBLEMS,
};

/** All strings of one language by dotted key. */
export type Words = ReadonlyMap<string, string>;

export interface LintInput {
  words: Readonly<Record<Locale, Words>>;
  /** Source code by file name. */
  sources: ReadonlyMap<string, string>;
  families: Readonly<Record<string, readonly string[]>>;
}

/** Flattens nested strings; anything that is neither text nor a group is reported by its key. */
export function flatten(catalogue: unknown, problems: string[], prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  if (typeof catalogue !== 'object' || catalogue === null) {
    problems.push(`${prefix || 'the catalogue'} is not a group of words`);
    return flat;
  }
  for (const [name, value] of Object.entries(catalogue)) {
    const key = prefix ? `${prefix}.${name}` : name;
    if (typeof value === 'string') flat.set(key, value);
    else for (const [inner, text] of flatten(value, problems, key)) flat.set(inner, text);
  }
  return flat;
}

/** The placeholder names in braces, sorted and without duplicates; `{'@'}` is a literal. */
function placeholders(text: string): string {
  return [...new Set([...text.matchAll(/\{\s*(\w+)\s*\}/g)].map((match) => match[1]))].sort().join(', ');
}

/** The number of forms of a plural phrase; a bar inside `{'|'}` is text. */
function formsOf(text: string): number {
  return text.replaceAll(/\{'[^']*'\}/g, '').split('|').length;
}

function compareLanguages(words: LintInput['words']): string[] {
  const problems: string[] = [];
  const keys = new Set(LOCALES.flatMap((locale) => [...words[locale].keys()]));
  for (const key of keys) {
    const texts = LOCALES.flatMap((locale) => {
      const text = words[locale].get(key);
      if (text === undefined) problems.push(`${key}: missing in ${locale}`);
      else if (text.trim() === '') problems.push(`${key}: empty in ${locale}`);
      return text === undefined ? [] : [{ locale, text }];
    });
    if (texts.length < LOCALES.length) continue;
    if (new Set(texts.map(({ text }) => placeholders(text))).size > 1) {
      const sets = texts.map(({ locale, text }) => `${locale} {${placeholders(text)}}`);
      problems.push(`${key}: placeholders differ: ${sets.join(', ')}`);
    }
    if (texts.some(({ text }) => formsOf(text) > 1)) {
      for (const { locale, text } of texts) {
        const wanted = PLURAL_FORMS[locale].length;
        if (formsOf(text) !== wanted) {
          problems.push(`${key}: ${locale} has ${String(formsOf(text))} plural forms, not ${String(wanted)}`);
        }
      }
    }
  }
  return problems;
}

/** The keys in a file: literals that may be keys, keys it looks up, and the families it builds keys from. */
function keysIn(code: string): { literals: Set<string>; asked: Set<string>; families: Set<string> } {
  const literals = new Set<string>();
  for (const match of code.matchAll(/(['"`])([A-Za-z]\w*(?:\.[\w-]+)+)\1/g)) literals.add(match[2] ?? '');
  const asked = new Set<string>();
  for (const match of code.matchAll(/\bt\(\s*(['"`])([^'"`$\n]+)\1/g)) asked.add(match[2] ?? '');
  const families = new Set<string>();
  for (const match of code.matchAll(/\bt\(\s*`([^`$]*)\$\{/g)) families.add((match[1] ?? '').replace(/\.$/, ''));
  return { literals, asked, families };
}

function compareCode(input: LintInput): string[] {
  const problems: string[] = [];
  const keys = new Set(LOCALES.flatMap((locale) => [...input.words[locale].keys()]));
  const groups = new Set([...keys].map((key) => key.split('.')[0]));
  const used = new Set<string>();
  for (const [file, code] of input.sources) {
    const found = keysIn(code);
    for (const literal of found.literals) {
      used.add(literal);
      // Two parts may be a channel name; three parts that start with a group name can only be a key.
      const parts = literal.split('.');
      if (parts.length > 2 && groups.has(parts[0]) && !keys.has(literal)) found.asked.add(literal);
    }
    for (const key of found.asked) {
      used.add(key);
      if (!keys.has(key)) problems.push(`${file}: "${key}" is in no language`);
    }
    for (const family of found.families) {
      if (!(family in input.families)) problems.push(`${file}: "${family}.…" is made of parts but is no family`);
    }
  }
  for (const key of keys) {
    const isOfFamily = Object.keys(input.families).some((family) => key.startsWith(`${family}.`));
    if (!isOfFamily && !used.has(key)) problems.push(`${key}: used nowhere`);
  }
  return problems;
}

function checkFamilies(input: LintInput): string[] {
  const problems: string[] = [];
  for (const [family, codes] of Object.entries(input.families)) {
    for (const locale of LOCALES) {
      for (const code of codes) {
        if (!input.words[locale].has(`${family}.${code}`)) problems.push(`${family}.${code}: missing in ${locale}`);
      }
      for (const key of input.words[locale].keys()) {
        const [first, ...rest] = key.split('.');
        if (first === family && !codes.includes(rest.join('.'))) problems.push(`${key}: no such code (${locale})`);
      }
    }
  }
  return problems;
}

/** All problems, sorted and without duplicates. */
export function lintWords(input: LintInput): string[] {
  return [...new Set([...compareLanguages(input.words), ...compareCode(input), ...checkFamilies(input)])].sort();
}

/** Reads the page's catalogues and code from the project folder. */
export function readInput(root: string, problems: string[]): LintInput {
  const source = join(root, 'renderer/src');
  const words = { en: new Map<string, string>(), ru: new Map<string, string>() } satisfies Record<
    Locale,
    Map<string, string>
  >;
  const sources = new Map<string, string>();
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const text = () => readFileSync(join(source, name), 'utf8');
    if (/\.(ts|vue)$/.test(name)) sources.set(name, text());
    const locale = LOCALES.find((candidate) => new RegExp(`^i18n[\\\\/](.+\\.)?${candidate}\\.json$`).test(name));
    if (!locale) continue;
    for (const [key, value] of flatten(JSON.parse(text()), problems)) {
      if (words[locale].has(key)) problems.push(`${key}: stands twice in ${locale}`);
      words[locale].set(key, value);
    }
  }
  return { words, sources, families: FAMILIES };
}

function main(): void {
  const problems: string[] = [];
  const input = readInput(join(import.meta.dirname, '..'), problems);
  problems.push(...lintWords(input));
  for (const problem of problems) console.error(`i18n: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`i18n: ${String(input.words.en.size)} words in ${String(LOCALES.length)} languages, all in order`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
