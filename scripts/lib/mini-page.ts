/**
 * Builds the page of a call's small window after the page itself, into the same folder. In one build the two would share
 * chunks, and each would run what the other begins with.
 */
import vue from '@vitejs/plugin-vue';
import { build, type Plugin, type ResolvedConfig } from 'vite';
import { join } from 'node:path';
import { compiledWords } from './words-plugin.ts';

export function miniPage(): Plugin {
  let config: ResolvedConfig | null = null;
  return {
    name: 'mini-page',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle(error) {
      if (error || !config) return;
      const { root, base, define, build: options } = config;
      await build({
        ...{ configFile: false, publicDir: false, logLevel: 'warn', root, base },
        plugins: [vue(), compiledWords()],
        ...(define ? { define } : {}),
        build: {
          outDir: options.outDir,
          emptyOutDir: false,
          target: options.target,
          assetsDir: 'mini',
          assetsInlineLimit: 0,
          modulePreload: { polyfill: false },
          reportCompressedSize: false,
          rolldownOptions: { input: join(root, 'mini.html') },
        },
      });
    },
  };
}
