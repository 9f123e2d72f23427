export interface FullOnly {
  readonly file: string
  /** The file that holds the same behaviour in `npm test`. */
  readonly coveredBy: string
}

/** Left to `npm run test:full` (GATEHOUSE_TEST_FULL=1): variations and repetitions of what another file holds every time. */
export const fullOnly: readonly FullOnly[] = [
  // the rarer words for the same installation and confinement
  { file: 'test/integration/package-runners.test.ts', coveredBy: 'test/integration/sandbox-packages.test.ts' },
  // fifteen hundred calls of real servers without an alarm; the noticing itself is tried over the same figures
  { file: 'test/integration/anomalies.test.ts', coveredBy: 'test/anomalies/behaviour.test.ts' },
  // the package's example servers and clients, beside the same clients and servers of our own
  { file: 'test/integration/sdk-examples.test.ts', coveredBy: 'test/integration/clients-interop.test.ts' },
  // the suite's own server without Gatehouse: what passes behind Gatehouse passes without it
  { file: 'test/conformance/fixture.test.ts', coveredBy: 'test/conformance/endpoint.test.ts' },
]
