import type { GivenChannel, ShownChannel } from '../../../shared/contract/alerts.ts'

export type DraftKind = Exclude<GivenChannel['kind'], 'desktop'>
export const draftKinds: readonly DraftKind[] = ['webhook', 'pagerduty', 'email']

/** A channel as it stands in the form. The secret is only ever typed, never shown. */
export interface ChannelDraft {
  readonly name: string
  readonly enabled: boolean
  readonly kind: DraftKind
  readonly secret: string
  readonly url: string
  readonly host: string
  readonly port: string
  readonly user: string
  readonly from: string
  readonly to: string
}

export const emptyChannel: ChannelDraft = {
  name: '',
  enabled: true,
  kind: 'webhook',
  secret: '',
  url: 'https://events.pagerduty.com/v2/enqueue',
  host: '',
  port: '587',
  user: '',
  from: '',
  to: '',
}

export function channelDraftOf(channel: ShownChannel['channel']): ChannelDraft {
  const { name, enabled, kind } = channel
  const common = { ...emptyChannel, name, enabled }
  if (kind === 'pagerduty') return { ...common, kind, url: channel.url }
  if (kind !== 'email') return { ...common, kind: 'webhook' }
  const { host, port, user = '', from, to } = channel
  return { ...common, kind, host, port: String(port), user, from, to: to.join(', ') }
}

/** What main is asked to keep; the secret goes beside it. */
export function channelOf({ name, enabled, kind, ...draft }: ChannelDraft): GivenChannel {
  const common = { name: name.trim(), enabled }
  if (kind === 'webhook') return { ...common, kind }
  if (kind === 'pagerduty') return { ...common, kind, url: draft.url.trim() }
  const to = draft.to.split(/[,;\s]+/).filter(Boolean)
  const user = draft.user.trim()
  const server = { host: draft.host.trim(), port: Number(draft.port), from: draft.from.trim(), to }
  return { ...common, kind, ...server, ...(user === '' ? {} : { user }) }
}

/** A channel that is, without what is only shown of it. */
export function givenOf(channel: ShownChannel['channel']): GivenChannel {
  if (channel.kind !== 'webhook') return channel
  const { host: _, ...given } = channel
  return given
}
