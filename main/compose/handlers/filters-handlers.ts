import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { ContentFilterId, OwnWord } from '../../../shared/domain/filters.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import { classification } from '../../filters/classification.ts'
import type { Filters } from '../../filters/filters.ts'
import type { Hosting } from '../hosting.ts'
import { type Note, noted } from './recorded.ts'

const fixed = [
  { id: 'known-secrets', call: 'block', reply: 'redact' },
  { id: 'answer-size', call: 'allow', reply: 'block' },
] as const

export function filtersHandlers({ contents }: Filters, { servers }: Hosting, note: Note): GatehouseHandlers['filters'] {
  const { scan, rules, counts, own } = contents
  const listed = (word: OwnWord) => {
    const { value: _private, ...shown } = word
    return { ...shown, found: own.found(word) }
  }
  /** @throws input.invalid */
  const needed = (id: string): OwnWord => {
    const word = own.list.find((one) => one.id === id)
    if (word === undefined) throw inputInvalid('There is no such word.')
    return word
  }
  /** @throws input.invalid */
  const known = (server: string) => {
    if (server !== '*' && !servers.list().some(({ name }) => name === server))
      throw inputInvalid(`There is no server called “${server}”.`)
  }
  const where = (server: string) => (server === '*' ? 'every server' : `“${server}”`)
  return {
    list: ({ server }) => {
      known(server)
      const actions = rules.actionsFor(server)
      const isSet = (filter: string, direction: string) =>
        rules.settings.actions.some(
          (one) =>
            one.filter === filter && one.direction === direction && (one.server === server || one.server === '*'),
        )
      return {
        policy: rules.policyOf(server),
        filters: scan.filters.map(({ id, group, severity }) => ({
          id,
          group,
          severity,
          call: { action: actions.call[id], set: isSet(id, 'call') },
          reply: { action: actions.reply[id], set: isSet(id, 'reply') },
        })),
        fixed: [...fixed],
        counts: [...counts.list()],
        words: own.list.map(listed),
        lookedThrough: counts.lookedThrough,
      }
    },
    test: ({ text, direction, server }) => {
      known(server)
      const began = performance.now()
      const findings = scan.scan(text)
      const tookMicros = Math.round((performance.now() - began) * 1000)
      const actions = rules.actionsFor(server)[direction]
      const severities = new Map(scan.filters.map(({ id, severity }) => [id, severity]))
      return {
        findings: findings.map(({ filter, word, start, end, reason }) => ({
          filter,
          ...(word === undefined ? {} : { word: word.name }),
          severity: word?.severity ?? severities.get(filter as ContentFilterId) ?? 'info',
          action: word?.[direction] ?? actions[filter as ContentFilterId],
          reason,
          start,
          end,
          ...placeOf(text, start),
        })),
        labels: [...classification(scan.filters, new Set(findings.map(({ filter }) => filter)))],
        tookMicros,
      }
    },
    set: async ({ server, filter, direction, action }, { description }) => {
      known(server)
      const said = action === undefined ? 'as the policy says' : action
      const summary = `Filter ${filter}, ${direction === 'call' ? 'arguments' : 'answers'} of ${where(server)}: ${said}`
      await noted(note, [description, 'filter.set', summary, 'warning'], () =>
        rules.set({ server, filter, direction }, action),
      )
    },
    setPolicy: async ({ server, policy }, { description }) => {
      known(server)
      const summary = `Filter policy of ${where(server)}: ${policy ?? 'as for every server'}`
      await noted(note, [description, 'filter.policy', summary, 'warning'], () => rules.setPolicy(server, policy))
    },
    addWord: async (draft, { description }) => {
      const summary = `“${draft.name}” is looked for: arguments ${draft.call}, answers ${draft.reply}`
      return listed(await noted(note, [description, 'filter.word-add', summary], () => own.add(draft)))
    },
    showWord: ({ id }, { description }) => {
      const word = needed(id)
      note(description, 'filter.word-show', `What “${word.name}” looks for was shown`)
      return { value: word.value }
    },
    removeWord: async ({ id }, { description }) => {
      const summary = `“${needed(id).name}” is no longer looked for`
      const gone = await noted(note, [description, 'filter.word-remove', summary, 'warning'], () => own.remove(id))
      return { removed: gone !== undefined }
    },
  }
}

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  let line = 1
  let begin = 0
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) {
    line++
    begin = next + 1
  }
  return { line, column: at - begin + 1 }
}
