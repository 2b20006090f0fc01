import { defineConfig } from 'vite';
import { leaveOut } from './scripts/lib/left-out.ts';

/** Main and its worker threads: one ES module each, with every library inside, so that the package needs no node_modules. */
export default defineConfig({
  publicDir: false,
  plugins: [leaveOut()],
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    outDir: 'out/main',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: { index: 'electron/main/index.ts', 'store-worker': 'electron/main/services/store/worker.ts' },
      external: ['electron'],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
    },
  },
});
