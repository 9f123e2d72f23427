import { writeFileSync } from 'node:fs'

/** Vitest's own report begins a file at its first test: what a file begins before that, an app or a browser, is not in it. */
export default class FileTimes {
  onTestRunEnd(modules) {
    const times = modules.map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic()
      return [module.moduleId, collectDuration + setupDuration + duration]
    })
    writeFileSync(process.env.GATEHOUSE_TEST_TIMES, JSON.stringify(Object.fromEntries(times)))
  }
}
