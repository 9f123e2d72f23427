import type { ComplianceReport } from '../../../shared/contract/compliance.ts'
import type { Cli } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import type { Output, Style } from '../output.ts'

/** Talks with the server once more, apart from everybody else, and shows how well it speaks MCP. */
export async function gradeServer({ app, out }: Cli, name: string): Promise<number> {
  out.note(`“${name}” is asked in a conversation of its own; none of its tools is called.`)
  const report = await app.api.compliance.check({ name })
  out.result(report, () => show(out, report))
  return exitCodes.done
}

function show(out: Output, report: ComplianceReport): void {
  out.line(`${report.server}: grade ${report.grade}, ${report.score} of 100`, 'bold')
  out.line(`speaks ${report.protocols.join(', ') || 'nothing that was understood'}`)
  out.line()
  out.table(
    ['SECTION', 'SCORE'],
    report.sections.map(({ section, score }) => [section, score === undefined ? 'not offered' : String(score)]),
  )
  out.line()
  for (const { outcome, title, problem } of report.checks) {
    if (outcome === 'skip') continue
    out.line(`${marks[outcome].mark} ${title}${problem ? ` — ${problem}` : ''}`, marks[outcome].style)
  }
  out.line()
  out.line(report.recommendations.length === 0 ? 'Nothing to improve was found.' : 'What would help most:', 'bold')
  for (const advice of report.recommendations) out.line(`• ${advice}`)
}

const marks: Record<'pass' | 'partly' | 'fail', { readonly mark: string; readonly style: Style }> = {
  pass: { mark: '✓', style: 'green' },
  partly: { mark: '~', style: 'yellow' },
  fail: { mark: '✗', style: 'red' },
}
