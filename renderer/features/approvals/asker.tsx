import type { ReactNode } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

/** Who asks: the app's name as paired, the program the system saw, what started it, and the workspace. */
export function Asker({ question }: { question: Question }) {
  const { t } = useWords()
  const { program } = question
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      <Part name={t('question.client')}>
        <strong className="font-semibold">
          <ExactText text={question.client} />
        </strong>
      </Part>
      <Part name={t('question.program')}>
        {program ? <ProgramLine program={program} /> : t('question.program.unknown')}
      </Part>
      <Part name={t('question.workspace')}>
        <ExactText text={question.workspace} />
      </Part>
    </dl>
  )
}

export function ProgramLine({ program }: { program: NonNullable<Question['program']> }) {
  const { t } = useWords()
  return (
    <span>
      <span className="font-mono text-xs">
        <ExactText text={program.executable} />
      </span>{' '}
      <span className="text-muted">({t('question.process', { pid: String(program.pid) })})</span>
      {program.parents.length > 0 && (
        <span className="text-muted">
          {' '}
          {t('question.parents')} <ExactText text={program.parents.join(' ← ')} />
        </span>
      )}
    </span>
  )
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-wrap gap-x-2">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}
