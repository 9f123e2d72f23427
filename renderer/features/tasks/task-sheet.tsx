import { Eye } from 'lucide-react'
import { useState } from 'react'
import type { ShownTask } from '../../../shared/contract/tasks.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { TaskState } from './task-state.tsx'

/** One task. What its app is answered stays encrypted until asked for. */
export function TaskSheet({ task, onClose }: { task: ShownTask; onClose: () => void }) {
  const { t, date } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [answer, setAnswer] = useState<string>()
  const show = () =>
    void run(async () => {
      const { message, result, error } = await api.tasks.show({ id: task.id })
      const told = error ?? result
      setAnswer(told === undefined ? (message ?? t('tasks.noAnswer')) : JSON.stringify(told, null, 2))
    })
  return (
    <Dialog placement="side" title={t('tasks.of', { tool: task.tool })} closeLabel={t('close')} onClose={onClose}>
      <div className="space-y-6">
        <Facts
          facts={[
            [t('column.app'), <ExactText key="client" text={task.client} />],
            [t('column.state'), <TaskState key="state" task={task} />],
            [t('column.started'), date(task.createdAt)],
            [t('tasks.updated'), date(task.updatedAt)],
            [t('tasks.kept'), date(task.expiresAt)],
          ]}
        />
        {answer === undefined ? (
          <div className="rounded-lg border border-line bg-sunken p-4">
            <p className="mb-3 text-sm text-muted">{t('audit.show.text')}</p>
            <Button disabled={busy} icon={<Eye aria-hidden="true" className="size-4" />} onClick={show}>
              {t('tasks.show')}
            </Button>
          </div>
        ) : (
          <div>
            <h3 className="mb-1.5 text-sm font-semibold">{t('tasks.answer')}</h3>
            <ExactBlock text={answer} label={t('tasks.answer')} />
          </div>
        )}
      </div>
    </Dialog>
  )
}
