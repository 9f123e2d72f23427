import type { GrantId } from '../../../shared/domain/ids.ts'
import type { Json } from '../../../shared/domain/json.ts'
import { seekInValue, withoutPerson } from '../../../shared/domain/subject.ts'
import type { AnswerStore } from '../../approvals/answer-store.ts'
import type { Approvals } from '../../approvals/approvals.ts'
import type { Audit } from '../../audit/audit.ts'
import { isErasable } from '../../audit/seek-entries.ts'
import type { InformationFlow } from '../../flow/information-flow.ts'
import type { TaskDesk } from '../../gateway/tasks/task-desk.ts'
import type { Grant } from '../../permissions/grant.ts'
import type { Permissions } from '../../permissions/permissions.ts'
import type { FoundItem, PersonalStore, Subject } from '../../privacy/personal-store.ts'
import type { TaskRecord } from '../../tasks/task.ts'
import { paged } from './paged.ts'

const erasedMark = '[erased]'
/** What a client reads that asks for the answer of a task whose answer is gone. */
const erasedAnswer = 'What this call answered was erased because a person asked for it.'

/** The audit log: contents become tombstones; sentences and names stand, for the chain covers them. */
export const auditStore = (audit: Audit): PersonalStore => ({
  name: 'audit',
  find: async ({ seek }, watch) =>
    (await audit.seek(seek, watch)).map((entry) => ({
      ref: String(entry.seq),
      where: [`entry ${entry.seq}`, entry.tool ?? entry.action, entry.client].filter(Boolean).join(' · '),
      at: entry.at,
      excerpt: entry.excerpt,
      ...(isErasable(entry) ? {} : { kept: 'sentence' as const }),
    })),
  load: ({ ref }) => audit.contentsOf(Number(ref)) as Json | undefined,
  erase: async (_, found) =>
    audit.eraseEntries(
      found.map(({ ref }) => Number(ref)),
      'a person asked for it',
    ),
})

/** Questions, answered or not. Ended ones go as a whole: the log is the lasting record of what was decided. */
export function questionStore(approvals: Approvals): PersonalStore {
  const naming = async function* ({ seek }: Subject, signal?: AbortSignal) {
    for await (const record of paged(approvals.page, signal)) {
      const { content, title, client, entry, reason } = record
      const excerpt = seekInValue(seek, [title, client, entry, reason, content])
      if (excerpt !== undefined) yield { record, excerpt }
    }
  }
  return {
    name: 'questions',
    find: async (subject, { signal }) => {
      const found: FoundItem[] = []
      for await (const { record, excerpt } of naming(subject, signal)) {
        const { id, entry, createdAt: at } = record
        const kept = approvals.isUnfinished(record) ? { kept: 'open-question' as const } : {}
        found.push({ ref: id, where: `${id} · ${entry}`, at, excerpt, ...kept })
      }
      return found
    },
    load: ({ ref }) => approvals.show(ref) as unknown as Json,
    erase: async (subject) => {
      let count = 0
      for await (const { record } of naming(subject)) if (approvals.erase(record)) count += 1
      return count
    },
  }
}

/** Folders and hosts that answers were counted for. */
export const answerStore = (answers: AnswerStore): PersonalStore => ({
  name: 'answers',
  find: async ({ seek }) =>
    answers.places().flatMap((place) => {
      const excerpt = seek(place)
      return excerpt === undefined ? [] : { ref: place, where: place, excerpt }
    }),
  erase: async (_, found) => found.reduce((count, { ref }) => count + answers.forgetPlace(ref), 0),
})

/** Remembered answers are taken back, which only narrows; rules the person wrote are theirs to change. */
export const ruleStore = (permissions: Permissions): PersonalStore => ({
  name: 'rules',
  find: async ({ seek }) =>
    permissions.grants().flatMap(({ grant }) => {
      const { id, client, tool, path, conditions, createdAt: at } = grant
      const excerpt = seekInValue(seek, [client, tool, path, conditions])
      const kept = isRemembered(grant) ? {} : { kept: 'own-rule' as const }
      return excerpt === undefined ? [] : { ref: id, where: `${id} · ${tool}`, at, excerpt, ...kept }
    }),
  erase: async (_, found) => found.filter(({ ref }) => permissions.erase(ref as GrantId)).length,
})

const isRemembered = ({ effect, bound }: Grant) => effect === 'allow' && bound !== undefined

/** What ended tasks were asked and answered; those that run are named. */
export function taskStore(tasks: TaskDesk): PersonalStore {
  const naming = async function* ({ seek }: Subject, signal?: AbortSignal) {
    for await (const record of paged<TaskRecord>(tasks.page, signal)) {
      const excerpt = seekInValue(seek, [record.client, record.entry, record.content])
      if (excerpt !== undefined) yield { record, excerpt }
    }
  }
  return {
    name: 'tasks',
    find: async (subject, { signal }) => {
      const found: FoundItem[] = []
      for await (const { record, excerpt } of naming(subject, signal)) {
        const { id, entry, createdAt: at, phase } = record
        const kept = phase === 'over' ? {} : { kept: 'running-task' as const }
        found.push({ ref: id, where: `${id} · ${entry}`, at, excerpt, ...kept })
      }
      return found
    },
    load: ({ ref }) => tasks.find(ref)?.content as Json | undefined,
    erase: async (subject) => {
      let count = 0
      for await (const { record } of naming(subject)) if (tasks.blank(record, erasedAnswer)) count += 1
      return count
    },
  }
}

/** Files and hosts that sessions read from and sent to. */
export const flowStore = (flow: InformationFlow): PersonalStore => ({
  name: 'flow',
  find: async ({ seek }) =>
    flow.places().flatMap(({ session, at, place }) => {
      const excerpt = seek(place)
      return excerpt === undefined ? [] : { ref: session, where: session, at, excerpt }
    }),
  erase: async ({ seek }) => flow.forgetPlaces((place) => seek(place) !== undefined),
})

export interface IncidentPlaces {
  readonly incidents: {
    list(): readonly { readonly id: string; readonly server: string; readonly openedAt: FoundItem['at'] }[]
    rewrite(change: <T extends object>(incident: T) => T): number
  }
  readonly grades: { all(): readonly { readonly server: string }[]; forget(server: string): void }
}

/** What servers last said before something went wrong, and reports of how they speak. */
export const incidentStore = ({ incidents, grades }: IncidentPlaces): PersonalStore => ({
  name: 'incidents',
  find: async ({ seek }) => [
    ...incidents.list().flatMap((incident) => {
      const excerpt = seekInValue(seek, incident)
      const { id, server, openedAt: at } = incident
      return excerpt === undefined ? [] : { ref: id, where: `${id} · ${server}`, excerpt, ...(at ? { at } : {}) }
    }),
    ...grades.all().flatMap((report) => {
      const excerpt = seekInValue(seek, report)
      return excerpt === undefined ? [] : { ref: report.server, where: `grade · ${report.server}`, excerpt }
    }),
  ],
  erase: async ({ seek }, found) => {
    const names = (value: unknown) => seekInValue(seek, value) !== undefined
    const rewritten = incidents.rewrite((incident) =>
      names(incident) ? withoutPerson(seek, incident, erasedMark) : incident,
    )
    const reports = found.filter(({ where }) => where.startsWith('grade · '))
    for (const { ref } of reports) grades.forget(ref)
    return rewritten + reports.length
  },
})
