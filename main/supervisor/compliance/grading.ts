import type { z } from 'zod'
import {
  type ComplianceReport,
  type ComplianceSection,
  type complianceCheck,
  complianceSections,
} from '../../../shared/contract/compliance.ts'

export type Check = z.output<typeof complianceCheck>

export interface Checked {
  readonly id: string
  readonly section: ComplianceSection
  /** What a good server does. */
  readonly title: string
  /** How much it counts, against the others. */
  readonly weight: number
  readonly advice: string
}
/** `skip` when there is nothing to look at; a sentence says what is wrong; `partly` counts half. */
export type Finding = 'pass' | 'skip' | { readonly problem: string; readonly partly?: boolean }

interface Weighed extends Check {
  readonly weight: number
}

const credit = { pass: 1, partly: 0.5, fail: 0, skip: 0 } as const
const gradeFrom = [
  ['A', 90],
  ['B', 80],
  ['C', 65],
  ['D', 50],
] as const

/** What was found, and what comes of it. */
export class Grading {
  readonly #checks: Weighed[] = []

  /** @param redact known secrets in what a server said become a mark */
  constructor(private readonly redact: (text: string) => string) {}

  note({ id, section, title, weight, advice }: Checked, finding: Finding): void {
    if (finding === 'pass' || finding === 'skip') {
      this.#checks.push({ id, section, title, weight, outcome: finding })
      return
    }
    const problem = this.redact(finding.problem).slice(0, 500)
    this.#checks.push({ id, section, title, weight, outcome: finding.partly ? 'partly' : 'fail', problem, advice })
  }

  report(facts: Pick<ComplianceReport, 'server' | 'protocols' | 'checkedAt' | 'durationMs'>): ComplianceReport {
    const score = scoreOf(this.#checks) ?? 0
    const wrong = this.#checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'partly')
    const important = wrong.toSorted((a, b) => lostBy(b) - lostBy(a))
    return {
      ...facts,
      score,
      grade: gradeFrom.find(([, least]) => score >= least)?.[0] ?? 'F',
      sections: complianceSections.map((section) => sectionScore(section, this.#checks)),
      checks: this.#checks.map(({ weight: _, ...check }) => check),
      recommendations: [...new Set(important.flatMap(({ advice }) => (advice ? [advice] : [])))],
    }
  }
}

const lostBy = ({ weight, outcome }: Weighed) => weight * (1 - credit[outcome])

function scoreOf(checks: readonly Weighed[]): number | undefined {
  const counted = checks.filter(({ outcome }) => outcome !== 'skip')
  const all = counted.reduce((sum, { weight }) => sum + weight, 0)
  if (all === 0) return undefined
  return Math.round((100 * counted.reduce((sum, { weight, outcome }) => sum + weight * credit[outcome], 0)) / all)
}

function sectionScore(section: ComplianceSection, checks: readonly Weighed[]) {
  const score = scoreOf(checks.filter((check) => check.section === section))
  return { section, ...(score === undefined ? {} : { score }) }
}
