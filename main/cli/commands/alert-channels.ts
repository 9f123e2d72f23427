import { type Command, Option } from 'commander'
import type { GivenChannel, ShownChannel } from '../../../shared/contract/alerts.ts'
import { type ChannelKind, channelKinds, desktopChannel } from '../../../shared/domain/alerts.ts'
import type { Run } from '../cli.ts'
import { exitCodes, WrongUsage } from '../failures.ts'
import { count, many, text } from '../option-values.ts'

interface ChannelOptions {
  readonly kind?: ChannelKind
  readonly url?: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly from?: string
  readonly to?: readonly string[]
  readonly keepSecret?: true
  readonly on?: true
  readonly off?: true
}

const pagerDutyUrl = 'https://events.pagerduty.com/v2/enqueue'
const submissionPort = 587

/** alerts channels, channel set, channel remove, channel again, test. A secret is never an argument: other programs can read those. */
export function channelCommands(alerts: Command, run: Run): void {
  alerts
    .command('channels')
    .description('where alerts are told, and whether that works')
    .action((_, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.alerts.channels()
        out.result(found, () =>
          out.table(
            ['NAME', 'KIND', 'TO', 'STATE', 'UNTOLD', 'PROBLEM'],
            found.channels.map((one) => [
              one.channel.name,
              one.channel.kind,
              goesTo(one),
              { text: one.state, style: one.state === 'well' ? 'green' : one.state === 'off' ? 'dim' : 'red' },
              String(one.untold),
              one.problem ?? '',
            ]),
          ),
        )
        return exitCodes.done
      }),
    )

  const channel = alerts.command('channel').description('make, change, switch off and remove channels')
  channel
    .command('set <name>')
    .description('e.g. channel set team --kind webhook; its address, key or password is read from stdin or asked for')
    .addOption(new Option('--kind <kind>', 'how it is told').choices([...channelKinds]))
    .option('--url <address>', `of PagerDuty or what speaks like it (${pagerDutyUrl})`)
    .option('--host <host>', 'the mail server')
    .option('--port <port>', `its port (${submissionPort}; 465 is TLS from the start)`, count)
    .option('--user <name>', 'who signs in there')
    .option('--from <address>', 'the sender')
    .option('--to <address>', 'who gets the e-mail; may be given several times', many(text))
    .option('--keep-secret', 'the secret stays as it is')
    .option('--on', 'switch it on')
    .option('--off', 'switch it off')
    .action((name: string, options: ChannelOptions, command) =>
      run(command, async ({ app, out, terminal }) => {
        const { channels } = await app.api.alerts.channels()
        const before = channels.find((one) => one.channel.name === name)?.channel
        const given = channelFrom(name, options, before)
        const onlySwitched = before !== undefined && Object.keys(options).every((key) => key === 'on' || key === 'off')
        const asked = options.keepSecret || onlySwitched ? undefined : questions(given)
        const value = asked === undefined ? undefined : await terminal.secret(asked)
        const made = await app.api.alerts.setChannel({ channel: given, ...(value === undefined ? {} : { value }) })
        out.result(made, () => out.line(`${name}: ${made.channel.kind} ${goesTo(made)}, ${made.state}`))
        return exitCodes.done
      }),
    )

  channel
    .command('remove <name>')
    .description('forget it, its secret, and what it was not told yet')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        await app.api.alerts.removeChannel({ name })
        out.result({ removed: true }, () => out.line('Removed.'))
        return exitCodes.done
      }),
    )

  channel
    .command('again <name>')
    .description('send again what it could not be told')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.alerts.sendAgain({ name })
        out.result(found, () => out.line(found.due === 0 ? 'It was told everything.' : `Sending ${found.due} again.`))
        return exitCodes.done
      }),
    )

  alerts
    .command('test <channel>')
    .description('tell a channel something now')
    .action((name: string, _, command) =>
      run(command, async ({ app, out }) => {
        const found = await app.api.alerts.test({ name })
        out.result(found, () => out.line(found.told ? 'It was told.' : (found.problem ?? 'It was not told.')))
        return found.told ? exitCodes.done : exitCodes.failed
      }),
    )
}

function channelFrom(name: string, options: ChannelOptions, before: ShownChannel['channel'] | undefined): GivenChannel {
  const kind = options.kind ?? before?.kind ?? (name === desktopChannel ? 'desktop' : undefined)
  if (kind === undefined) throw new WrongUsage(`Say how it is told: --kind ${channelKinds.join(' | ')}.`)
  const known = before?.kind === kind ? before : undefined
  const common = { name, enabled: options.on ?? (options.off ? false : (before?.enabled ?? true)) }
  switch (kind) {
    case 'desktop':
    case 'webhook':
      return { ...common, kind }
    case 'pagerduty':
      return { ...common, kind, url: options.url ?? (known?.kind === 'pagerduty' ? known.url : pagerDutyUrl) }
    case 'email':
      return { ...common, kind, ...mailOf(options, known?.kind === 'email' ? known : undefined) }
  }
}

function mailOf(options: ChannelOptions, known: Extract<ShownChannel['channel'], { kind: 'email' }> | undefined) {
  const host = options.host ?? known?.host
  const from = options.from ?? known?.from
  const to = options.to ?? known?.to
  if (host === undefined || from === undefined || to === undefined)
    throw new WrongUsage('An e-mail needs --host, --from and --to.')
  const user = options.user ?? known?.user
  return { host, from, to: [...to], port: options.port ?? known?.port ?? submissionPort, ...(user ? { user } : {}) }
}

function questions(channel: GivenChannel): string | undefined {
  switch (channel.kind) {
    case 'desktop':
      return undefined
    case 'webhook':
      return `Address of ${channel.name} (https://…): `
    case 'pagerduty':
      return `Routing key of ${channel.name}: `
    case 'email':
      return channel.user === undefined ? undefined : `Password of ${channel.user} at ${channel.host}: `
  }
}

function goesTo({ channel }: ShownChannel): string {
  switch (channel.kind) {
    case 'desktop':
      return 'this computer'
    case 'webhook':
      return channel.host
    case 'pagerduty':
      return URL.canParse(channel.url) ? new URL(channel.url).host : ''
    case 'email':
      return channel.to.join(', ')
  }
}
