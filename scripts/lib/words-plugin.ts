/**
 * Compiles the page's string catalogues while they are bundled. A phrase with placeholders or plural forms becomes a
 * function in vue-i18n's format; a plain one stays text. So the page does not need a message compiler, and a phrase
 * that does not compile fails the build.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const CATALOGUE = /\/i18n\/[\w.]+\.json$/;
/** Prefix of module ids, so that vite's own JSON plugin ignores them. */
const PREFIX = '\0words:';
const PLACE = /\{\s*(?:(\w+)|'([^']*)')\s*\}/g;

/** The literals and placeholders of one form, as an expression over the message context `c`. */
function compileForm(text: string): string {
  const parts: string[] = [];
  let literal = '';
  let at = 0;
  const flush = (): void => {
    if (literal !== '') parts.push(JSON.stringify(literal));
    literal = '';
  };
  const take = (piece: string): void => {
    if (/[{}@|]/.test(piece)) throw new Error(`"${piece}" is no syntax of our catalogues`);
    literal += piece;
  };
  for (const place of text.matchAll(PLACE)) {
    take(text.slice(at, place.index));
    at = place.index + place[0].length;
    const [, name, quoted] = place;
    if (name === undefined) literal += quoted ?? '';
    else {
      flush();
      parts.push(`v(c,${JSON.stringify(name)})`);
    }
  }
  take(text.slice(at));
  flush();
  return parts.length === 1 && parts[0]?.startsWith('"') ? parts[0] : `c.normalize([${parts.join(',')}])`;
}

/**
 * The source generated for a phrase: a string for plain text, otherwise a function of vue-i18n's message context.
 * Supports `{name}`, `{'literal'}` and `|` between plural forms. Throws on anything else that vue-i18n would not treat
 * as text.
 */
export function compilePhrase(text: string): string {
  // A bar inside braces is literal.
  const forms = text.split(/\|(?![^{]*\})/).map((form) => form.trim());
  const compiled = (forms.length === 1 ? [text] : forms).map(compileForm);
  const [only = '""'] = compiled;
  if (compiled.length > 1) return `c=>c.plural([${compiled.join(',')}])`;
  return only.startsWith('"') ? only : `c=>${only}`;
}

function compileGroup(group: object, key: string): string {
  const entries = Object.entries(group).map(([name, value]: [string, unknown]) => {
    const inner = key === '' ? name : `${key}.${name}`;
    return `${JSON.stringify(name)}:${compileValue(value, inner)}`;
  });
  return `{${entries.join(',')}}`;
}

function compileValue(value: unknown, key: string): string {
  if (typeof value === 'object' && value !== null) return compileGroup(value, key);
  if (typeof value !== 'string') throw new Error(`${key} is neither a phrase nor a group of them`);
  try {
    return compilePhrase(value);
  } catch (error) {
    throw new Error(`${key} cannot be compiled: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The source of the module generated for a catalogue. `json`: its text. */
export function compileCatalogue(json: string): string {
  const catalogue: unknown = JSON.parse(json);
  return `const v=(c,name)=>c.interpolate(c.named(name));\nexport default ${compileValue(catalogue, '')};\n`;
}

/** For vite and vitest: imports of `i18n/*.json` resolve to compiled catalogues. */
export function compiledWords(): Plugin {
  return {
    name: 'compiled-words',
    enforce: 'pre',
    // The filters keep the bundler from calling this for each of its thousands of modules.
    resolveId: {
      filter: { id: /\.json$/ },
      handler(source, importer) {
        if (importer === undefined || !source.startsWith('.')) return null;
        const file = join(dirname(importer), source).replaceAll('\\', '/');
        // A different extension, since `.json` would be parsed as JSON again.
        return CATALOGUE.test(file) ? PREFIX + file.replace(/json$/, 'words') : null;
      },
    },
    load: {
      filter: { id: /words:.*\.words$/ },
      async handler(id) {
        if (!id.startsWith(PREFIX)) return null;
        const file = id.slice(PREFIX.length).replace(/words$/, 'json');
        this.addWatchFile(file);
        return compileCatalogue(await readFile(file, 'utf8'));
      },
    },
  };
}
