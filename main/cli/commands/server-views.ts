import type { Cli } from '../cli.ts'
import { exitCodes } from '../failures.ts'
import { levelName, localTime } from '../option-values.ts'
import { showCell } from './cells.ts'
import { showFindings } from './findings.ts'
import { showRefused } from './hosts.ts'
import { usageWords } from './usage-words.ts'
import { showWarnings } from './warnings.ts'

export async function inspectServer({ app, out }: Cli, name: string): Promise<number> {
  const server = await app.api.servers.inspect({ name })
  const refused = await app.api.hosts.refused({ server: name })
  out.result({ ...server, refusedHosts: refused.hosts }, () => {
    out.line(`${server.name} — ${server.state}`, 'bold')
    out.line(`command      ${server.command}`)
    const isRemote = server.origin === 'remote'
    const confined = isRemote ? server.confinement : `${levelName(server.sandbox)} (${server.confinement})`
    out.line(`sandbox      ${confined}`, server.sandbox === 0 && !isRemote ? 'red' : 'plain')
    if (!isRemote) out.line(`limits       ${server.limits}`)
    out.line(`environment  ${[...server.envNames, ...server.secretNames.map((key) => `${key} (secret)`)].join(', ')}`)
    out.line(`added        ${localTime(server.addedAt)}${server.trusted ? ', trusted' : ''}`)
    if (server.context) out.line('context      is told what each session is about')
    const how = Object.entries(server.running).map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    if (how.length > 0) out.line(`run          ${how.join(', ')}`)
    if (server.usage)
      out.line(`uses         ${usageWords(server.usage)}${server.throttled ? ' (throttled: over its quota)' : ''}`)
    if (server.breaker !== 'closed') out.line('left alone   its latest calls failed', 'red')
    if (server.problem) out.line(`problem      ${server.problem}`, 'red')
    for (const sentence of server.mayTouch) out.line(`may          ${sentence}`)
    if (server.registration) showCell(out, server.registration)
    out.line()
    out.table(
      ['KIND', 'NAME', 'STATE', 'TITLE'],
      server.entries.map((entry) => [entry.kind, entry.name, entry.quarantine ?? 'accepted', entry.title]),
    )
    showRefused(out, refused.hosts, refused.more)
    showWarnings(out, server.warnings)
    showFindings(out, server.findings)
  })
  return exitCodes.done
}

/** Shows what changed; with `accept` accepts exactly the pins that were shown. */
export async function reviewServer({ app, out }: Cli, name: string, accept: boolean): Promise<number> {
  const { changes } = await app.api.servers.review({ name })
  const pins = changes.flatMap(({ name: entry, pin }) => (pin ? [{ name: entry, pin }] : []))
  const accepted = accept && pins.length > 0 ? (await app.api.servers.accept({ name, pins })).accepted : 0
  out.result({ changes, accepted }, () => {
    if (changes.length === 0) out.line('Nothing changed since you accepted it.')
    for (const change of changes) {
      out.line(`${change.status}: ${change.kind} ${change.name}`, 'bold')
      showFindings(out, change.findings)
      if (change.before) out.line(indented('- ', change.before), 'red')
      if (change.after) out.line(indented('+ ', change.after), 'green')
    }
    if (accept) out.line(`Accepted ${accepted}.`)
    else if (pins.length > 0) out.line(`Accept them with: gatehouse servers review ${name} --accept`)
  })
  return exitCodes.done
}

const indented = (mark: string, text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${mark}${line}`)
    .join('\n')
