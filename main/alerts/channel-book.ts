import { type AlertChannel, desktopChannel } from '../../shared/domain/alerts.ts'
import { inputInvalid } from '../../shared/errors.ts'
import { channelAddress } from './channels/post-json.ts'

export interface KeptChannels {
  channels(): readonly AlertChannel[]
  setChannel(channel: AlertChannel): void
  dropChannel(name: string): boolean
}

/** Addresses with a token in them, keys and passwords, in the keychain. */
export interface ChannelSecrets {
  get(channel: string): string | undefined
  set(channel: string, value: string): Promise<void>
  remove(channel: string): Promise<void>
}

/** A channel as the person gives it; a webhook’s host is that of its secret address. */
export type GivenChannel =
  | Exclude<AlertChannel, { kind: 'webhook' }>
  | Omit<Extract<AlertChannel, { kind: 'webhook' }>, 'host'>

const mostChannels = 20
const desktop: AlertChannel = { name: desktopChannel, kind: 'desktop', enabled: true }

/** Where alerts may be told. The desktop is there from the start; everything else the person sets, with its secret. */
export class ChannelBook {
  constructor(
    private readonly kept: KeptChannels,
    private readonly secrets: ChannelSecrets,
  ) {}

  all(): readonly AlertChannel[] {
    const kept = this.kept.channels()
    return kept.some(({ name }) => name === desktopChannel) ? kept : [desktop, ...kept]
  }

  /** @throws input.invalid */
  need(name: string): AlertChannel {
    const channel = this.all().find((one) => one.name === name)
    if (!channel) throw inputInvalid(`There is no channel “${name}”.`)
    return channel
  }

  /**
   * Adds it, or puts it in the place of the one of its name. A secret that is kept stays with the address it was given for.
   *
   * @param secret a webhook’s address, a routing key, a password
   * @throws input.invalid, keys.unavailable
   */
  async set(given: GivenChannel, secret: string | undefined): Promise<void> {
    const before = this.all().find(({ name }) => name === given.name)
    if (!before && this.all().length >= mostChannels) throw inputInvalid(`There are ${mostChannels} channels already.`)
    if ((given.name === desktopChannel) !== (given.kind === 'desktop'))
      throw inputInvalid('The channel “desktop” is the desktop, and there is one.')
    const channel = complete(given, secret, before)
    if (needsSecret(channel) && secret === undefined && !(before && goesTo(before) === goesTo(channel)))
      throw inputInvalid('It goes somewhere else than before, so its secret has to be given again.')
    if (secret !== undefined) await this.secrets.set(channel.name, secret)
    else if (!needsSecret(channel)) await this.secrets.remove(channel.name)
    this.kept.setChannel(channel)
  }

  /** @throws input.invalid, keys.unavailable */
  async remove(name: string): Promise<void> {
    if (name === desktopChannel) throw inputInvalid('The desktop is always there. Switch it off instead.')
    this.need(name)
    await this.secrets.remove(name)
    this.kept.dropChannel(name)
  }
}

function complete(given: GivenChannel, secret: string | undefined, before: AlertChannel | undefined): AlertChannel {
  switch (given.kind) {
    case 'desktop':
      return { name: given.name, enabled: given.enabled, kind: 'desktop' }
    case 'webhook': {
      if (secret !== undefined) return { ...given, host: channelAddress(secret).host }
      if (before?.kind !== 'webhook') throw inputInvalid('A webhook needs its address.')
      return { ...given, host: before.host }
    }
    case 'pagerduty':
      channelAddress(given.url)
      return given
    case 'email':
      return given
  }
}

const needsSecret = (channel: AlertChannel) =>
  channel.kind === 'webhook' || channel.kind === 'pagerduty' || (channel.kind === 'email' && channel.user !== undefined)

/** Where its secret is shown. */
function goesTo(channel: AlertChannel): string {
  switch (channel.kind) {
    case 'desktop':
      return ''
    case 'webhook':
      return `webhook ${channel.host}`
    case 'pagerduty':
      return `pagerduty ${channel.url}`
    case 'email':
      return `email ${channel.host}:${channel.port} ${channel.user ?? ''}`
  }
}
