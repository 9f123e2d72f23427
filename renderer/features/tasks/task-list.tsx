import { Hourglass } from 'lucide-react'
import { useState } from 'react'
import type { ShownTask } from '../../../shared/contract/tasks.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty } from '../../ui/notice.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { TaskSheet } from './task-sheet.tsx'
import { isOver, TaskState } from './task-state.tsx'

/** Calls that take long, which their apps follow as tasks: they outlive a restart and keep their answers for a day. */
export function TaskList() {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.tasks)
  const reading = useReading((api) => api.tasks.list({ limit: 100 }), revision)
  const [opened, setOpened] = useState<string>()
  const shown = reading.value?.tasks.find(({ id }) => id === opened)
  return (
    <Section title={t('tasks.title')} hint={t('tasks.hint')}>
      <ReadingView reading={reading}>{({ tasks }) => <Tasks tasks={tasks} onOpen={setOpened} />}</ReadingView>
      {shown && <TaskSheet key={shown.id} task={shown} onClose={() => setOpened(undefined)} />}
    </Section>
  )
}

function Tasks({ tasks, onOpen }: { tasks: readonly ShownTask[]; onOpen: (id: string) => void }) {
  const { t, when } = useWords()
  if (tasks.length === 0) {
    return (
      <Empty icon={<Hourglass />} title={t('tasks.none.title')}>
        {t('tasks.none.text')}
      </Empty>
    )
  }
  const columns: readonly Column<ShownTask>[] = [
    {
      id: 'tool',
      title: t('column.tool'),
      cell: (row) => (
        <button
          type="button"
          aria-label={t('tasks.open.label', { tool: row.tool, client: row.client })}
          onClick={() => onOpen(row.id)}
          className="text-left font-mono text-xs break-all hover:text-accent hover:underline hover:underline-offset-4"
        >
          <ExactText text={row.tool} />
        </button>
      ),
    },
    { id: 'client', title: t('column.app'), cell: (row) => <ExactText text={row.client} /> },
    { id: 'state', title: t('column.state'), cell: (row) => <TaskState task={row} /> },
    { id: 'started', title: t('column.started'), cell: (row) => when(row.createdAt), className: 'whitespace-nowrap' },
    {
      id: 'cancel',
      title: t('column.action'),
      cell: (row) => !isOver(row) && <CancelButton task={row} />,
      className: 'text-right',
    },
  ]
  return <Table label={t('tasks.title')} columns={columns} rows={tasks} rowKey={(row) => row.id} />
}

/** Ends the call; what its server already did stays done. */
export function CancelButton({ task }: { task: ShownTask }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  return (
    <Button
      size="small"
      disabled={busy}
      aria-label={t('tasks.cancel.label', { tool: task.tool, client: task.client })}
      onClick={() => void run(() => api.tasks.cancel({ id: task.id }), t('tasks.cancelled'))}
    >
      {t('cancel')}
    </Button>
  )
}
