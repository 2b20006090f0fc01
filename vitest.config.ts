import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { compiledWords } from './scripts/lib/words-plugin.ts';

/** Unit tests mirror the sources; integration tests run real parts together; chaos and security have their own folders. */
export default defineConfig({
  plugins: [vue(), compiledWords()],
  test: {
    // Two cores: more workers only take time from each other.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: ['default'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'integration', include: ['tests/integration/**/*.test.ts'] } },
      { extends: true, test: { name: 'security', include: ['tests/security/**/*.test.ts'] } },
      { extends: true, test: { name: 'chaos', include: ['tests/chaos/**/*.test.ts'], testTimeout: 240_000 } },
    ],
  },
});
