import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../fixtures/peer/', import.meta.url));
const contract = fileURLToPath(new URL('../../../contract/', import.meta.url));

/** Bundles the page of the component that is measured beside the app into `outDir`. */
export async function buildPeer(outDir: string): Promise<void> {
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    resolve: { alias: [{ find: /^#contract\//, replacement: contract }] },
    build: { outDir, emptyOutDir: true, target: 'chrome140', chunkSizeWarningLimit: 4096 },
  });
}
