import type { AlertChannel } from '../../../shared/domain/alerts.ts'
import { ChannelProblem } from '../teller.ts'
import { sendEmail } from './email.ts'
import { type AlertMessage, pagerDutyBody, slackBody } from './message.ts'
import { channelAddress, postJson } from './post-json.ts'

export interface SendParts {
  /** Of a channel: its address, key or password, out of the keychain. */
  readonly secretOf: (channel: string) => string | undefined
  /** Shows it on the desktop. */
  readonly show: (message: AlertMessage) => void
  /** What this computer is called. */
  readonly source: string
}

/** Tells one channel one thing. @throws ChannelProblem */
export async function send(
  channel: AlertChannel,
  message: AlertMessage,
  { secretOf, show, source }: SendParts,
  signal: AbortSignal,
): Promise<void> {
  const needed = () => {
    const secret = secretOf(channel.name)
    if (secret === undefined) throw new ChannelProblem('Its secret is not in the keychain. Set it again.')
    return secret
  }
  switch (channel.kind) {
    case 'desktop':
      return show(message)
    case 'webhook':
      return postJson(addressOf(channel.host, needed()), slackBody(message), signal)
    case 'pagerduty':
      return postJson(channel.url, pagerDutyBody(message, needed(), source), signal)
    case 'email':
      return sendEmail(channel, secretOf(channel.name), message, signal)
  }
}

/** @throws ChannelProblem for an address that was put in the place of the one the person gave the channel */
function addressOf(host: string, address: string): string {
  if (channelAddress(address).host === host) return address
  throw new ChannelProblem(`Its address does not lead to ${host}. Set it again.`)
}
