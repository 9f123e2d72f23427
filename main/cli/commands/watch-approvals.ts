import type { Cli } from '../cli.ts'
import { exitCodes } from '../failures.ts'

interface Told {
  readonly id: string
  readonly title?: string
  readonly state: string
}

/** Shows what is waiting, then what comes and what is settled, one a line; ends with the app. */
export async function watchApprovals({ app, out }: Cli): Promise<number> {
  const client = await app.connect()
  const show = (event: string, told: Told) =>
    out.streamed({ event, ...told }, () => out.line(`${told.id}  ${told.state}  ${told.title ?? ''}`.trimEnd()))
  client.subscribe((name, payload) => {
    if (name === 'approvals.asked' || name === 'approvals.settled') show(name, payload as Told)
  })
  const { approvals } = await app.api.approvals.list({})
  for (const approval of approvals) if (approval.state === 'pending') show('approvals.asked', approval)
  out.note('Watching for questions; end with Ctrl+C.')
  await client.closed
  out.note('Gatehouse has stopped.')
  return exitCodes.notRunning
}
