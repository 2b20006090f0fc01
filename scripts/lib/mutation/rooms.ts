/** Where faults are put in, and which tests must find them. A room whose files move needs only its line changed. */

export interface Room {
  name: string;
  /** Globs from the project's folder. */
  sources: readonly string[];
  /** Globs of the test files that are asked: the room's own, and those that run it together with others. */
  tests: readonly string[];
}

export const ROOMS: readonly Room[] = [
  {
    name: 'contract/model',
    sources: ['contract/model/**/*.ts'],
    tests: [
      'tests/unit/contract/**/*.test.ts',
      'tests/unit/renderer/conversation/{text,only-emoji}.test.ts',
      'tests/unit/relay/folding.test.ts',
      'tests/unit/main/store/{search-texts,misdated}.test.ts',
    ],
  },
  {
    name: 'outbox',
    sources: ['electron/main/services/outbox/**/*.ts'],
    tests: ['tests/unit/main/outbox/**/*.test.ts'],
  },
  {
    name: 'sync',
    sources: ['electron/main/services/sync/**/*.ts'],
    tests: ['tests/unit/main/{sync,backfill}/**/*.test.ts'],
  },
  {
    name: 'unread',
    sources: ['electron/main/services/unread/**/*.ts'],
    tests: ['tests/unit/main/unread/**/*.test.ts'],
  },
  {
    name: 'accounts',
    sources: ['electron/main/services/accounts/**/*.ts'],
    tests: ['tests/unit/main/accounts/**/*.test.ts', 'tests/integration/main-shell/{sign-in,key-store}.test.ts'],
  },
  {
    name: 'relay/services',
    sources: ['relay/services/**/*.ts'],
    tests: ['tests/unit/relay/**/*.test.ts'],
  },
];
