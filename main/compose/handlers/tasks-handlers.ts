import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { TaskDesk } from '../../gateway/tasks/task-desk.ts'
import { shownTask } from '../tasks.ts'
import type { Note } from './recorded.ts'

export function tasksHandlers(desk: TaskDesk, note: Note): GatehouseHandlers['tasks'] {
  const found = (id: string) => {
    const record = desk.find(id)
    if (!record) throw inputInvalid(`There is no task ${id}; it may be past its time. See: gatehouse tasks list`)
    return record
  }
  return {
    list: ({ limit }) => ({ tasks: desk.list(limit).map(shownTask) }),
    show: ({ id }) => {
      const record = found(id)
      const { statusMessage, result, error } = record.content
      return {
        task: shownTask(record),
        ...(statusMessage === undefined ? {} : { message: statusMessage }),
        ...(result === undefined ? {} : { result }),
        ...(error === undefined ? {} : { error }),
      }
    },
    cancel: ({ id }, caller) => {
      const record = found(id)
      if (record.phase === 'over') return { cancelled: false }
      desk.cancel(record)
      note(caller.description, 'task.cancel', `The task ${id} (${record.entry} for ${record.client}) was cancelled`)
      return { cancelled: true }
    },
  }
}
