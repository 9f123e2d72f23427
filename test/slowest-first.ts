import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The longest files of a run, from the list that it prints. */
const slowest = [
  'test/integration/renderer-memory.test.ts',
  'test/integration/electron-start.test.ts',
  'test/integration/cli-app.test.ts',
  'test/integration/renderer-window.test.ts',
  'test/integration/memory-server.test.ts',
  'test/integration/attacks-restart.test.ts',
  'test/integration/sandbox-packages.test.ts',
  'test/integration/cell-updates.test.ts',
  'test/integration/kills.test.ts',
  'test/integration/renderer-policy.test.ts',
  'test/conformance/bridge.test.ts',
  'test/journeys/recovery.test.ts',
  'test/journeys/servers.test.ts',
  'test/journeys/questions.test.ts',
  'test/journeys/memory.test.ts',
  'test/journeys/appearance.test.ts',
  'test/journeys/first-run.test.ts',
]

/** Begins with the longest files, so that none of them goes on alone when all others are done. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder
    return (await super.sort(files)).sort((a, b) => group(a) - group(b) || placeOf(a) - placeOf(b))
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const at = slowest.findIndex((file) => moduleId.endsWith(file))
  return at === -1 ? slowest.length : at
}
