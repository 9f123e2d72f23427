import { useMemo } from 'react'
import type { ConceptId, WriteId } from '../../../shared/domain/memory.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import type { Concept, Relation, Workspace } from './memory-types.ts'

/** What the person does to the memory. Each is done by main, and said with a way to take it back where there is one. */
export function useMemory(workspace: Workspace) {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  return useMemo(() => {
    const undo = (write: WriteId) => run(() => api.memory.undo({ workspace, write }), t('memory.undone'))
    const said = (text: string, write: WriteId | undefined) =>
      toast('ok', text, write === undefined ? undefined : { label: t('undo'), run: () => void undo(write) })
    /** The newest write that touched a concept. */
    const latest = async (id: ConceptId) =>
      (await api.memory.history({ workspace, of: { id }, limit: 1 })).writes[0]?.id
    return {
      busy,
      undo,
      forget: ({ id, name }: Concept) =>
        run(async () =>
          said(t('memory.forgotten', { name }), (await api.memory.forget({ workspace, of: [{ id }] })).write),
        ),
      update: ({ id, name }: Concept, changes: Omit<Parameters<typeof api.memory.update>[0], 'of' | 'workspace'>) =>
        run(async () => {
          await api.memory.update({ workspace, of: { id }, ...changes })
          said(t('memory.changed', { name: changes.name ?? name }), await latest(id))
        }),
      merge: (kept: Concept, gone: string) =>
        run(async () => {
          const { write } = await api.memory.merge({ workspace, kept: { id: kept.id }, gone: { name: gone } })
          said(t('memory.merged', { gone, kept: kept.name }), write)
        }),
      relate: (of: Concept, draft: Omit<Parameters<typeof api.memory.relate>[0], 'workspace'>) =>
        run(async () => {
          await api.memory.relate({ workspace, ...draft })
          said(t('memory.related'), await latest(of.id))
        }),
      forgetRelation: ({ from, to, type }: Relation) =>
        run(async () =>
          said(t('memory.relation.forgotten'), (await api.memory.forgetRelation({ workspace, from, to, type })).write),
        ),
      tidy: () =>
        run(async () => {
          const { merged, prunedConcepts, prunedRelations, write } = await api.memory.consolidate({ workspace })
          const places = { merged: merged.length, concepts: prunedConcepts, relations: prunedRelations }
          said(t('memory.tidied', places), write)
        }),
      erase: (what: Parameters<typeof api.memory.erase>[0]['what']) =>
        run(async () => {
          const { erased } = await api.memory.erase({ workspace, what })
          toast('ok', t('memory.erased', { count: erased }))
        }),
    }
  }, [api, busy, run, t, toast, workspace])
}
export type MemoryActions = ReturnType<typeof useMemory>
