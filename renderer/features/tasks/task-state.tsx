import type { ShownTask } from '../../../shared/contract/tasks.ts'
import { useWords } from '../../app/words.tsx'
import { Dot } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/ui.ts'

const tones: Readonly<Record<ShownTask['state'], Tone>> = {
  working: 'accent',
  input_required: 'warn',
  completed: 'ok',
  failed: 'danger',
  cancelled: 'plain',
}
const moving: readonly ShownTask['state'][] = ['working', 'input_required']
export const isOver = ({ state }: ShownTask) => !moving.includes(state)

export function TaskState({ task }: { task: ShownTask }) {
  const { t } = useWords()
  return (
    <Dot tone={tones[task.state]} busy={task.state === 'working'}>
      {t(`tasks.state.${task.state}`)}
    </Dot>
  )
}
