import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/tooling/longestFirst.js';
import { storeBoundTests } from './test/tooling/storeBound.js';

const second = 1000;

/** Stores with the shipped processes in force are made once for all. */
const stores = ['test/shippedFolder.ts'];

/**
 * What PostgreSQL has no part in, or has tests of its own for in test/postgres: the file, its drivers and its locks; forgeries made inside the file.
 */
const sqliteOnly = [
  ...['erasedFile', 'nodeSqlite', 'open', 'processes', 'protection', 'schema', 'searching', 'largeList'].map((name) => `test/engine/store/${name}.test.ts`),
  ...['altered', 'manipulations*', 'random'].map((name) => `test/engine/integrity/${name}.test.ts`),
  'test/server/auditor/verificationAltered.test.ts',
  ...['rules', 'definitions', 'core', 'trial', 'foreign'].map((name) => `test/engine/${name}/**`),
  ...['presenters', 'drawing', 'forms', 'cli'].map((name) => `test/server/${name}/**`),
];

/** Tests that need the machine to themselves: one file after another, after all the quick ones. */
const alone = { fileParallelism: false, maxWorkers: 1, isolate: true };
/** Tests that run the built server. */
const built = ['test/globalSetup.ts', ...stores];

export default defineConfig({
  test: {
    pool: 'forks',
    // A file that runs in a process of its own spends as long on loading the modules as on its tests.
    isolate: false,
    maxWorkers: 2,
    allowOnly: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/faults/**', 'test/bench/**', 'test/postgres/**'],
          globalSetup: stores,
          testTimeout: 20 * second,
          hookTimeout: 120 * second,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/postgres/**/*.test.ts', ...storeBoundTests(['test/engine', 'test/server'])],
          exclude: sqliteOnly,
          env: { CHARTER_TEST_STORE: 'postgres' },
          globalSetup: [...stores, 'test/postgres/setup.ts'],
          testTimeout: 20 * second,
          hookTimeout: 120 * second,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: built,
          testTimeout: 60 * second,
          hookTimeout: 120 * second,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          ...alone,
          name: 'faults',
          include: ['test/faults/**/*.test.ts', 'test/bench/**/*.test.ts'],
          globalSetup: [...built, 'test/postgres/setup.ts'],
          testTimeout: 600 * second,
          hookTimeout: 120 * second,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
