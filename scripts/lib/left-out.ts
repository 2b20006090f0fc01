/**
 * Leaves modules out of main's bundle that its libraries import and never use here. Main reads all of its bundle at each
 * start; these are more than a third of it. What is left in their place throws as soon as it is used.
 */
import type { Plugin } from 'vite';

/** What imports it, and why it is not used. `code` stands in its place where something is needed after all. */
const LEFT_OUT: Readonly<Record<string, { importer: string; exports: readonly string[]; code?: string }>> = {
  // Checks the `schema` option of a store. No document has one: what is read is checked with zod.
  'ajv/dist/2020.js': { importer: '/node_modules/conf/', exports: ['Ajv2020'] },
  'ajv-formats': { importer: '/node_modules/conf/', exports: ['default'] },
  // Makes forms in Node, with a table of all media types. Uploads write their own form (services/api/multipart.ts).
  'form-data': { importer: '/node_modules/axios/', exports: ['default'] },
  // Compares what two feeds say: Node has that.
  'lodash.isequal': {
    importer: '/node_modules/electron-updater/',
    exports: [],
    code: "module.exports = require('node:util').isDeepStrictEqual;",
  },
};

const PREFIX = '\0left-out:';

/** The plugin for the build of main. The build fails if a library no longer imports what is left out. */
export function leaveOut(): Plugin {
  const met = new Set<string>();
  return {
    name: 'relay:leave-out',
    enforce: 'pre',
    resolveId(id, importer) {
      const left = LEFT_OUT[id];
      if (!left || !importer?.replaceAll('\\', '/').includes(left.importer)) return null;
      met.add(id);
      return PREFIX + id;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const name = id.slice(PREFIX.length);
      const code = LEFT_OUT[name]?.code;
      if (code !== undefined) return code;
      const words = JSON.stringify(`${name} is left out of this bundle`);
      const lines = (LEFT_OUT[name]?.exports ?? []).map((exported) => {
        const made = `class { constructor() { throw new Error(${words}); } }`;
        return exported === 'default' ? `export default ${made};` : `export const ${exported} = ${made};`;
      });
      return lines.join('\n');
    },
    buildEnd(error) {
      const missing = Object.keys(LEFT_OUT).filter((id) => !met.has(id));
      if (!error && missing.length > 0) this.error(`not imported any more: ${missing.join(', ')}`);
    },
  };
}
