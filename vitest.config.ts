import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { testReporters } from './scripts/lib/test-reporters.ts';
import { compiledWords } from './scripts/lib/words-plugin.ts';

/** Gives the relays of a run the database that RELAY_TEST_DATABASE names; does nothing without it. */
const globalSetup = ['tests/helpers/postgres/run-server.ts'];

/** Unit tests mirror the sources; integration tests run real parts together; chaos and security have their own folders. */
export default defineConfig({
  plugins: [vue(), compiledWords()],
  test: {
    // Two cores: more workers only take time from each other.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    reporters: testReporters(process.env),
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'integration', globalSetup, include: ['tests/integration/**/*.test.ts'] } },
      { extends: true, test: { name: 'security', globalSetup, include: ['tests/security/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'chaos', globalSetup, include: ['tests/chaos/**/*.test.ts'], testTimeout: 240_000 },
      },
    ],
  },
});
