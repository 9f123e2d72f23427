import { configDefaults, defineConfig } from 'vitest/config'
import { fullOnly } from './test/full-only.ts'
import { SlowestFirst } from './test/slowest-first.ts'

/** Under CI only: tests share two cores with browsers, sandboxes and a keychain. `npm test` names each that needed it. */
const secondTry = process.env.CI === 'true' ? 1 : 0
const leftOut = process.env.GATEHOUSE_TEST_FULL === '1' ? [] : fullOnly.map(({ file }) => file)

export default defineConfig({
  define: { __GATEHOUSE_VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    environment: 'node',
    retry: secondTry,
    exclude: [...configDefaults.exclude, ...leftOut],
    setupFiles: ['test/support/fixed-seed.ts'],
    testTimeout: 60_000, // beside other work; what a test awaits has shorter ones of its own
    hookTimeout: 180_000, // an app, a browser and its servers begin beside those of other tests
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/journeys/**', 'test/integration/**', 'test/conformance/**'],
          maxWorkers: 2, // the usual one less than there are cores is one of two
          isolate: false, // no module here keeps state, and each test puts back what it mocks: most of the time was loading
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          maxWorkers: 3, // they wait for processes more than they compute; more would be late for what they await
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
        },
      },
    ],
  },
})
