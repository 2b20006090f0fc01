import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { miniPage } from './scripts/lib/mini-page.ts';
import { secondMinifier } from './scripts/lib/second-minifier.ts';
import { compiledWords } from './scripts/lib/words-plugin.ts';

/** The page. Relative asset paths: it is served from `app://` in the product and below a path on the stand-in. */
export default defineConfig(({ command }) => ({
  root: 'renderer',
  base: './',
  plugins: [vue(), compiledWords(), secondMinifier(), miniPage()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    // The development build would warn of each plain phrase.
    __INTLIFY_DROP_MESSAGE_COMPILER__: String(command === 'build'),
  },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // A data: image or font would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What the first screen is made of comes in one file: each request goes through main, which is busy then.
          groups: [
            { name: 'first', tags: ['$initial'] },
            // Each file is a request of its own, also one for a single icon.
            { name: 'icons', test: /@lucide[\\/]vue/, minShareCount: 2 },
            {
              name: (id) => `words.${/\.?(\w+)\.words$/.exec(id)?.[1] ?? ''}`,
              debugName: 'words',
              test: /\.words$/,
            },
          ],
        },
      },
    },
  },
}));
