import type { NoteKind, Severity } from '../../../shared/domain/alerts.ts'

/** What a channel says of an alert: names of rules, servers and apps and one figure; never a secret, never arguments. */
export interface AlertMessage {
  /** Absent in a test message. */
  readonly alert?: string
  readonly rule: string
  readonly cause: string
  readonly note: NoteKind | 'test'
  readonly severity: Severity
  /** One line: what is so, or no longer. */
  readonly title: string
  /** What the rule watches for. */
  readonly text: string
  /** How bad, and whether it is over, in the person’s language. */
  readonly status: string
  readonly at: number
}

const longest = 500
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

/** Names may come from outside: nothing in them may act in the place they are shown. */
const escaped = (text: string) => cut(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const colours: Readonly<Record<Severity, string>> = { info: '#3b6ea5', warning: '#c27c0e', critical: '#b3261e' }
const over = '#2e7d32'

/** @see Slack, incoming webhooks: `text`, and `attachments` with a colour; other services take the same shape */
export function slackBody({ title, text, status, note, severity, at }: AlertMessage) {
  return {
    text: escaped(`${status}: ${title}`),
    attachments: [
      {
        color: note === 'resolved' ? over : colours[severity],
        fallback: escaped(`${status}: ${title}`),
        text: escaped(text),
        footer: 'Gatehouse',
        ts: Math.floor(at / 1000),
      },
    ],
  }
}

/** @see PagerDuty, Events API v2: an alert keeps its `dedup_key`, so that it is one incident there, too */
export function pagerDutyBody(message: AlertMessage, routingKey: string, source: string) {
  const { alert, note, severity, title, text, rule, cause, at } = message
  const key = { routing_key: routingKey, dedup_key: `gatehouse-${alert ?? 'test'}` }
  if (note === 'resolved') return { ...key, event_action: 'resolve' as const }
  return {
    ...key,
    event_action: 'trigger' as const,
    client: 'Gatehouse',
    payload: {
      summary: cut(title),
      source,
      severity,
      timestamp: new Date(at).toISOString(),
      component: rule,
      ...(cause === '' ? {} : { group: cut(cause) }),
      custom_details: { rule, cause: cut(cause), text: cut(text) },
    },
  }
}

/** Subject and text, plain; a line break in a name must not end a header. */
export function emailOf({ title, text, status, note, at }: AlertMessage) {
  const oneLine = (line: string) => cut(line).replace(/[\r\n]+/g, ' ')
  return {
    subject: oneLine(`[Gatehouse] ${status}: ${title}`),
    text: [
      title,
      '',
      text,
      '',
      new Date(at).toISOString(),
      ...(note === 'test' ? [] : ['', 'gatehouse alerts list']),
    ].join('\n'),
  }
}
