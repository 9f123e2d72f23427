import { Plus } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { defaultWorkspace } from '../../../shared/domain/ids.ts'
import { conceptIdPattern } from '../../../shared/domain/memory.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { go } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AddConcept } from './add-concept.tsx'
import { ConceptSheet } from './concept-sheet.tsx'
import { MemoryList } from './memory-list.tsx'
import { MemoryOverview } from './memory-overview.tsx'
import type { Workspace } from './memory-types.ts'
import { MemoryUpkeep } from './memory-upkeep.tsx'
import { WriteList } from './write-list.tsx'

const GraphView = lazy(async () => ({ default: (await import('./graph/graph-view.tsx')).GraphView }))

/** The tabs an address can name, beside a concept. */
const places = ['graph', 'changes', 'upkeep'] as const

interface MemoryScreenProps {
  /** A concept's id, or a tab. */
  readonly selected: string | undefined
  /** The workspace it is in, when it is not the first. */
  readonly workspace: string | undefined
}

/** What AI apps remember: found, looked at with where it comes from, put right and taken out. */
export function MemoryScreen({ selected, workspace: named }: MemoryScreenProps) {
  const { t } = useWords()
  const [adding, setAdding] = useState(false)
  const { workspace, choice } = useWorkspace(named)
  const open = (id: string) => go('memory', id, ...(workspace === defaultWorkspace ? [] : [workspace]))
  const close = () => go('memory', ...(workspace === defaultWorkspace ? [] : ['list', workspace]))
  const stopAdding = () => {
    setAdding(false)
    if (selected === 'add') close()
  }
  const place = places.find((one) => one === selected)
  const shown = { workspace, onOpen: open }
  const graph = (
    <Suspense fallback={<Loading label={t('loading')} />}>
      <GraphView {...shown} />
    </Suspense>
  )
  return (
    <Page
      title={t('nav.memory')}
      lead={t('memory.lead')}
      actions={
        <>
          {choice}
          <Button look="primary" icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setAdding(true)}>
            {t('memory.add')}
          </Button>
        </>
      }
    >
      <MemoryOverview workspace={workspace} />
      <Tabs
        key={`${workspace} ${place}`}
        label={t('nav.memory')}
        initial={place ?? 'list'}
        tabs={[
          { id: 'list', label: t('memory.tab.list'), content: <MemoryList {...shown} /> },
          { id: 'graph', label: t('memory.tab.graph'), content: graph },
          { id: 'changes', label: t('memory.tab.changes'), content: <WriteList {...shown} /> },
          { id: 'upkeep', label: t('memory.tab.upkeep'), content: <MemoryUpkeep workspace={workspace} /> },
        ]}
      />
      {selected && conceptIdPattern.test(selected) && (
        <ConceptSheet key={selected} id={selected} workspace={workspace} onOpen={open} onClose={close} />
      )}
      {(adding || selected === 'add') && <AddConcept workspace={workspace} onAdded={open} onClose={stopAdding} />}
    </Page>
  )
}

/** Which workspace's memory is shown; there is nothing to choose while there is only one. */
function useWorkspace(named: string | undefined) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const { value } = useReading((api) => api.workspaces.list(), revision)
  const all = value?.workspaces ?? []
  const workspace = (named ?? defaultWorkspace) as Workspace
  const lookAt = useMirror((mirror) => mirror.lookAt)
  useEffect(() => lookAt(workspace), [lookAt, workspace])
  const choice = (all.length > 1 || named !== undefined) && (
    <Select
      aria-label={t('workspace.switch')}
      value={workspace}
      className="w-44"
      onChange={(event) => go('memory', 'list', event.target.value)}
    >
      {all.every(({ name }) => name !== workspace) && <option value={workspace}>{workspace}</option>}
      {all.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  )
  return { workspace, choice }
}
