import type {
  ContractRule,
  GivenChannel,
  ShownAlert,
  ShownChannel,
  ShownRule,
} from '../../../shared/contract/alerts.ts'
import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { type AlertChannel, type AlertRule, errorRateMetric } from '../../../shared/domain/alerts.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import type { KeptAlert } from '../../alerts/alert-store.ts'
import type { AlertDesk } from '../alerts.ts'
import { type Note, noted } from './recorded.ts'

export function alertsHandlers(desk: AlertDesk, note: Note): GatehouseHandlers['alerts'] {
  const { alerts, rules, channels, deliveries } = desk
  const shown = shownBy(desk)
  return {
    list: ({ state, most }) => {
      const found =
        state === 'ongoing'
          ? [...alerts.list('open', most), ...alerts.list('acknowledged', most)].sort((a, b) => b.openedAt - a.openedAt)
          : alerts.list(state, most)
      return { alerts: found.slice(0, most).map(shown.alert) }
    },
    show: ({ id }) => ({
      alert: shown.alert(alerts.need(id)),
      told: deliveries.of(id).map(({ channel, note: what, state, tries, problem }) => ({
        ...{ channel, note: what, state, tries },
        ...(problem === undefined ? {} : { problem }),
      })),
    }),
    acknowledge: ({ id }, { description }) => shown.alert(alerts.acknowledge(id, description)),
    resolve: ({ id }, { description }) => shown.alert(alerts.resolve(id, description)),
    rules: () => ({ rules: rules.all().map(shown.rule) }),
    metrics: () => ({ metrics: watchable(desk) }),
    setRule: (rule, { description }) => {
      const what = `The alert rule “${rule.name}” was set${rule.enabled ? '' : ' and switched off'}`
      return noted(note, [description, 'alert.rule-set', what, 'warning'], () => {
        rules.set(ruleOf(rule))
        desk.changed()
        return shown.rule(rules.need(rule.name))
      })
    },
    removeRule: ({ name }, { description }) =>
      noted(note, [description, 'alert.rule-removed', `The alert rule “${name}” was removed`, 'warning'], () => {
        rules.remove(name)
        desk.changed()
      }),
    channels: () => ({ channels: shown.channels() }),
    setChannel: ({ channel, value }, { description }) => {
      const what = `The channel “${channel.name}” (${channel.kind}) for alerts was set`
      return noted(note, [description, 'alert.channel-set', what, 'warning'], async () => {
        await channels.set(channel satisfies GivenChannel, value)
        desk.changed()
        return shown.channel(channels.need(channel.name))
      })
    },
    removeChannel: ({ name }, { description }) =>
      noted(note, [description, 'alert.channel-removed', `The channel “${name}” was removed`, 'warning'], async () => {
        await channels.remove(name)
        deliveries.drop(name)
        rules.forgetChannel(name)
        desk.changed()
      }),
    test: ({ name }, { description }) => {
      const channel = channels.need(name)
      return noted(note, [description, 'alert.channel-tested', `The channel “${name}” was tried`], async () => {
        const problem = await desk.test(channel)
        return { told: problem === undefined, ...(problem === undefined ? {} : { problem }) }
      })
    },
    sendAgain: ({ name }, { description }) => {
      channels.need(name)
      const what = `What the channel “${name}” could not be told is sent again`
      return noted(note, [description, 'alert.channel-again', what], () => {
        const due = deliveries.again(name, Date.now())
        desk.changed()
        return { due }
      })
    },
  }
}

/** What is left out is left out, rather than there and undefined. */
function ruleOf({ by, sensitivity, escalation, ...rule }: ContractRule): AlertRule {
  return {
    ...rule,
    ...(by === undefined ? {} : { by }),
    ...(sensitivity === undefined ? {} : { sensitivity }),
    ...(escalation === undefined ? {} : { escalation }),
  }
}

function shownBy(desk: AlertDesk) {
  const { rules, channels, deliveries } = desk
  const alert = (kept: KeptAlert): ShownAlert => {
    const { holds: _, told: __, since: ___, acknowledgedAt, resolvedAt, escalatedAt, ...rest } = kept
    return {
      ...rest,
      openedAt: kept.openedAt as EpochMs,
      ...(acknowledgedAt === undefined ? {} : { acknowledgedAt: acknowledgedAt as EpochMs }),
      ...(resolvedAt === undefined ? {} : { resolvedAt: resolvedAt as EpochMs }),
      ...(escalatedAt === undefined ? {} : { escalatedAt: escalatedAt as EpochMs }),
      sentence: desk.sentence(kept),
    }
  }
  const rule = ({ escalation, ...one }: ReturnType<typeof rules.need>): ShownRule => ({
    ...one,
    channels: [...one.channels],
    ...(escalation ? { escalation: { ...escalation, channels: [...escalation.channels] } } : {}),
    sentence: desk.ruleSentence(one),
  })
  const channel = (one: AlertChannel): ShownChannel => {
    const { due = 0, dead = 0, problem } = deliveries.backlog().get(one.name) ?? {}
    const failing = problem === undefined ? 'well' : dead > 0 ? 'dead' : 'failing'
    const tells = rules
      .all()
      .filter((rule) => [...rule.channels, ...(rule.escalation?.channels ?? [])].includes(one.name))
    return {
      channel: one.kind === 'email' ? { ...one, to: [...one.to] } : one,
      state: one.enabled ? failing : 'off',
      untold: due + dead,
      ...(problem === undefined ? {} : { problem }),
      rules: tells.map(({ name }) => name),
    }
  }
  return { alert, rule, channel, channels: () => channels.all().map(channel) }
}

/** Every figure there is, with the labels its series have, and the rate that is made of two. */
function watchable({ metrics }: AlertDesk) {
  const found = metrics.families().map(({ name, help, type, samples }) => {
    const names = [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))]
    const labels = names.map((label) => ({ name: label, values: metrics.series.values(name, label).slice(0, 200) }))
    return { name, type, help, labels }
  })
  const calls = found.find(({ name }) => name === 'mcp_operations_total')
  const labels = (calls?.labels ?? []).filter(({ name }) => name !== 'status')
  return [
    ...found,
    { name: errorRateMetric, type: 'rate' as const, help: 'Calls that fail, of those answered.', labels },
  ]
}
